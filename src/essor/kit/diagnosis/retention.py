"""Personal data of the self-diagnosis: who was invited, what they answered, who takes charge of a step."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from essor.kernel.questions.retention import months_before
from essor.kernel.questions.uses import Use, register_use
from essor.kernel.retention import Retention, Row, register
from essor.kit.diagnosis.models import AgreedValue, Respondent
from essor.kit.diagnosis.questionnaire import CODE

MISSION = _("Mission d’intérêt public (RGPD, article 6.1.e)")
MONTHS_OF_ANSWERS = 24
MONTHS_OF_INVITATIONS = 6
MONTHS_OF_NAMES = 72


def erase_invitations(day: date) -> int:
    """Erase the addresses of outsiders six months after the last day to answer; gives how many."""
    before = months_before(day, MONTHS_OF_INVITATIONS)
    old = Respondent.objects.filter(campaign__closes_on__lt=before).exclude(email="")
    return old.update(email="")


def export_invitations(user_id: int) -> Iterable[Row]:
    """The campaigns to which a person was asked to answer."""
    for row in Respondent.objects.filter(user_id=user_id).select_related("campaign"):
        yield {
            "autodiagnostic": row.campaign.title,
            "qualité": row.get_role_display(),
            "invité le": row.invited_on,
            "relancé le": row.reminded_on,
        }


def erase_who(day: date) -> int:
    """Erase who took charge of the steps, six years after the campaign opened; gives how many."""
    before = months_before(day, MONTHS_OF_NAMES)
    return AgreedValue.objects.filter(campaign__opened_on__lt=before).exclude(who="").update(who="")


register_use(
    Use(
        code=CODE,
        title=_("Autodiagnostic de la politique d’ESS"),
        purpose=_("Savoir ensemble où en est la collectivité sur chaque levier"),
        legal_basis=MISSION,
        months=MONTHS_OF_ANSWERS,
    )
)
register(
    Retention(
        model="kit.Respondent",
        fields=("user", "email"),
        purpose=_("Inviter à l’autodiagnostic et relancer les personnes qui n’ont pas fini"),
        legal_basis=MISSION,
        kept=_(
            "L’adresse des partenaires : six mois après le dernier jour pour répondre ; les réponses : deux ans"
        ),
        apply=erase_invitations,
        export=export_invitations,
    )
)
register(
    Retention(
        model="kit.AgreedValue",
        fields=("who",),
        purpose=_("Savoir qui se charge du prochain pas"),
        legal_basis=MISSION,
        kept=_("Six ans après l’ouverture de l’autodiagnostic"),
        apply=erase_who,
    )
)
