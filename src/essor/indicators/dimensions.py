"""The standard dimensions that this room shows: goals, the register's families and sectors, services, authorities."""

from collections.abc import Sequence

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.accounts.models import Authority, Service
from essor.indicators.definition import AUTHORITY, Shared
from essor.kernel import goals
from essor.kernel.periods import today
from essor.registry.enums import Family
from essor.registry.filters import sector_choices

Values = Sequence[tuple[str, str]]


def _goals(_authority_id: int | None) -> Values:
    return [(str(goal), goals.title(goal)) for goal in goals.GOALS]


def _services(authority_id: int | None) -> Values:
    """The services of the authority; those that ended come last, and say so."""
    if authority_id is None:
        return []
    rows = list(Service.objects.filter(authority=authority_id))
    running = set(Service.objects.filter(authority=authority_id).on(today()).values_list("pk", flat=True))
    return [
        *((str(row.pk), row.name) for row in rows if row.pk in running),
        *(
            (str(row.pk), _t("%(name)s (terminé)") % {"name": row.name})
            for row in rows
            if row.pk not in running
        ),
    ]


def _authorities(_authority_id: int | None) -> Values:
    return [(str(pk), name) for pk, name in Authority.objects.values_list("pk", "name")]


# « collectivite » cuts figures of acts; nobody collects by it: an indicator to collect belongs to one authority.
DIMENSIONS = (
    Shared("famille", _("Famille"), lambda _authority_id: Family.choices()),
    Shared("secteur", _("Secteur"), lambda _authority_id: sector_choices()),
    Shared("service", _("Service"), _services),
    Shared("odd", _("ODD"), _goals, partition=False),
    Shared(AUTHORITY, _("Collectivité"), _authorities, partition=False),
)
