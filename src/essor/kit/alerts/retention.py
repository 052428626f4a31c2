"""Personal data of alerts on aids: an address and what interests it."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, Row, register
from essor.kit.alerts.actions import erase_old
from essor.kit.alerts.models import AidAlert


def _export(user_id: int) -> Iterable[Row]:
    rows = AidAlert.objects.filter(user_id=user_id).order_by("created_on", "pk")
    return (
        {
            "nom": row.name,
            "profil": row.query,
            "rythme": row.get_rhythm_display(),
            "état": row.get_state_display(),
            "gardée le": row.created_on,
            "dernier message": row.told_at,
        }
        for row in rows
    )


register(
    Retention(
        model="kit.AidAlert",
        fields=("user", "email", "name", "query", "token"),
        purpose=_("Prévenir de nouvelles aides publiques la personne qui le demande"),
        legal_basis=_("Consentement (RGPD, article 6.1.a)"),
        kept=_(
            "Compte : jusqu’à ce que la personne l’efface. Adresse seule : sept jours sans confirmation, deux ans sans "
            "renouvellement, et jusqu’à l’arrêt demandé"
        ),
        apply=erase_old,
        export=_export,
    )
)
