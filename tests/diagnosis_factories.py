"""Made-up campaigns of self-diagnosis, by the real actions."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from essor.accounts.models import Authority, User
from essor.kernel.periods import today
from essor.kernel.questions import responses
from essor.kit.diagnosis.actions import Opening, join_by_link, open_campaign
from essor.kit.diagnosis.actions_agree import Agreement, agree, finish
from essor.kit.diagnosis.models import Campaign, Respondent
from essor.kit.diagnosis.questionnaire import AMBITION
from tests.factories import UserFactory

LEVERS = ("portage", "pilotage", "observation", "achats", "alimentation", "instance")


def campaign_of(
    authority: Authority,
    actor: User | None = None,
    *,
    levers: Sequence[str] = LEVERS,
    day: date | None = None,
) -> Campaign:
    """A campaign open for a month."""
    opened = day or today()
    asked = Opening("Où en sommes-nous ?", opened + timedelta(days=30), levers)
    return open_campaign(actor or UserFactory(), authority, asked, opened)


def answered(
    campaign: Campaign, role: str, stages: Mapping[str, str], ambition: str = "", day: date | None = None
) -> Respondent:
    """Someone who came by the link and said these stages by lever (« inconnu » when they do not know)."""
    respondent = join_by_link(campaign, role, day or today())
    assert respondent.response is not None
    values = dict(stages)
    if ambition:
        values |= {f"{lever}_{AMBITION}": ambition for lever in stages}
    responses.save(respondent.response, "porter", values, respondent.response.revision)
    return respondent


def agreed_campaign(authority: Authority, stages: Mapping[str, int], day: date) -> Campaign:
    """A campaign agreed that day, with these stages."""
    actor = UserFactory()
    campaign = campaign_of(authority, actor, levers=list(stages), day=day)
    for lever, stage in stages.items():
        agree(actor, campaign, lever, Agreement(stage))
    finish(actor, campaign, day)
    campaign.refresh_from_db()
    return campaign
