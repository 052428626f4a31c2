"""Opening, inviting, reminding, answering, agreeing: what is done, what is refused, what the audit log says."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from essor.accounts.models import Authority, User
from essor.kernel import audit, retention
from essor.kernel.models import AuditEntry, OutboxMessage
from essor.kernel.periods import today
from essor.kernel.questions import responses
from essor.kit.diagnosis import actions
from essor.kit.diagnosis.actions_agree import Agreement, agree, finish
from essor.kit.diagnosis.enums import Role
from essor.kit.diagnosis.grid import grid
from essor.kit.diagnosis.models import AgreedValue, Campaign, Respondent
from essor.kit.diagnosis.nightly import send_reminders
from essor.kit.diagnosis.queries import invitable
from tests.diagnosis_factories import LEVERS, agreed_campaign, answered, campaign_of
from tests.factories import AuthorityFactory, MandateFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority() -> Authority:
    return AuthorityFactory()


@pytest.fixture
def agent(authority: Authority) -> User:
    user: User = RoleGrantFactory(membership__authority=authority, role="agent").membership.user
    return user


def sentences(subject: Any) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=str(subject.pk), code__startswith="kit.diagnosis").order_by(
        "id"
    )
    return [line.sentence for line in audit.lines(rows)]


# ── Opening ──


def test_a_campaign_keeps_its_levers_in_the_order_of_the_grid_and_why_others_are_out(
    authority: Authority, agent: User
) -> None:
    asked = actions.Opening(
        "En 2026", today() + timedelta(days=9), ["instance", "portage"], {"habitat": "Traité ailleurs"}
    )
    made = actions.open_campaign(agent, authority, asked, today())
    assert made.levers == ["portage", "instance"]
    assert len(made.left_out) == len(grid().levers) - 2
    assert made.left_out["habitat"] == "Traité ailleurs"
    asked_there = {
        question.code for question in made.form_version.form().questions() if question.kind == "scale"
    }
    assert asked_there == {"portage", "instance"}
    assert sentences(made) == [f"{agent.full_name} a ouvert l’autodiagnostic « En 2026 »"]


def test_all_the_levers_use_the_form_of_essor(authority: Authority, agent: User) -> None:
    made = campaign_of(authority, agent, levers=list(grid().levers))
    assert made.form_version.owner_id is None
    assert made.left_out == {}


@pytest.mark.parametrize(
    ("levers", "days", "told"),
    [([], 3, "au moins un levier"), (["rien"], 3, "au moins un levier"), (LEVERS, -1, "jour à venir")],
)
def test_what_cannot_be_opened(
    authority: Authority, agent: User, levers: list[str], days: int, told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        actions.open_campaign(
            agent, authority, actions.Opening("x", today() + timedelta(days=days), levers), today()
        )
    assert not Campaign.objects.exists()


def test_one_campaign_at_a_time(authority: Authority, agent: User) -> None:
    campaign_of(authority, agent)
    with pytest.raises(ValidationError, match="déjà en cours"):
        campaign_of(authority, agent)


# ── Inviting, reminding ──


def test_the_team_is_agents_and_elected_members_and_a_mandate_wins(authority: Authority, agent: User) -> None:
    campaign = campaign_of(authority, agent)
    elected = MandateFactory(membership__authority=authority).membership
    RoleGrantFactory(membership=elected, role="agent")
    RoleGrantFactory(membership__authority=authority, role="expert")
    RoleGrantFactory(role="agent")
    assert dict(invitable(campaign, today())) == {agent: Role.AGENT, elected.user: Role.ELECTED}


def test_each_is_invited_once_with_their_own_address(authority: Authority, agent: User) -> None:
    campaign = campaign_of(authority, agent)
    who = actions.Invited(
        [(agent, Role.AGENT)], [("a@example.org", Role.PARTNER), ("A@example.org", Role.PARTNER)]
    )
    assert actions.invite(agent, campaign, who, today()) == 2
    assert actions.invite(agent, campaign, who, today()) == 0
    letters = OutboxMessage.objects.order_by("pk")
    assert [letter.to for letter in letters] == [agent.email, "a@example.org"]
    outsider = Respondent.objects.get(user=None).response
    assert outsider is not None
    assert f"/autodiagnostic/{campaign.pk}/repondre/" in letters[0].text
    assert f"/autodiagnostic/reponse/{outsider.token}/" in letters[1].text
    assert [letter.text.count("/reponse/") for letter in letters] == [0, 1]
    assert sentences(campaign)[1:] == [
        f"{agent.full_name} a invité à répondre à « Où en sommes-nous ? » (invitations : 2)"
    ]


def test_a_reminder_goes_to_those_who_have_not_finished_and_not_twice(
    authority: Authority, agent: User
) -> None:
    start = today()
    campaign = campaign_of(authority, agent, day=start)
    outsiders = [(f"{name}@example.org", Role.PARTNER) for name in "abc"]
    actions.invite(agent, campaign, actions.Invited(outsiders=outsiders), start)
    done = Respondent.objects.get(email="b@example.org").response
    assert done is not None
    responses.submit(done, done.revision)
    answered(campaign, Role.PARTNER, {"portage": "2"}, day=start)  # by the link: no address
    OutboxMessage.objects.all().delete()
    assert actions.remind(campaign, start + timedelta(days=1)) == 0
    assert actions.remind(campaign, start + timedelta(days=3), agent) == 2
    assert actions.remind(campaign, start + timedelta(days=4)) == 0
    assert {letter.to for letter in OutboxMessage.objects.all()} == {"a@example.org", "c@example.org"}


def test_reminders_leave_by_themselves_a_week_before_the_end(authority: Authority, agent: User) -> None:
    now = timezone.now()
    campaign = campaign_of(authority, agent, day=today() - timedelta(days=23))
    assert campaign.closes_on == today() + timedelta(days=7)
    actions.invite(
        agent,
        campaign,
        actions.Invited(outsiders=[("a@example.org", "partner")]),
        today() - timedelta(days=20),
    )
    assert (send_reminders(now), send_reminders(now)) == (1, 0)


def test_nobody_joins_once_it_is_closed(authority: Authority, agent: User) -> None:
    campaign = campaign_of(authority, agent)
    late = campaign.closes_on + timedelta(days=1)
    for act in (
        lambda: actions.join_by_link(campaign, Role.PARTNER, late),
        lambda: actions.invite(agent, campaign, actions.Invited(), late),
        lambda: actions.remind(campaign, late),
    ):
        with pytest.raises(ValidationError, match="dernier jour"):
            act()
    with pytest.raises(ValidationError, match="qualité"):
        actions.join_by_link(campaign, "roi", today())


def test_the_same_member_is_one_respondent(authority: Authority, agent: User) -> None:
    campaign = campaign_of(authority, agent)
    first = actions.join_member(campaign, agent, Role.AGENT, today())
    assert actions.join_member(campaign, agent, Role.AGENT, today()) == first


# ── Agreeing ──


def test_a_value_is_agreed_then_changed_by_who_has_seen_it(authority: Authority, agent: User) -> None:
    campaign = campaign_of(authority, agent)
    first = agree(
        agent, campaign, "instance", Agreement(2, 4, "On dit 2.", "Écrire qui siège", "Service ESS")
    )
    assert (first.stage, first.ambition, first.revision) == (2, 4, 1)
    with pytest.raises(ValidationError, match="vient d’inscrire"):
        agree(agent, campaign, "instance", Agreement(5, revision=0))
    assert agree(agent, campaign, "instance", Agreement(3, revision=1)).revision == 2
    assert AgreedValue.objects.get().stage == 3
    assert (
        sentences(campaign)[-1]
        == f"{agent.full_name} a inscrit le stade 3 convenu pour « Instance avec les acteurs »"
    )


@pytest.mark.parametrize("said", [Agreement(0), Agreement(6), Agreement(3, 7)])
def test_a_stage_goes_from_one_to_five(authority: Authority, agent: User, said: Agreement) -> None:
    with pytest.raises(ValidationError):
        agree(agent, campaign_of(authority, agent), "instance", said)
    assert not AgreedValue.objects.exists()


def test_a_lever_left_out_has_no_value(authority: Authority, agent: User) -> None:
    with pytest.raises(ValidationError, match="ne fait pas partie"):
        agree(agent, campaign_of(authority, agent), "habitat", Agreement(3))


def test_what_is_agreed_is_final(authority: Authority, agent: User) -> None:
    campaign = campaign_of(authority, agent)
    with pytest.raises(ValidationError, match="Aucune valeur"):
        finish(agent, campaign, today())
    agree(agent, campaign, "instance", Agreement(3))
    finish(agent, campaign, today())
    for act in (
        lambda: agree(agent, campaign, "instance", Agreement(4, revision=1)),
        lambda: finish(agent, campaign, today()),
        lambda: actions.correct_campaign(agent, campaign, "x", today()),
        lambda: actions.join_by_link(campaign, Role.PARTNER, today()),
    ):
        with pytest.raises(ValidationError, match="arrêté"):
            act()


# ── Personal data ──


def test_addresses_leave_after_six_months_and_names_after_six_years(
    authority: Authority, agent: User
) -> None:
    campaign = campaign_of(authority, agent, day=date(2020, 1, 10))
    actions.invite(
        agent, campaign, actions.Invited(outsiders=[("a@example.org", "partner")]), date(2020, 1, 10)
    )
    agree(agent, campaign, "instance", Agreement(3, who="Marie"))
    names = ("kit.respondent", "kit.agreedvalue")
    kept = {name: each.apply for name, each in retention.declared().items() if name in names}
    assert (kept["kit.respondent"](date(2020, 7, 1)), kept["kit.agreedvalue"](date(2025, 12, 1))) == (0, 0)  # type: ignore[misc]
    assert (kept["kit.respondent"](date(2020, 9, 1)), kept["kit.agreedvalue"](date(2026, 2, 1))) == (1, 1)  # type: ignore[misc]
    assert (Respondent.objects.get().email, AgreedValue.objects.get().who) == ("", "")


def test_a_person_is_told_what_they_were_asked(authority: Authority, agent: User) -> None:
    campaign = campaign_of(authority, agent)
    actions.join_member(campaign, agent, Role.AGENT, today())
    export = retention.export_for(agent.pk)
    assert [row["autodiagnostic"] for row in export["kit.respondent"]] == ["Où en sommes-nous ?"]


def test_answers_erased_leave_the_values_agreed(authority: Authority, agent: User) -> None:
    campaign = agreed_campaign(authority, {"instance": 3}, today())
    assert campaign.values.count() == 1
    other = campaign_of(AuthorityFactory(), agent)
    respondent = answered(other, Role.PARTNER, {"portage": "2"})
    assert respondent.response is not None
    responses.erase([respondent.response])
    respondent.refresh_from_db()
    assert (respondent.response, respondent.has_finished) == (None, False)
