"""Versions of the perimeter: found, compared, written by an administrator, used from their first day."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from essor.kernel.models import AuditEntry
from essor.law.wording import french_date
from essor.registry import actions, perimeter_store
from essor.registry.enums import CategoryKind, Certainty, Family, Tag
from essor.registry.models import PerimeterVersion
from essor.registry.perimeter import Perimeter, PerimeterError, default_perimeter
from essor.registry.perimeter_edit import (
    CategoryChange,
    Difference,
    Draft,
    NewExclusion,
    differences,
    write,
)
from tests.factories import UserFactory
from tests.registry.test_views_list import text_of

pytestmark = pytest.mark.django_db
BASE = default_perimeter()
DRAFT = Draft(
    version="2027-01",
    valid_from=date(2027, 1, 1),
    valid_to=None,
    note="Avis de la chambre régionale",
    categories=(CategoryChange("5710", certainty="seen", source="Insee"),),
)


def test_writing_keeps_everything_that_is_not_said() -> None:
    new = write(BASE, DRAFT)

    assert new.categories["5710"] == replace(
        BASE.categories["5710"], certainty=Certainty.SEEN, source="Insee"
    )
    assert {code: each for code, each in new.categories.items() if code != "5710"} == {
        code: each for code, each in BASE.categories.items() if code != "5710"
    }
    assert new.exclusions == BASE.exclusions


def test_a_category_may_change_kind_family_and_tags() -> None:
    into = write(
        BASE,
        replace(
            DRAFT,
            categories=(CategoryChange("5710", kind="by_status", family="cooperative", tags=("scic",)),),
        ),
    )
    assert (into.categories["5710"].kind, into.categories["5710"].family, into.categories["5710"].tags) == (
        CategoryKind.BY_STATUS,
        Family.COOPERATIVE,
        (Tag.SCIC,),
    )
    out = write(BASE, replace(DRAFT, categories=(CategoryChange("9220", kind="cannot_be_ess"),)))
    assert out.categories["9220"].family is None


def test_activities_are_added_and_taken_back() -> None:
    new = write(
        BASE,
        replace(
            DRAFT,
            categories=(),
            removed_exclusions=("84",),
            new_exclusions=(NewExclusion("93.12Z", ("association",), "Clubs", "memory", "Essai"),),
        ),
    )

    assert {rule.prefix for rule in new.exclusions} == {rule.prefix for rule in BASE.exclusions} - {"84"} | {
        "93.12Z"
    }
    assert [(change.subject, change.before == "", change.after == "") for change in differences(BASE, new)][
        -2:
    ] == [
        ("Activité 84, Administration publique et sécurité sociale obligatoire", False, True),
        ("Activité 93.12Z, Clubs", True, False),
    ]


def test_a_faulty_version_says_all_its_faults() -> None:
    faulty = replace(
        DRAFT,
        valid_to=date(2026, 1, 1),
        categories=(CategoryChange("5710", kind="by_status"), CategoryChange("0001", label="Nouvelle")),
    )

    with pytest.raises(PerimeterError) as refused:
        write(BASE, faulty)

    assert len(refused.value.problems) >= 3


def test_differences_are_told_one_by_one() -> None:
    assert differences(BASE, BASE) == []
    told = differences(BASE, write(BASE, DRAFT))
    label = BASE.categories["5710"].label
    assert told[0] == Difference("Dates", "Début", french_date(BASE.valid_from), "1er janvier 2027")
    assert told[1:] == [
        Difference(
            f"Catégorie 5710, {label}",
            "Certitude",
            BASE.categories["5710"].certainty.label,
            Certainty.SEEN.label,
        ),
        Difference(f"Catégorie 5710, {label}", "Source", BASE.categories["5710"].source, "Insee"),
    ]


def test_a_written_version_takes_over_from_its_first_day() -> None:
    actions.write_perimeter(UserFactory(installation_admin=True), BASE.version, DRAFT)

    assert perimeter_store.in_force(date(2026, 12, 31)) == BASE
    assert perimeter_store.in_force(date(2027, 1, 1)).version == "2027-01"
    assert perimeter_store.get("2027-01") == write(BASE, DRAFT)
    assert perimeter_store.versions()[0].version == "2027-01"


def test_no_version_before_the_law() -> None:
    with pytest.raises(PerimeterError):
        perimeter_store.in_force(date(2010, 1, 1))
    with pytest.raises(PerimeterError):
        perimeter_store.get("inconnue")


def test_writing_leaves_one_entry_with_its_reason() -> None:
    admin = UserFactory(installation_admin=True)
    row = actions.write_perimeter(admin, BASE.version, DRAFT)

    entry = AuditEntry.objects.get(code="registry.perimeter.written")
    assert (entry.actor_id, entry.subject_id, entry.reason) == (admin.pk, str(row.pk), DRAFT.note)
    assert entry.data == {"version": "2027-01", "base": BASE.version, "changes": 3}


def test_only_administrators_write() -> None:
    with pytest.raises(PermissionDenied):
        actions.write_perimeter(UserFactory(editor=True), BASE.version, DRAFT)
    assert not PerimeterVersion.objects.exists()


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (replace(DRAFT, note="  "), "Dites pourquoi"),
        (replace(DRAFT, version=BASE.version), "porte déjà le nom"),
        (replace(DRAFT, categories=()), "rien ne change"),
        (replace(DRAFT, categories=(CategoryChange("0001", label="Nouvelle"),)), "0001"),
    ],
)
def test_a_version_that_cannot_stand_is_refused(draft: Draft, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.write_perimeter(UserFactory(installation_admin=True), BASE.version, draft)
    assert told in " ".join(refused.value.messages)
    assert not PerimeterVersion.objects.exists()


ROWS = {
    "version": "2027-01",
    "valid_from": "2027-01-01",
    "note": "Avis de la chambre régionale",
    "categories-TOTAL_FORMS": "1",
    "categories-INITIAL_FORMS": "0",
    "categories-0-code": "5710",
    "categories-0-certainty": "seen",
    "exclusions-TOTAL_FORMS": "0",
    "exclusions-INITIAL_FORMS": "0",
}
NEW = f"/installation/registre/perimetre/{BASE.version}/nouvelle-version/"


def test_the_differences_are_shown_before_anything_is_written(admin_client: Client) -> None:
    said = text_of(admin_client.post(NEW, {**ROWS, "verifier": "oui"}))

    assert "Catégorie 5710" in said
    assert "Lu dans une source publique" in said
    assert not PerimeterVersion.objects.exists()


def test_saving_writes_the_version(admin_client: Client) -> None:
    response = admin_client.post(NEW, {**ROWS, "enregistrer": "oui"})

    assert response["Location"] == "/installation/registre/perimetre/2027-01/"
    said = text_of(admin_client.get(response["Location"]))
    assert "Écrite ici" in said
    assert "Avis de la chambre régionale" in said


def test_one_may_go_back_from_the_differences_without_losing_anything(admin_client: Client) -> None:
    body = admin_client.post(NEW, {**ROWS, "modifier": "oui"}).content.decode()

    assert 'value="2027-01"' in body
    assert 'value="5710"' in body
    assert "Avis de la chambre régionale" in body


def test_empty_rows_count_for_nothing(admin_client: Client) -> None:
    empty = {f"exclusions-0-{name}": "" for name in ("prefix", "label", "certainty", "source")}
    rows = {
        **ROWS,
        **empty,
        "categories-TOTAL_FORMS": "2",
        "categories-1-code": "",
        "exclusions-TOTAL_FORMS": "1",
    }

    assert admin_client.post(NEW, {**rows, "enregistrer": "oui"}).status_code == 302


def test_rows_are_added_without_checking(admin_client: Client) -> None:
    body = admin_client.post(NEW, {**ROWS, "version": "", "plus": "categories"}).content.decode()

    assert 'name="categories-1-code"' in body
    assert "field__errors" not in body


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"categories-0-code": "57"}, "Quatre chiffres"),
        ({"categories-0-certainty": ""}, "Dites ce qui change dans la catégorie 5710"),
        ({"note": ""}, "obligatoire"),
        ({"version": BASE.version}, "porte déjà le nom"),
        ({"categories-0-kind": "by_status"}, "famille"),
        ({"valid_to": "2026-01-01"}, "après"),
    ],
)
def test_what_is_wrong_is_told_in_the_form(admin_client: Client, change: dict[str, str], told: str) -> None:
    response = admin_client.post(NEW, {**ROWS, **change, "enregistrer": "oui"})

    assert told in text_of(response)
    assert not PerimeterVersion.objects.exists()


def test_the_versions_and_the_categories_can_be_read(admin_client: Client) -> None:
    said = text_of(admin_client.get("/installation/registre/perimetre/"))
    assert f"{BASE.version} En vigueur Livrée avec Essor" in said

    found = text_of(admin_client.get(f"/installation/registre/perimetre/{BASE.version}/?q=cuma"))
    assert "6316" in found
    assert "9220" not in found
    assert admin_client.get("/installation/registre/perimetre/inconnue/").status_code == 404


def test_these_screens_are_for_administrators(client: Client, agent_client: Client) -> None:
    for path in ("/installation/registre/perimetre/", NEW, "/installation/registre/editions/"):
        assert client.get(path).status_code == 302
        assert agent_client.get(path).status_code == 403


def test_a_perimeter_of_the_package_is_never_changed() -> None:
    before = default_perimeter().fingerprint()
    write(default_perimeter(), DRAFT)
    assert Perimeter.from_dict(default_perimeter().to_dict()).fingerprint() == before
