"""Letters of a campaign: the invitation, the reminder. Each carries the respondent’s own address."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.kernel import outbox
from essor.kit.diagnosis.models import Campaign, Respondent


def answer_path(campaign: Campaign, respondent: Respondent) -> str:
    """Where a respondent answers: a member of the team signs in, an outsider has a token, "" once erased."""
    slug = campaign.authority.slug
    if respondent.user_id is not None:
        return reverse("authority-kit:diagnosis-respond", args=(slug, campaign.pk))
    if respondent.response is None:
        return ""
    return reverse("authority-kit:diagnosis-answer", args=(slug, respondent.response.token))


def address_of(respondent: Respondent) -> str:
    """The e-mail address of a respondent; "" for one who came by the shared link."""
    return respondent.user.email if respondent.user is not None else respondent.email


def invitation(campaign: Campaign, respondent: Respondent) -> None:
    """Ask them to answer."""
    _post("invitation", _("Votre avis sur la politique d’ESS : %s"), campaign, respondent)


def reminder(campaign: Campaign, respondent: Respondent) -> None:
    """Ask them again."""
    _post("reminder", _("Rappel : votre avis sur la politique d’ESS, %s"), campaign, respondent)


def _post(name: str, subject: str, campaign: Campaign, respondent: Respondent) -> None:
    context: dict[str, Any] = {
        "heading": campaign.title,
        "authority": campaign.authority.name,
        "closes_on": campaign.closes_on,
        "answer_url": f"{settings.PUBLIC_URL.rstrip('/')}{answer_path(campaign, respondent)}",
        "levers": len(campaign.levers),
    }
    outbox.post(
        address_of(respondent), subject % campaign.authority.name, f"kit/diagnosis/mail/{name}", context
    )
