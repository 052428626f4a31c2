"""Orientation: the ranking and its reasons, the path kept without a name, its sharing, the needs unanswered."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from essor.accounts.models import Membership
from essor.kernel import retention
from essor.kernel.models import OutboxMessage
from essor.kit.enums_support import Axis, Profile, Role, Stage, Theme
from essor.kit.models import OrientationRequest
from essor.kit.rules_orientation import ROAD, Answers, Candidate, Step, eligible, path
from essor.kit.support_retention import erase_old_requests
from essor.territories.enums import Kind
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.kit_factories import OrientationRequestFactory, SupporterFactory

TOKEN = "a" * 22


def candidate(pk: int, roles: str, stages: str, **more: Any) -> Candidate:
    return Candidate(
        pk, more.pop("name", f"n{pk}"), frozenset(roles.split()), frozenset(stages.split()), **more
    )


def test_the_theme_then_the_profile_then_the_place_decide() -> None:
    answers = Answers(Stage.LAUNCH, (Role.FINANCE,), Profile.ASSOCIATION, Theme.FOOD)
    for_all = candidate(1, "finance", "launch")
    near = candidate(2, "finance", "launch", nearness=1)
    for_us = candidate(3, "finance", "launch", profiles=frozenset({Profile.ASSOCIATION}))
    on_theme = candidate(4, "finance", "launch", themes=frozenset({Theme.FOOD}))
    order = [on_theme, for_us, near, for_all]
    for rank, best in enumerate(order):
        assert path(answers, order[rank:]).steps[0].supporter == best.pk
    assert path(answers, [on_theme]).steps == (Step(Stage.LAUNCH, (Role.FINANCE,), 4, ("theme",)),)


def test_whom_a_supporter_does_not_serve_is_not_sent_to_it() -> None:
    answers = Answers(Stage.GROWTH, (Role.ADVISE,), Profile.ASSOCIATION)
    assert not eligible(candidate(1, "advise", "growth", employers_only=True), answers, Stage.GROWTH)
    assert not eligible(candidate(1, "advise", "growth", themes=frozenset({"food"})), answers, Stage.GROWTH)
    assert not eligible(
        candidate(1, "advise", "growth", profiles=frozenset({"youth"})), answers, Stage.GROWTH
    )
    assert path(answers, [candidate(1, "advise", "launch")]).unmet == (Role.ADVISE,)


def test_one_supporter_for_two_needs_is_one_step_and_the_road_goes_on() -> None:
    answers = Answers(Stage.LAUNCH, (Role.INCUBATE, Role.HOUSE), Profile.YOUTH)
    known = [
        candidate(1, "incubate house", "launch"),
        candidate(2, "advise", "growth"),
        candidate(3, "finance", "scale"),
    ]
    assert [(step.stage, step.needs, step.supporter) for step in path(answers, known).steps] == [
        (Stage.LAUNCH, (Role.INCUBATE, Role.HOUSE), 1),
        (Stage.GROWTH, (Role.ADVISE,), 2),
        (Stage.SCALE, (Role.FINANCE,), 3),
    ]


sets = lambda choices, least=0: st.frozensets(st.sampled_from(choices.values), min_size=least, max_size=3)  # noqa: E731


@given(
    st.builds(
        Answers,
        stage=st.sampled_from(Stage.values),
        needs=st.lists(st.sampled_from(Role.values), min_size=1, unique=True).map(tuple),
        profile=st.sampled_from(Profile.values),
        theme=st.sampled_from(["", *Theme.values]),
        employs=st.booleans(),
    ),
    st.lists(
        st.builds(
            Candidate,
            pk=st.integers(1, 50),
            name=st.sampled_from("abc"),
            roles=sets(Role, 1),
            stages=sets(Stage, 1),
            profiles=sets(Profile),
            themes=sets(Theme),
            employers_only=st.booleans(),
            nearness=st.integers(0, 4),
        ),
        max_size=12,
        unique_by=lambda each: each.pk,
    ),
    st.randoms(),
)
def test_each_need_is_answered_or_told_missing_whatever_the_order(
    answers: Answers, known: list[Candidate], chance: Any
) -> None:
    found = path(answers, known)
    by_pk = {each.pk: each for each in known}
    answered = {need for step in found.steps if step.stage == answers.stage for need in step.needs}
    assert answered | set(found.unmet) == set(answers.needs)
    assert not answered & set(found.unmet)
    for step in found.steps:
        assert eligible(by_pk[step.supporter], answers, step.stage)
        assert set(step.needs) <= by_pk[step.supporter].roles
    later = [step.stage for step in found.steps if step.stage != answers.stage]
    assert later == [stage for stage in ROAD if stage in later]
    mixed = list(known)
    chance.shuffle(mixed)
    assert path(answers, mixed) == found


@pytest.fixture
def commune(db: None) -> Territory:
    departement = TerritoryFactory(kind=Kind.DEPARTEMENT, code="30", name="Gard")
    epci = TerritoryFactory(kind=Kind.EPCI, code="200066918", name="Alès Agglomération", epci_type="CA")
    return TerritoryFactory(name="Alès", code="30007", departement=departement, epci=epci)


@pytest.fixture
def agent(commune: Territory) -> Membership:
    return MembershipFactory(
        authority=AuthorityFactory(slug="gard", territory=commune.departement), agent=True
    )


def said(**more: Any) -> dict[str, Any]:
    return {
        "stage": "launch", "needs": ["finance", "house"], "profile": "association", "theme": "food", "employs": "non",
        "place": "Alès", "token": TOKEN,
    } | more  # fmt: skip


def test_a_path_is_kept_without_the_commune_and_read_by_its_address(
    client: Client, agent: Membership
) -> None:
    SupporterFactory(name="Club solidaire", territory=agent.authority.territory, documents="Statuts\nBudget")
    answer = client.post("/gard/kit/orientation/", said())
    assert answer["Location"] == f"/gard/kit/orientation/{TOKEN}/"
    kept = OrientationRequest.objects.get()
    assert (kept.territory and kept.territory.name, kept.unmet) == ("Alès Agglomération", ["house"])
    assert set(kept.answers) == {"stage", "needs", "profile", "theme", "employs"}
    page = client.get(answer["Location"])
    assert [step["supporter"].name for step in page.context["steps"]] == ["Club solidaire"]
    assert page.context["steps"][0]["reasons"] == ["agit près de vous : Gard", "ouvert à tous les projets"]
    assert page.context["steps"][0]["documents"] == ["Statuts", "Budget"]
    assert page.context["unmet"] == ["Héberger"]
    assert client.get(f"/kit/orientation/{TOKEN}/").status_code == 404


def test_a_form_sent_twice_is_one_request(client: Client, agent: Membership) -> None:
    for _ in range(2):
        assert client.post("/gard/kit/orientation/", said()).status_code == 302
    assert OrientationRequest.objects.count() == 1


def test_an_answer_that_is_missing_is_told(client: Client, commune: Territory) -> None:
    page = client.post("/kit/orientation/", {"token": TOKEN, "place": "Atlantide", "needs": ["moon"]})
    assert set(page.context["form"].errors) == {"stage", "needs", "profile", "theme", "employs", "place"}
    assert OrientationRequest.objects.count() == 0


def test_a_path_is_printed_and_sent_to_oneself(client: Client, agent: Membership) -> None:
    SupporterFactory(name="Club solidaire")
    client.post("/gard/kit/orientation/", said())
    pdf = client.get(f"/gard/kit/orientation/{TOKEN}/pdf/")
    assert pdf.content.startswith(b"%PDF")
    assert client.post(f"/gard/kit/orientation/{TOKEN}/envoyer/", {"email": "x"}).context["send_form"].errors
    sent = client.post(f"/gard/kit/orientation/{TOKEN}/envoyer/", {"email": "moi@example.org"})
    assert sent.status_code == 302
    message = OutboxMessage.objects.get()
    assert "1. Club solidaire (Lancement)" in message.text
    assert f"/gard/kit/orientation/{TOKEN}/" in message.text


def test_the_agent_sees_what_was_asked_and_what_was_missing(client: Client, agent: Membership) -> None:
    client.post("/gard/kit/orientation/", said())
    client.post("/kit/orientation/", said(token="b" * 22))
    client.force_login(agent.user)
    page = client.get("/gard/kit/orientation/demandes/")
    assert page.context["count"] == 2
    assert [(row["need"], row["place"], row["count"]) for row in page.context["unmet"]] == [
        ("Financer", "Alès Agglomération", 2),
        ("Héberger", "Alès Agglomération", 2),
    ]
    table = b"".join(client.get("/gard/kit/orientation/demandes/csv/").streaming_content).decode()
    assert len(table.strip().splitlines()) == 3
    assert "Alès Agglomération" in table


def test_requests_are_erased_after_three_years(db: None) -> None:
    for number, day in enumerate((date(2023, 2, 27), date(2023, 3, 1))):
        OrientationRequestFactory(token=f"t{number}", answers={}, asked_on=day)
    assert erase_old_requests(date(2026, 3, 1)) == 1
    assert erase_old_requests(date(2024, 2, 29)) == 0
    assert "kit.orientationrequest" in retention.declared()


def test_a_path_asks_few_questions_however_long_the_directory(
    client: Client, agent: Membership, django_assert_max_num_queries: Any
) -> None:
    for stage in ROAD:
        SupporterFactory.create_batch(4, marks={Axis.ROLE: Role.values, Axis.STAGE: [stage]})
    client.post("/gard/kit/orientation/", said(stage="idea"))
    with django_assert_max_num_queries(10):
        page = client.get(f"/gard/kit/orientation/{TOKEN}/")
    assert [step["stage"] for step in page.context["steps"]] == [
        "Idée", "Émergence", "Lancement", "Croissance", "Changement d’échelle",
    ]  # fmt: skip
