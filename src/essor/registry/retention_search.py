"""Personal data of the searches that people keep."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, Row, register
from essor.registry.models import SavedSearch


def _export(user_id: int) -> Iterable[Row]:
    rows = SavedSearch.objects.filter(user_id=user_id).order_by("created_at")
    return (
        {
            "nom": row.name,
            "recherche": row.query,
            "messages": row.get_alert_display(),
            "gardée le": row.created_at,
            "dernier message": row.told_at,
        }
        for row in rows
    )


register(
    Retention(
        model="registry.SavedSearch",
        fields=("user", "name", "query", "token"),
        purpose=_("Retrouver une recherche du registre, et prévenir la personne qui le demande"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("Jusqu’à ce que la personne l’efface, au plus tard avec son compte"),
        export=_export,
    )
)
