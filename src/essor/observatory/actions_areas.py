"""What agents do with drawn areas: make, rename, redraw, publish, remove. The only writer of the table."""

import shapely
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from essor.accounts.models import Authority, User
from essor.kernel import audit
from essor.kernel.periods import today
from essor.observatory.models import Area

MOST_AREAS = 200  # of one authority

audit.register("observatory.area_made", gettext_lazy("{actor} a dessiné la zone « {name} »"))
audit.register(
    "observatory.area_renamed", gettext_lazy("{actor} a renommé la zone « {before} » en « {name} »")
)
audit.register("observatory.area_redrawn", gettext_lazy("{actor} a redessiné la zone « {name} »"))
audit.register(
    "observatory.area_published", gettext_lazy("{actor} a publié le portrait de la zone « {name} »")
)
audit.register(
    "observatory.area_withdrawn", gettext_lazy("{actor} a dépublié le portrait de la zone « {name} »")
)
audit.register("observatory.area_removed", gettext_lazy("{actor} a supprimé la zone « {name} »"))


def make(
    actor: User, authority: Authority, name: str, shape: BaseGeometry, source: str, *, is_public: bool = False
) -> Area:
    """Make an area of an authority. ValidationError: name taken or empty, too many areas."""
    with transaction.atomic():
        if Area.objects.filter(authority=authority).count() >= MOST_AREAS:
            raise ValidationError(
                _("Votre collectivité a déjà %(count)s zones : supprimez-en une d’abord.")
                % {"count": MOST_AREAS}
            )
        area = Area(
            authority=authority,
            name=name.strip(),
            is_public=is_public,
            created_by=actor,
            created_at=timezone.now(),
        )
        _draw(area, shape, source)
        _save(area)
        _log("observatory.area_made", actor, area)
        if is_public:
            _log("observatory.area_published", actor, area)
    return area


def change(
    actor: User,
    area: Area,
    *,
    name: str,
    is_public: bool,
    shape: BaseGeometry | None = None,
    source: str = "",
) -> Area:
    """Rename, publish or withdraw, and redraw when a shape is given; each change leaves its own sentence."""
    with transaction.atomic():
        row = Area.objects.select_for_update().select_related("authority").get(pk=area.pk)
        before, was_public = row.name, row.is_public
        row.name, row.is_public = name.strip(), is_public
        if shape is not None:
            _draw(row, shape, source)
        _save(row)
        if row.name != before:
            _log("observatory.area_renamed", actor, row, before=before)
        if shape is not None:
            _log("observatory.area_redrawn", actor, row)
        if row.is_public != was_public:
            code = "observatory.area_published" if row.is_public else "observatory.area_withdrawn"
            _log(code, actor, row)
    return row


def remove(actor: User, area: Area) -> None:
    """Delete an area; the log keeps its name."""
    with transaction.atomic():
        row = Area.objects.select_for_update().get(pk=area.pk)
        _log("observatory.area_removed", actor, row)
        row.delete()


def _draw(area: Area, shape: BaseGeometry, source: str) -> None:
    area.geometry = shapely.to_wkb(shape)
    area.west, area.south, area.east, area.north = (float(side) for side in shape.bounds)
    area.source, area.day = source[:200], today()


def _save(area: Area) -> None:
    if not area.name:
        raise ValidationError({"name": _("Donnez un nom à la zone.")})
    # A savepoint: the name may be taken between the check and the writing.
    try:
        area.full_clean(exclude=["sort_key"])
        with transaction.atomic():
            area.save()
    except IntegrityError as error:
        raise ValidationError({"name": _("Une zone de votre collectivité porte déjà ce nom.")}) from error


def _log(code: str, actor: User, area: Area, **data: str) -> None:
    audit.record(
        code,
        actor_id=actor.pk,
        subject=area,
        authority_id=area.authority_id,
        data={"name": area.name, **data},
    )
