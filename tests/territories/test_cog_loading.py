"""Loading the code officiel géographique of a newer year, and the movements."""

import pytest

from essor.formats.problems import InputProblem
from essor.territories.actions import load_cog
from essor.territories.models import Load, Territory
from essor.territories.queries import ambiguous_codes, code_map, resolve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]

HEADER = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT"
MOVES = (
    "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,"
    "TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP"
)


def current_lines():
    rows = (
        Territory.objects.active()
        .of_kind("commune")
        .exclude(zone="com")
        .select_related("departement", "region")
    )
    return {
        t.code: f'COM,{t.code},{t.region.code},{t.departement.code},,,{t.liaison},X,X,"{t.name}",,'
        for t in rows.order_by("code")
    }


def cog(folder, lines, name="v_commune_2027.csv"):
    path = folder / name
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_year_of_changes(tmp_path):
    balma, toulouse = resolve("commune:31044"), resolve("commune:31555")
    lines = current_lines()
    del lines["31044"]
    lines["31555"] = "COM,31555,76,31,,,0,X,X,Toulouse-Balma,,"
    lines["31998"] = "COM,31998,76,31,,,1,X,X,Essorville,,"
    more = ["COMD,31044,,,,,0,X,X,Balma,,31555", "COMD,31149,,,,,0,X,X,Colomiers,,31998"]
    report = load_cog(cog(tmp_path, [*lines.values(), *more]))
    assert (report.vintage, report.counts["created"], report.counts["updated"], report.counts["withdrawn"]) == (
        2027, 1, 1, 1,
    )  # fmt: skip
    balma.refresh_from_db()
    toulouse.refresh_from_db()
    assert (balma.is_active, balma.vintage, toulouse.name, toulouse.vintage) == (
        False,
        2026,
        "Toulouse-Balma",
        2027,
    )
    assert resolve("commune:31044") == toulouse
    # A new commune takes what its déléguées share.
    new = resolve("commune:31998")
    assert (new.epci.code, new.population) == ("243100518", resolve("commune:31149").population)
    assert new.of_name == "d’Essorville"
    assert report.notes == []


def test_the_same_file_twice_changes_nothing(tmp_path):
    path = cog(tmp_path, current_lines().values())
    assert load_cog(path).changed is True
    before = list(Territory.objects.order_by("pk").values_list()), Load.objects.count()
    assert load_cog(path).changed is False
    assert (list(Territory.objects.order_by("pk").values_list()), Load.objects.count()) == before


def test_a_commune_that_disappears_without_heir_is_said(tmp_path):
    lines = current_lines()
    del lines["31044"]
    assert load_cog(cog(tmp_path, lines.values())).notes == [
        "Communes disparues dont la suite est inconnue : 31044. Chargez aussi v_mvt_commune_AAAA.csv."
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda lines: list(lines.values())[:500], "il manque"),
        (lambda lines: [*lines.values(), "COM,31998,76,99,,,0,X,X,Essorville,,"],
         "ce département ou cette région n’existe pas."),
    ],
)  # fmt: skip
def test_a_partial_or_wrong_file_changes_nothing(tmp_path, change, reason):
    before = list(Territory.objects.order_by("pk").values_list())
    with pytest.raises(InputProblem) as refused:
        load_cog(cog(tmp_path, change(current_lines())))
    assert refused.value.reason.startswith(reason)
    assert list(Territory.objects.order_by("pk").values_list()) == before


def test_an_older_year_is_refused(tmp_path):
    with pytest.raises(InputProblem) as refused:
        load_cog(cog(tmp_path, current_lines().values(), "v_commune_2025.csv"))
    assert refused.value.reason == "le millésime 2025 est plus ancien que celui en vigueur (2026)."


def moves(folder, *lines):
    path = folder / "v_mvt_commune_2027.csv"
    written = [
        f"{mod},{day},COM,{before},0,X,X,{name},COM,{after},0,X,X,{after}"
        for mod, day, before, name, after in lines
    ]
    path.write_text("\n".join([MOVES, *written]) + "\n", encoding="utf-8")
    return path


def test_movements_give_former_codes_and_say_which_are_shared(tmp_path):
    path = moves(
        tmp_path,
        (31, "1973-01-01", "31901", "Ancienne", "31902"),
        (32, "2016-01-01", "31902", "Suivante", "31555"),
        (30, "1980-01-01", "31903", "Partagée", "31555"),
        (30, "1980-01-01", "31903", "Partagée", "31044"),
    )
    report = load_cog(path)
    assert (report.counts["codes"], report.counts["ambiguous"], report.counts["created"]) == (3, 1, 4)
    assert (code_map()["31901"], code_map()["31902"]) == ("31555", "31555")
    assert ambiguous_codes()["31903"] == {"31555", "31044"}
    assert load_cog(path).changed is False
    corrected = load_cog(moves(tmp_path, (30, "1980-01-01", "31903", "Partagée", "31044")))
    assert (corrected.counts["withdrawn"], code_map()["31903"]) == (1, "31044")
