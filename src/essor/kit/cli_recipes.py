"""`essor recipe …`: the recipes that come with Essor, and the check of a file that comes from elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from essor.kernel.command import answer, django_ready, fail, say

app = typer.Typer(help="Les recettes : dispositifs réels, prêts à être repris.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")]
LARGEST = 1_000_000


@app.command("list")
def list_recipes(as_json: Json = False) -> None:
    """Liste les recettes livrées avec Essor."""
    django_ready()
    from essor.kit.recipe import export
    from essor.kit.recipe_library import recipes

    found = recipes().values()
    if as_json:
        answer([export(each) for each in found])
        return
    for each in found:
        typer.echo(f"{each.code:40} {each.title} — {each.origin}")


@app.command("show")
def show(code: Annotated[str, typer.Argument(help="Code de la recette.")], as_json: Json = False) -> None:
    """Montre une recette : qui, quand, combien, ce qu’il faut pour la reprendre."""
    django_ready()
    from essor.kit.recipe import export
    from essor.kit.recipe_library import recipes

    found = recipes().get(code)
    if found is None:
        fail(f"La recette « {code} » n’existe pas : « essor recipe list » les donne toutes.")
    if as_json:
        answer(export(found))
        return
    typer.echo(f"{found.title} ({found.kind_label})\n{found.origin} {found.year}\n\n{found.summary}\n")
    for fact in found.facts:
        typer.echo(f"- {fact.label} : {fact.text}")
    typer.echo(f"\nSource : {found.source.text}")


@app.command("check")
def check_file(path: Annotated[Path, typer.Argument(help="Fichier YAML d’une recette.")]) -> None:
    """Vérifie une recette venue d’ailleurs ; code de sortie 1 si elle ne se lit pas."""
    django_ready()
    from essor.kit.front_matter import ContentError
    from essor.kit.recipe import read_recipe
    from essor.kit.recipe_library import check

    try:
        if path.stat().st_size > LARGEST:
            fail(f"{path.name} : ce fichier est trop gros pour une recette ({LARGEST} octets au plus).")
        recipe = read_recipe(path.read_text(encoding="utf-8"), path.name)
        check(recipe, path.name)
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{path.name} : ce fichier ne se lit pas ({error}). Enregistrez-le en UTF-8.")
    except ContentError as error:
        fail(str(error))
    say(f"« {recipe.title} » se lit : {recipe.kind_label.lower()}, version {recipe.version}.")
