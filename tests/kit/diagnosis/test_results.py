"""Results, comparisons, medians that installations exchange, documents."""

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from essor.accounts.models import Authority
from essor.kernel.periods import today
from essor.kit.diagnosis import printing
from essor.kit.diagnosis.actions import share, unshare
from essor.kit.diagnosis.actions_agree import Agreement, agree
from essor.kit.diagnosis.cli import app
from essor.kit.diagnosis.enums import Role
from essor.kit.diagnosis.grid import grid
from essor.kit.diagnosis.models import OtherMedians
from essor.kit.diagnosis.others import FEWEST, compared, export, load, read
from essor.kit.diagnosis.results import previous_of, results
from essor.kit.front_matter import ContentError
from tests.diagnosis_factories import agreed_campaign, answered, campaign_of
from tests.factories import AuthorityFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 4)


@pytest.fixture
def authority() -> Authority:
    return AuthorityFactory(kind="departement", name="Département d’essai")


def seen(authority: Authority) -> Any:
    """Three elected members see an instance at 4, three agents at 2; two partners at 1."""
    campaign = campaign_of(authority)
    for role, stage, count in ((Role.ELECTED, "4", 3), (Role.AGENT, "2", 3), (Role.PARTNER, "1", 2)):
        for _number in range(count):
            answered(campaign, role, {"instance": stage, "achats": "inconnu"}, ambition="4")
    return campaign


def test_a_gap_is_told_in_a_sentence_and_two_partners_are_not(authority: Authority) -> None:
    found = results(seen(authority), "departement", today())
    row = found.rows["instance"]
    assert row.gap == "3 personnes élues disent 4, 3 agentes et agents disent 2"
    assert [view.role for view in row.together.roles] == [Role.ELECTED, Role.AGENT]
    assert (row.together.hidden, row.stage, row.ambition) == (2, 2, 4)
    assert [each.lever.code for each in found.to_discuss] == ["instance"]
    assert [priority.lever for priority, _row in found.priorities] == ["instance"]
    assert (found.rows["achats"].together.unknown, found.rows["achats"].stage) == (8, None)


def test_what_people_wrote_waits_for_a_third_answer(authority: Authority) -> None:
    campaign = campaign_of(authority)
    said = {
        "instance": "2",
        "instance_preuve": "Une réunion en mars.",
        "instance_pas": "2",
        "instance_autre": "Oser",
    }
    for wanted in ((), (), ("Une réunion en mars.",) * 3):
        answered(campaign, Role.AGENT, said)
        row = results(campaign, "departement", today()).rows["instance"]
        assert row.proofs == wanted
        assert bool(row.steps) == bool(wanted)
    assert dict(row.steps) == {grid().levers["instance"].step_from(2).do: 3, "Oser": 3}


def test_what_is_agreed_wins_over_the_median(authority: Authority) -> None:
    campaign = seen(authority)
    agree(UserFactory(), campaign, "instance", Agreement(3, 3))
    row = results(campaign, "departement", today()).rows["instance"]
    assert (row.stage, row.ambition, row.together.median) == (3, 3, Decimal(2))


def test_the_previous_campaign_says_what_moved(authority: Authority) -> None:
    agreed_campaign(authority, {"instance": 1, "portage": 3}, DAY - timedelta(days=700))
    before = agreed_campaign(authority, {"instance": 1, "portage": 4}, DAY)
    agreed_campaign(AuthorityFactory(), {"instance": 5}, DAY)
    campaign = seen(authority)
    found = results(campaign, "departement", today())
    assert found.previous == before == previous_of(campaign)
    assert (found.rows["instance"].previous, found.rows["instance"].moved) == (1, 1)
    assert found.rows["portage"].moved is None
    assert found.radar is not None
    assert found.radar.columns[1:] == ("Aujourd’hui", "Ambition à deux ans", "Autodiagnostic précédent")


def test_results_ask_the_same_questions_whatever_the_number_of_people(
    authority: Authority, django_assert_max_num_queries: Any
) -> None:
    campaign = seen(authority)
    with django_assert_max_num_queries(7):
        found = results(campaign, "departement", today())
        assert found.priorities
        assert found.radar is not None


# ── Others ──


def others(count: int, stage: int, *, sharing: bool = True) -> None:
    for _number in range(count):
        authority = AuthorityFactory()
        agreed_campaign(authority, {"instance": stage}, DAY)
        if sharing:
            share(UserFactory(), authority, DAY)


def test_fewer_than_five_others_tell_nothing(authority: Authority) -> None:
    others(FEWEST - 1, 3)
    others(3, 1, sharing=False)
    agreed_campaign(authority, {"instance": 5}, DAY)
    share(UserFactory(), authority, DAY)
    assert compared(authority.pk) is None
    others(1, 5)
    found = compared(authority.pk)
    assert found is not None
    assert found.medians == {"instance": (Decimal(3), FEWEST)}


