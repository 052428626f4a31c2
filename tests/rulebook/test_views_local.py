"""The administration's screens: find the parameter, type the value in its way, see what changes, withdraw."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from essor.kernel.periods import today
from essor.law import parameters as law
from essor.rulebook import typed
from essor.rulebook.models import LocalLegalValue
from tests.factories import UserFactory
from tests.registry.test_views_list import text_of
from tests.rulebook_factories import THRESHOLD, LocalValueFactory

pytestmark = pytest.mark.django_db
LIST, NEW, PARAMETER = (
    reverse(f"rulebook-admin:{name}") for name in ("local-values", "local-value-new", "local-parameter-new")
)
SAID = {
    "value": "50 000 €",
    "start": "2026-09-01",
    "reference": "Délibération n° 12",
    "certainty": "seen",
    "note": "",
    "href": "",
    "reason": "Seuil interne plus prudent",
}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(installation_admin=True, full_name="Ada Admin"))
    return client


def post(client: Client, address: str, **changes: Any) -> Any:
    return client.post(address, SAID | changes)


def test_the_parameter_is_found_by_search(admin: Client) -> None:
    page = admin.get(LIST, {"q": "convention écrite"}).content.decode()
    assert f'href="{NEW}?parametre=grants.convention_threshold"' in page
    assert "Aucun paramètre ne répond" in text_of(admin.get(LIST, {"q": "zzz"}))
    assert "Aucune valeur locale" in text_of(admin.get(LIST))


def test_from_the_form_to_the_law(admin: Client) -> None:
    address = f"{NEW}?parametre={THRESHOLD}"
    assert 'value="60\u202f000"' in admin.get(address).content.decode()
    review = text_of(post(admin, address, verifier="oui"))
    assert "À partir du 1er septembre 2026 : 50 000 €" in review
    assert "Dès aujourd’hui, cette installation lira 50 000 € au lieu de 60 000 €." in review
    assert "Commande publique : procédure, publicité et obligations" in review
    assert not LocalLegalValue.objects.exists()

    assert post(admin, address, enregistrer="oui").status_code == 302
    row = LocalLegalValue.objects.get()
    assert (typed.restored(row.value), row.reason) == (Decimal(50000), "Seuil interne plus prudent")
    listed = text_of(admin.get(LIST))
    assert "Ajoutée par Ada Admin" in listed
    assert "Seuil interne plus prudent" in listed


def test_modifying_again_keeps_what_was_typed(admin: Client) -> None:
    page = post(admin, f"{NEW}?parametre={THRESHOLD}", modifier="oui").content.decode()
    assert 'value="50 000 €"' in page
    assert "Délibération n° 12" in page


@pytest.mark.parametrize(
    ("parameter", "value", "found"),
    [
        ("cooperatives.scic.public_capital_cap", "33,5 %", Decimal("0.335")),
        ("srdeii", "non", False),
        ("procurement.spaser.scope", ["local_authority", "state"], ["local_authority", "state"]),
        ("procurement.reserved.ess.cpv", "75121000\n80110000", ["75121000", "80110000"]),
        ("esus.assimilated.fund_esus", "3/4", [Decimal(3), Decimal(4)]),
        ("cpo.max_years", "3 ans", Decimal(3)),
    ],
)
def test_each_unit_is_typed_in_its_way(parameter: str, value: Any, found: Any, admin: Client) -> None:
    address = f"{NEW}?parametre={parameter}"
    assert admin.get(address).status_code == 200
    assert "Mettre en vigueur ici" in text_of(post(admin, address, value=value, verifier="oui"))
    post(admin, address, value=value, enregistrer="oui")
    assert typed.restored(LocalLegalValue.objects.get().value) == found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "beaucoup"}, "« beaucoup » ne se lit pas comme un nombre"),
        ({"value": ""}, "obligatoire"),
        ({"start": "1850-01-01"}, "Choisissez un jour entre 1980 et 2100"),
        ({"reference": ""}, "obligatoire"),
        ({"reason": " "}, "obligatoire"),
        ({"certainty": "sur"}, "sur"),
        ({"href": "javascript:alert(1)"}, "URL"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, str], said: str, admin: Client) -> None:
    page = text_of(post(admin, f"{NEW}?parametre={THRESHOLD}", enregistrer="oui", **changes))
    assert "Il reste quelque chose à corriger" in page
    assert said in page
    assert not LocalLegalValue.objects.exists()


def test_an_end_needs_no_value(admin: Client) -> None:
    address = f"{NEW}?parametre={THRESHOLD}"
    assert "la valeur prend fin" in text_of(post(admin, address, value="", ends="on", verifier="oui"))
    post(admin, address, value="", ends="on", enregistrer="oui")
    assert LocalLegalValue.objects.get().value is None
    assert "prend fin" in text_of(admin.get(LIST))


def test_a_taken_day_is_refused_at_the_review_and_at_the_act(admin: Client) -> None:
    LocalValueFactory()
    for button in ("verifier", "enregistrer"):
        page = text_of(post(admin, f"{NEW}?parametre={THRESHOLD}", **{button: "oui"}))
        assert "commence déjà ce jour-là" in page


def test_a_new_parameter(admin: Client) -> None:
    assert admin.get(PARAMETER).status_code == 200
    said = {
        "nouveau": "local.aide_loyer.plafond",
        "description": "Plafond de l’aide au loyer",
        "unite": "currency-EUR",
    }
    asked = admin.get(PARAMETER, said)
    assert asked.status_code == 302
    review = text_of(post(admin, asked["Location"], value="1 200", verifier="oui"))
    assert "cette installation lira 1 200 € au lieu de —" in review
    post(admin, asked["Location"], value="1 200", enregistrer="oui")
    page = text_of(admin.get("/droit/valeurs/local.aide_loyer.plafond/"))
    assert "Plafond de l’aide au loyer" in page
    assert "cette installation l’a ajouté" in page
    assert "Plafond de l’aide au loyer" in text_of(admin.get("/droit/?q=loyer"))
    again = text_of(admin.get(PARAMETER, said))
    assert "Ce paramètre existe déjà" in again


@pytest.mark.parametrize(
    "name", ["grants", "Local.x", "local", "grants.convention_threshold.bis", "procurement.reserved"]
)
def test_a_name_that_is_taken_or_cannot_be_read(name: str, admin: Client) -> None:
    said = {"nouveau": name, "description": "Essai", "unite": "year"}
    assert admin.get(PARAMETER, said).status_code == 200
    assert admin.get(NEW, said).status_code == 302
    assert admin.get(NEW, {"parametre": "n.existe.pas"}).status_code == 404


def test_withdrawing_asks_why_and_keeps_all(admin: Client) -> None:
    row = LocalValueFactory()
    address = reverse("rulebook-admin:local-value-withdraw", args=[row.pk])
    assert "obligatoire" in text_of(admin.post(address, {"reason": ""}))
    assert admin.post(address, {"reason": "Texte abrogé"}).status_code == 302
    page = text_of(admin.get(LIST))
    assert "Retirée par Ada Admin" in page
    assert "Texte abrogé" in page
    assert "déjà retirée" in text_of(admin.post(address, {"reason": "Encore"}))
    again = admin.get(f"{NEW}?parametre={THRESHOLD}&depuis={row.pk}").content.decode()
    assert 'value="50\u202f000"' in again
    assert "Délibération d’essai" in again
    assert admin.get(f"{NEW}?parametre={THRESHOLD}&depuis=²").status_code == 200


def test_the_list_tells_what_essor_ships_since_and_what_is_no_longer_read(admin: Client) -> None:
    LocalValueFactory(start=date(2026, 1, 15))
    broken = LocalValueFactory(parameter="grants.convention_threshold", value=["a"])
    page = text_of(admin.get(LIST))
    assert "Essor porte désormais une valeur" in page
    assert "60 000 €, à partir du 1er avril 2026" in page
    assert "Cette valeur n’est plus lue" in page
    assert admin.get(reverse("rulebook-admin:local-value-withdraw", args=[broken.pk])).status_code == 200


def test_the_list_costs_the_same_for_many(admin: Client, django_assert_max_num_queries) -> None:
    for month in range(1, 10):
        LocalValueFactory(start=date(2026, month, 1))
    admin.get(LIST)
    with django_assert_max_num_queries(12):
        admin.get(LIST)
    with law.in_local_scope():
        assert law.value(THRESHOLD, today()).decimal == 50000
