"""Personal data of the observatory: who drew an area."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, Row, register
from essor.observatory.models import Area, OfficialLoad


def _areas(user_id: int) -> Iterable[Row]:
    rows = Area.objects.filter(created_by=user_id)
    return ({"zone": row.name, "le": row.created_at} for row in rows)


register(
    Retention(
        model="observatory.Area",
        fields=("created_by",),
        purpose=_("Savoir qui a dessiné une zone"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("Comme le compte ; la zone reste"),
        export=_areas,
    )
)


def _tables(user_id: int) -> Iterable[Row]:
    rows = OfficialLoad.objects.filter(by=user_id)
    return ({"tableau": row.get_kind_display(), "fichier": row.file_name, "le": row.given_at} for row in rows)


register(
    Retention(
        model="observatory.OfficialLoad",
        fields=("by", "file_name"),
        purpose=_("Savoir qui a chargé un tableau officiel"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("Comme le compte ; le tableau et sa source restent"),
        export=_tables,
    )
)
