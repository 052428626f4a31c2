"""Personal data of support: contacts are those of organisations; the answers of project holders name nobody."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, not_personal, register
from essor.kit.models import OrientationRequest

ORGANISATION = "coordonnées publiques d’un organisme, non d’une personne"
YEARS_KEPT = 3

not_personal("kit.supporter.email", ORGANISATION)
not_personal("kit.supporter.phone", ORGANISATION)


def erase_old_requests(day: date) -> int:
    """Erase the requests three years after they were made; gives how many."""
    try:
        before = day.replace(year=day.year - YEARS_KEPT)
    except ValueError:  # 29 February
        before = day.replace(year=day.year - YEARS_KEPT, day=28)
    return OrientationRequest.objects.filter(asked_on__lt=before).delete()[0]


register(
    Retention(
        model="kit.OrientationRequest",
        fields=("answers", "territory"),
        purpose=_("Orienter un projet, et savoir quels besoins n’ont pas de réponse sur le territoire"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("Trois ans ; ni nom, ni adresse, et l’intercommunalité au lieu de la commune"),
        apply=erase_old_requests,
    )
)
