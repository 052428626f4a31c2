"""The public pages of values: what they show on a day, what they cost, how they are reused."""

import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from essor.kernel.periods import today
from essor.law.cli import app
from essor.law.parameters import all_parameters
from tests.factories import AuthorityFactory, UserFactory
from tests.registry.test_views_list import text_of
from tests.rulebook_factories import THRESHOLD, LocalValueFactory

pytestmark = pytest.mark.django_db
PAGE = f"/droit/valeurs/{THRESHOLD}/"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def test_the_list_shows_first_what_people_look_up(client: Client) -> None:
    page = read(client, "/droit/")
    first = page[: page.index("Ce qui change dans les douze mois")]
    for words in (
        "23 000 €",
        "60 000 €",
        "300 000 €",
        "50 %",
        "Spaser obligatoire",
    ):
        assert words in first
    assert f"{len(all_parameters())} valeurs" in page
    assert "Un même marché peut se réserver à la fois au handicap et à l’insertion" in page


def test_the_law_of_another_day(client: Client) -> None:
    before = read(client, "/droit/?au=2026-03-31")
    assert "Le droit tel qu’il est le 31 mars 2026" in before
    assert "40 000 €" in before[: before.index("Ce qui change dans les douze mois")]
    assert "pas en vigueur ; 60 000 € dès le 1er avril 2026" in read(
        client, "/droit/?au=2010-01-01&q=petits+lots+R2122-8"
    )
    assert "Le jour demandé ne se lit pas" in read(client, "/droit/?au=2026-02-30")


def test_search_and_filters(client: Client) -> None:
    assert "1 valeur" in read(client, "/droit/?q=convention+ecrite+23")
    assert "Rien ne répond à tous ces filtres" in read(client, "/droit/?q=zzzz")
    verify = read(client, "/droit/?montrer=a-verifier&theme=subventions")
    assert "convention écrite" in verify
    assert "Contrat d’engagement républicain à souscrire" not in verify
    assert "Rien ne répond" in read(client, "/droit/?montrer=ici")
    LocalValueFactory()
    assert "1 valeur" in read(client, "/droit/?montrer=ici")


def test_a_parameter_on_two_days(client: Client) -> None:
    before, after = read(client, f"{PAGE}?au=2026-03-31"), read(client, f"{PAGE}?au=2026-04-01")
    assert (
        "Valeur du 31 mars 2026, en vigueur depuis le 1er janvier 2020 ; elle vaut jusqu’au 31 mars 2026"
        in before
    )
    assert "Valeur du 1er avril 2026, en vigueur depuis le 1er avril 2026." in after
    assert "Quelle procédure pour cet achat" in after
    assert "essor law show procurement.no_publicity.supplies_services --history --json" in after


def test_what_has_to_be_verified_is_said(client: Client) -> None:
    page = read(client, "/droit/valeurs/procurement.no_publicity.small_lots.supplies_services/")
    assert "Valeur supposée égale au seuil général" in page
    assert "Inconnu, à vérifier" in page


def test_two_texts_that_disagree_on_the_day_are_shown(client: Client) -> None:
    page = read(client, "/droit/valeurs/climate.award_criterion/")
    assert "Deux textes, deux jours" in page
    assert "du 21 août 2026 : Code de la commande publique, art. R2152-7" in page
    assert "du 22 août 2026 : Code de la commande publique, art. L2152-7" in page
    assert "le 21 août 2026 oui" in page
    assert "Deux textes, deux jours" not in read(client, PAGE)


def test_a_parameter_without_value_says_why(client: Client) -> None:
    page = read(client, "/droit/valeurs/state_aid.de_minimis.general/?au=2031-01-01")
    assert "terminé depuis le 1er janvier 2031" in page
    assert client.get("/droit/valeurs/n.existe.pas/").status_code == 404
    assert client.get("/droit/valeurs/n.existe.pas.json").status_code == 404


def test_a_local_value_is_seen_everywhere(client: Client) -> None:
    LocalValueFactory(start=date(2026, 9, 1))
    page = read(client, f"{PAGE}?au=2026-10-01")
    assert "50 000 €" in page
    assert "Valeur ajoutée ici" in page
    assert "Délibération d’essai" in page
    assert "--history --local --json" in page
    assert "50 000 € ajouté ici" in read(client, "/droit/?au=2026-10-01")


def test_json_is_what_the_command_line_gives(client: Client) -> None:
    told = json.loads(CliRunner().invoke(app, ["show", THRESHOLD, "--history", "--json"]).stdout)
    assert client.get(f"/droit/valeurs/{THRESHOLD}.json").json() == told


def test_in_the_frame_of_an_authority(client: Client) -> None:
    authority = AuthorityFactory(slug="ici")
    page = client.get("/ici/droit/").content.decode()
    assert f'href="/ici/droit/valeurs/{THRESHOLD}/"' in page
    assert 'rel="canonical" href="http://testserver/droit/"' in page
    assert authority.name in page


def test_only_the_administration_is_offered_to_add(client: Client) -> None:
    address = reverse("rulebook-admin:local-value-new")
    assert address not in client.get(PAGE).content.decode()
    client.force_login(UserFactory(installation_admin=True))
    assert f"{address}?parametre={THRESHOLD}" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "address", ["/droit/", "/droit/?q=seuil", PAGE, "/droit/changements/", "/droit/changements.atom"]
)
def test_pages_ask_the_same_few_queries(address: str, client: Client, django_assert_max_num_queries) -> None:
    """However many values there are: the version of local values, and theirs when it changed."""
    for month in range(1, 9):
        LocalValueFactory(start=date(2026, month, 1))
    with django_assert_max_num_queries(5):
        client.get(address)


def test_changes_since_a_day(client: Client) -> None:
    page = read(client, "/droit/changements/?depuis=2026-03-31")
    assert "1er avril 2026" in page
    assert "avant : 40 000 €" in page
    assert "après : 60 000 €" in page
    assert "À venir" in page
    assert "1er janvier 2026" not in page
    assert "Rien n’a changé depuis ce jour" in read(
        client, f"/droit/changements/?depuis={today().isoformat()}"
    )
    assert "ne se lit pas" in read(client, "/droit/changements/?depuis=hier")
