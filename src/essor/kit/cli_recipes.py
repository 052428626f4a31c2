"""`essor recipe …`: the recipes of the catalogue, and those that come from elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from essor.kernel.command import answer, django_ready, fail, say
from essor.kit.adoption import cli as adoption

app = typer.Typer(help="Les recettes : dispositifs réels, prêts à être repris.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")]


@app.command("list")
def list_recipes(as_json: Json = False) -> None:
    """Liste les recettes du catalogue ; une étoile devant celles qu’une collectivité peut adopter."""
    django_ready()
    from essor.kit.recipe import export
    from essor.kit.recipe_kinds import is_adoptable
    from essor.kit.recipe_library import recipes

    with adoption.reading():
        found = recipes().values()
    if as_json:
        answer([export(each) | {"adoptable": is_adoptable(each.kind)} for each in found])
        return
    for each in found:
        mark = "*" if is_adoptable(each.kind) else " "
        typer.echo(f"{mark} {each.code:40} {each.title} — {each.origin}")


@app.command("show")
def show(code: Annotated[str, typer.Argument(help="Code de la recette.")], as_json: Json = False) -> None:
    """Montre une recette : qui, quand, combien, ce qu’il faut pour la reprendre."""
    django_ready()
    from essor.kit.recipe import export
    from essor.kit.recipe_library import recipes

    with adoption.reading():
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
    from essor.kit.adoption.files import LARGEST, read_file
    from essor.kit.front_matter import ContentError

    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        with adoption.reading():
            recipe = read_file(path.name, content)
    except OSError as error:
        fail(f"{path.name} : ce fichier ne se lit pas ({error.strerror}).")
    except ContentError as error:
        fail(str(error))
    say(f"« {recipe.title} » se lit : {recipe.kind_label.lower()}, version {recipe.version}.")


app.command("import")(adoption.import_file)
app.command("adopt")(adoption.adopt)
app.command("diff")(adoption.diff)
app.command("export")(adoption.export)