def test_only_the_last_agreed_campaign_of_each_counts_and_consent_is_taken_back(authority: Authority) -> None:
    others(FEWEST - 1, 3)
    last = AuthorityFactory()
    agreed_campaign(last, {"instance": 1}, DAY - timedelta(days=400))
    agreed_campaign(last, {"instance": 5}, DAY)
    share(UserFactory(), last, DAY)
    assert export("ici", DAY)["medians"] == {"instance": {"median": "3", "authorities": FEWEST}}
    unshare(UserFactory(), last)
    assert export("ici", DAY)["medians"] == {}


def test_what_is_exported_is_imported_elsewhere_without_a_name(authority: Authority) -> None:
    others(FEWEST + 1, 4)
    told = json.dumps(export("https://ailleurs.example.org", DAY))
    assert not any(name in told for name in Authority.objects.values_list("name", flat=True))
    row = load(told, "ailleurs.json")
    load(told, "ailleurs.json")
    assert OtherMedians.objects.get() == row
    Authority.objects.exclude(pk=authority.pk).delete()
    found = compared(authority.pk)
    assert found is not None
    assert (found.origin, found.medians["instance"]) == (
        "https://ailleurs.example.org",
        (Decimal(4), FEWEST + 1),
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "autre"}, "pas un export de médianes"),
        ({"source": ""}, "champ « source »"),
        ({"made_on": "hier"}, "« hier » n’est pas une date"),
        ({"medians": []}, "une médiane par levier"),
        ({"medians": {"instance": {"median": "3", "authorities": 4}}}, "d’au moins 5 collectivités"),
        ({"medians": {"instance": {"median": "9", "authorities": 5}}}, "levier « instance »"),
        ({"medians": {"instance": {"median": "NaN", "authorities": 5}}}, "levier « instance »"),
        ({"medians": {"instance": 3}}, "levier « instance »"),
    ],
)
def test_a_hostile_file_of_medians_is_told(change: dict[str, Any], told: str) -> None:
    good = {
        "kind": "essor-diagnosis-medians", "format": 1, "source": "x", "made_on": "2026-01-02", "medians": {},
    }  # fmt: skip
    with pytest.raises(ContentError) as refusal:
        read(json.dumps(good | change), "recu.json")
    assert told in str(refusal.value).replace("\u00a0", " ")
    with pytest.raises(ContentError, match=r"recu\.json, ligne 1"):
        read("{", "recu.json")


def test_the_command_line_exports_and_imports(authority: Authority, tmp_path: Any) -> None:
    others(FEWEST, 2)
    file = tmp_path / "medianes.json"
    assert CliRunner().invoke(app, ["medians", "export", str(file), "--source", "Ici"]).exit_code == 0
    assert json.loads(file.read_text())["medians"]["instance"]["median"] == "2"
    assert CliRunner().invoke(app, ["medians", "import", str(file)]).exit_code == 0
    assert OtherMedians.objects.get().source == "Ici"
    file.write_text("{}")
    assert CliRunner().invoke(app, ["medians", "import", str(file)]).exit_code != 0


# ── Documents ──


def pages(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    assert str(reader.trailer["/Root"]["/MarkInfo"]["/Marked"]) == "True"  # type: ignore[index]
    told = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(told.replace("\u00a0", " ").split())


def test_the_report_tells_the_picture_the_gaps_and_the_plan(authority: Authority) -> None:
    agreed_campaign(authority, {"instance": 1, "portage": 3}, DAY)
    campaign = seen(authority)
    agree(
        UserFactory(), campaign, "instance",
        Agreement(2, 4, "Désaccord sur la suite donnée.", "Écrire qui siège", "Service ESS", date(2027, 2, 1)),
    )  # fmt: skip
    told = pages(printing.report_pdf(results(campaign, "departement", today())))
    for wanted in (
        "Où en sommes-nous ?", "8 personnes ont répondu", "L’image par axe", "Décider avec",
        "3 personnes élues disent 4, 3 agentes et agents disent 2", "Désaccord sur la suite donnée.",
        "Écrire qui siège", "Service ESS, 1er février 2027", "C2 · Coconstruire avec les acteurs",
        "Leviers laissés de côté", "1 (+1)",
    ):  # fmt: skip
        assert wanted in told, wanted


def test_an_empty_campaign_has_a_report_too(authority: Authority) -> None:
    told = pages(printing.report_pdf(results(campaign_of(authority), "departement", today())))
    assert "Aucun écart net entre les réponses." in told
    assert "Aucun levier n’est sous son ambition" in told


def test_the_blank_questionnaire_holds_the_levers_kept() -> None:
    told = pages(printing.blank_pdf(None, ["instance", "achats"], "Réunion du 3 mars"))
    assert "Réunion du 3 mars" in told
    assert all(stage.replace("\u00a0", " ")[:40] in told for stage in grid().levers["instance"].stages)
    assert "Portage par une élue ou un élu" not in told
