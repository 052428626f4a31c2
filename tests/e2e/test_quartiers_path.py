"""A person gives a file of addresses, agrees that they leave, and comes back for the result."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from essor.kernel import jobs
from essor.kernel.models import Job
from essor.territories.actions import load_file
from tests.factories import TerritoryFactory, UserFactory
from tests.plugins.geojson import feature, square, write_geojson
from tests.registry.address_site import Site, found, serving

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serving() as served:
        settings.WEB_PRIVATE_ALLOWED = (served.host,)
        settings.ADDRESS_URL = served.url
        served.known["3 rue des lilas"] = found(
            1.445, 43.645, result_city="Toulouse", result_citycode="31555"
        )
        yield served


def test_a_file_of_addresses_from_the_tick_to_the_result(
    new_page: Callable[..., Page], site: Site, tmp_path: Path, check: Callable[[Page, str], None]
) -> None:
    departement = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    TerritoryFactory(code="31555", name="Toulouse", departement=departement)
    shape = feature(square(1.44, 43.64, 0.01), code_qp="QN03101M", lib_qp="Mirail Sud", insee_com="31555")
    load_file(write_geojson(tmp_path / "qpv.geojson", shape))
    source = tmp_path / "participants.csv"
    source.write_text(
        "Nom;Adresse;Code commune\nDupont;3 rue des Lilas;31555\nDurand;1 rue X;31555\n", "utf-8"
    )
    page = new_page(user=UserFactory())

    page.goto("/registre/quartiers-prioritaires/")
    page.get_by_label("Fichier CSV ou Excel").set_input_files(source)
    page.get_by_label("Chercher les adresses auprès de 127.0.0.1").check()
    page.get_by_role("button", name="Voir le résultat").click()
    expect(page.get_by_text("Vous pouvez quitter cette page")).to_be_visible()
    check(page, "quartiers-en-cours")

    jobs.execute(Job.objects.get(kind="registry.qpv").pk)
    page.get_by_role("link", name="Voir le résultat").click()
    expect(page.get_by_role("heading", name=re.compile("2.lignes lues"))).to_be_visible()
    check(page, "quartiers-resultat")
    with page.expect_download() as download:
        page.get_by_role("link", name="Fichier complété (CSV)").click()
    assert "dans;QN03101M;Mirail Sud" in download.value.path().read_text("utf-8-sig")
    page.get_by_role("button", name="Effacer ce résultat maintenant").click()
    expect(page.get_by_text("Ce résultat a été effacé.")).to_be_visible()
