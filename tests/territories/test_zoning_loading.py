"""The class of each commune: density, ZRR, FRR; loaded by content, twice is once, former codes followed."""

import pytest

from essor.formats.problems import InputProblem
from essor.territories import queries
from essor.territories.actions import load_file
from essor.territories.enums import CodeKind, LoadKind
from essor.territories.models import CommuneClass, CommuneCode, Load, Territory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]
GRID = "Grille de densité 2024;;\nCODGEO;LIBGEO;DENS;DENS7\n31555;Toulouse;1;1\n31044;Balma;2;2\n"


def written(folder, text, name="grille.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def classes(zoning="densite"):
    rows = CommuneClass.objects.filter(zoning=zoning).order_by("commune__code")
    return {row.commune.code: row.value for row in rows.select_related("commune")}


def test_the_grid_is_recognised_and_loaded_once(tmp_path):
    path = written(tmp_path, GRID)
    report = load_file(path, source="Insee")
    assert (report.kind, report.vintage, report.changed) == (LoadKind.ZONING, 2024, True)
    assert classes() == {"31555": "1", "31044": "2"}
    assert report.notes == ["Grille lue en 7 niveaux."]
    assert load_file(path, source="Insee").changed is False
    assert Load.objects.filter(kind=LoadKind.ZONING).count() == 1


def test_a_newer_grid_changes_what_it_says_and_leaves_the_rest(tmp_path):
    load_file(written(tmp_path, GRID))
    load_file(written(tmp_path, "Grille 2025;;\nCODGEO;DENS7\n31044;3\n", "b.csv"))
    assert classes() == {"31555": "1", "31044": "3"}
    assert CommuneClass.objects.get(commune__code="31044").vintage == 2025


def test_former_codes_lead_to_the_current_commune(tmp_path):
    commune = Territory.objects.get(kind="commune", code="31555")
    CommuneCode.objects.create(code="31991", kind=CodeKind.FORMER, commune=commune)
    queries._cached_codes.cache_clear()
    report = load_file(written(tmp_path, "CODGEO;DENS7\n31991;5\n31999;6\n"))
    queries._cached_codes.cache_clear()
    assert classes() == {"31555": "5"}
    assert [(each.value, each.line) for each in report.rejected] == [("31999", 3)]


def test_zrr_and_frr(tmp_path):
    zrr = '[{"model": "geo.zrr", "pk": 1, "fields": {"insee_code": "31555", "status": "PC"}}]'
    load_file(written(tmp_path, zrr, "zrr_2022.json"))
    load_file(written(tmp_path, "code_commune;FRR\n31555;non\n31044;FRR+\n", "frr_2024.csv"))
    assert (classes("zrr"), classes("frr")) == ({"31555": "P"}, {"31555": "NC", "31044": "FRR+"})


def test_communes_that_nobody_knows_are_refused(tmp_path):
    with pytest.raises(InputProblem, match="aucune commune n’a été reconnue"):
        load_file(written(tmp_path, "CODGEO;DENS7\n99999;1\n"))


@pytest.mark.realdata
def test_the_real_zrr(real_data):
    report = load_file(real_data / "geo" / "ZRR_20221109.json")
    assert set(classes("zrr").values()) <= {"C", "NC", "P"}
    assert classes("zrr")["31555"] == "NC"
    assert report.counts["communes"] > 500
