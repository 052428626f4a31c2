"""Screen of the zonings: the grid of density loaded without a terminal, all of it or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from essor.territories.models import CommuneClass
from tests.factories import TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/observatoire/sources/zonages/"
GRID = "CODGEO;LIBGEO;DENS7\n45234;Orléans;1\n45001;Adon;7\n99999;Ailleurs;5\n"


@pytest.fixture
def admin():
    TerritoryFactory(name="Orléans", code="45234")
    TerritoryFactory(name="Adon", code="45001")
    client = Client()
    client.force_login(UserFactory(installation_admin=True))
    return client


def sent(client, text, **more):
    file = SimpleUploadedFile("grille 2024.csv", text.encode(), content_type="text/csv")
    return client.post(PAGE, {"file": file, "source": "", "day": "", **more}).content.decode()


def test_the_grid_is_loaded_and_told(admin):
    page = sent(admin, GRID)
    assert "Zonage chargé" in page
    assert "ligne 4" in page.replace("\u00a0", " ")
    rows = set(CommuneClass.objects.values_list("commune__code", "value", "vintage", "source"))
    assert rows == {("45234", "1", 2024, "grille 2024.csv"), ("45001", "7", 2024, "grille 2024.csv")}
    assert "Rien à changer" in sent(admin, GRID)
    listed = Client().get("/observatoire/sources/").content.decode().replace("\u00a0", " ")
    assert "Grille communale de densité (Insee), 2024 : 2 communes classées" in listed
    assert "Charger un zonage" not in listed


def test_another_file_changes_nothing(admin):
    page = sent(admin, "nom;valeur\nOrléans;1\n")
    assert "Zonage chargé" not in page
    assert "grille 2024.csv" in page
    assert CommuneClass.objects.count() == 0
