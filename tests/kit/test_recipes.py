"""The recipes: those that come with Essor, faults, export and back, kinds that a lever brings."""

import dataclasses
import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from essor.kernel import lever as faces
from essor.kernel.lever import Lever
from essor.kit.cli_recipes import app
from essor.kit.front_matter import ContentError
from essor.kit.recipe import export, read_recipe, recipe_of
from essor.kit.recipe_kinds import RecipeKind, kind_of
from essor.kit.recipe_library import AMOUNTS, FOLDER, Asked, band_of, check, found, recipes, recipes_of

GOOD = FOLDER / "cit-er-44.yaml"


def test_every_file_bears_its_code() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(recipes())


def test_export_reads_back_the_same() -> None:
    for each in recipes().values():
        assert recipe_of(yaml.safe_load(yaml.safe_dump(export(each), allow_unicode=True)), "x") == each


def test_figures_of_the_guides() -> None:
    """Sums that the source gives, or whose fault the recipe must say."""
    home = recipes()["habitat-participatif-puy-de-dome"].body
    assert home["enveloppe"] // home["montant_par_logement"] == 25
    assert home["enveloppe"] // (home["montant_par_logement"] + home["bonus"]) == 16
    jobs = recipes()["ebe-58-nievre"].body
    assert jobs["montant_par_etp"] * jobs["etp"] == 111_540
    colleges = recipes()["reinsertion-colleges-pas-de-calais"].body
    assert round(colleges["dont_rsa"] / colleges["salaries"], 3) == 0.752
    reuse = recipes()["poles-reemploi-orleans"]
    assert round(sum(reuse.body["parts"].values()), 2) == 1.02
    assert "102" in reuse.warning


def test_filters() -> None:
    assert [each.code for each in found(Asked(words="ÉNERGIE citoyenne"))] == ["cit-er-44"]
    assert "cit-er-44" in {each.code for each in recipes_of("K18")}
    kinds = found(Asked(kinds=("grant",), amounts=("jusqu-a-10k",), levels=("departement",), fiches=("K18",)))
    assert [each.code for each in kinds] == ["cit-er-44"]
    assert sum(len(found(Asked(amounts=(band,)))) for band in AMOUNTS) == len(recipes())
    assert band_of(recipes()["spaser-mel"]) == "plus-de-1m"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("kind: grant", "kind: magic"), "champ « kind » : « magic »"),
        (("version: 1", "version: 0"), "une recette a une version"),
        (("version: 1", "version: un"), "Écrivez un nombre entier"),
        (("format: 1", "format: 9"), "lit le format 1"),
        (("parameters:", "parameters: 3\nautre:"), "champ « parameters »"),
        (("guide: K", "guide: X"), "champ « guide »"),
        (("needs:", "besoins:"), "champ « besoins »"),
        (("facts:", "facts:\n- 12"), "fait 1 : écrivez"),
    ],
)
def test_a_fault_says_where(change: tuple[str, str], told: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_recipe(GOOD.read_text(encoding="utf-8").replace(*change, 1), "essai.yaml")
    assert told in str(caught.value).replace("\u00a0", " ")


def test_a_recipe_of_an_unknown_fiche_is_refused() -> None:
    lost = dataclasses.replace(recipes()["cit-er-44"], fiches=("K77",))
    with pytest.raises(ContentError, match="K77"):
        check(lost, "essai.yaml")


def test_a_kind_comes_with_its_lever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kind_of("grant") is None
    kind = RecipeKind(
        "grant", lambda body: [] if "annees" in body else ["Il manque les années."], "room:adopt"
    )
    monkeypatch.setitem(faces._levers, "money", Lever(code="money", name="Aides", recipe_kinds=(kind,)))
    assert kind_of("grant") is kind
    check(recipes()["cit-er-44"], "essai.yaml")
    with pytest.raises(ContentError, match="Il manque les années"):
        check(recipes()["habitat-participatif-puy-de-dome"], "essai.yaml")


@pytest.mark.django_db
def test_the_command_line(tmp_path: Path) -> None:
    run = CliRunner().invoke
    listed = json.loads(run(app, ["list", "--json"]).stdout)
    assert {row["code"] for row in listed} == set(recipes())
    assert {row["kind"] for row in listed if row["adoptable"]} == {"sectors", "support_directory"}
    assert json.loads(run(app, ["show", "cit-er-44", "--json"]).stdout) == export(recipes()["cit-er-44"])
    assert "2 000 € par an pendant 3 ans" in run(app, ["show", "cit-er-44"]).stdout.replace("\u00a0", " ")
    assert "cit-er-44" in run(app, ["list"]).stdout
    assert run(app, ["show", "inconnue"]).exit_code == 1
    assert run(app, ["check", str(GOOD)]).exit_code == 0
    (tmp_path / "faux.yaml").write_bytes(b"\xff\xfe")
    assert run(app, ["check", str(tmp_path / "faux.yaml")]).exit_code == 1
    (tmp_path / "vide.yaml").write_text("code: [", encoding="utf-8")
    assert run(app, ["check", str(tmp_path / "vide.yaml")]).exit_code == 1
