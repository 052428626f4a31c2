"""`essor recipe import|adopt|diff|export`: recipes that come, are adopted, leave. Django is loaded when one runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from essor.kernel.command import answer, django_ready, fail, say

Json = Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")]
Slug = Annotated[str, typer.Option("--authority", help="Adresse de la collectivité (« haute-garonne »).")]


@contextmanager
def reading() -> Iterator[None]:
    """Read the kit with the texts of this installation; with the package's alone when the database is not there."""
    from django.db import DatabaseError

    from essor.kit.editing.in_force import in_scope, stamp

    with in_scope():
        try:
            stamp()
        except DatabaseError:
            ready = False
        else:
            ready = True
            yield
    if not ready:
        say("La base n’est pas prête (« essor upgrade ») : voici les textes livrés avec Essor.")
        yield


def _authority(slug: str) -> Any:
    from essor.accounts.models import Authority

    found = Authority.objects.select_related("territory").filter(slug=slug).first()
    if found is None:
        known = ", ".join(Authority.objects.values_list("slug", flat=True)[:10]) or "aucune"
        fail(f"La collectivité « {slug} » n’existe pas ici. Celles de l’installation : {known}.")
    return found


def _recipe(code: str, authority: Any) -> tuple[Any, str]:
    """A recipe of the catalogue, else the last received of that code, and where it comes from."""
    from essor.kit.adoption.actions import received_by, recipe_of_row
    from essor.kit.front_matter import ContentError
    from essor.kit.models.adoption import RecipeOrigin
    from essor.kit.recipe_library import recipes

    if code in recipes():
        return recipes()[code], RecipeOrigin.PACKAGE
    row = next((each for each in received_by(authority) if each.code == code), None)
    if row is None:
        fail(f"La recette « {code} » n’est ni au catalogue, ni parmi les recettes reçues.")
    try:
        return recipe_of_row(row), RecipeOrigin.FILE
    except ContentError as error:
        fail(str(error))


def import_file(
    path: Annotated[Path, typer.Argument(help="Fichier YAML ou JSON d’une recette.")],
    authority: Slug = "",
    as_json: Json = False,
) -> None:
    """Reçoit une recette d’ailleurs, pour une collectivité ou pour l’installation ; deux fois ne change rien."""
    django_ready()
    from essor.kit.adoption.actions import receive
    from essor.kit.adoption.files import LARGEST
    from essor.kit.front_matter import ContentError

    owner = _authority(authority) if authority else None
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        with reading():
            found = receive(None, owner, path.name, content)
    except OSError as error:
        fail(f"{path.name} : ce fichier ne s’ouvre pas ({error.strerror}).")
    except ContentError as error:
        fail(str(error))
    say(f"« {found.row.title} » est reçue." if found.is_new else f"« {found.row.title} » était déjà là.")
    if as_json:
        answer({"code": found.row.code, "id": found.row.pk, "new": found.is_new})


def adopt(
    code: Annotated[str, typer.Argument(help="Code de la recette.")], authority: Slug, as_json: Json = False
) -> None:
    """Adopte une recette du catalogue ou reçue, pour une collectivité."""
    django_ready()
    from django.core.exceptions import ValidationError

    from essor.kit.adoption.actions import adopt as adopt_recipe

    owner = _authority(authority)
    try:
        with reading():
            recipe, origin = _recipe(code, owner)
            made = adopt_recipe(None, owner, recipe, origin)
    except ValidationError as error:
        fail(" ".join(error.messages))
    say(f"« {recipe.title} » est adoptée par {owner.name}.")
    if as_json:
        answer({"id": made.pk, "code": made.code, "version": made.version, "thing": made.thing})


def diff(
    code: Annotated[str, typer.Argument(help="Code d’une recette adoptée.")],
    authority: Slug,
    as_json: Json = False,
) -> None:
    """Dit ce que la version suivante d’une recette adoptée changerait ; rien n’est changé."""
    django_ready()
    from essor.kit.adoption.actions import later_of
    from essor.kit.adoption.screens import between
    from essor.kit.models import Adoption
    from essor.kit.models.adoption import AdoptionState
    from essor.kit.recipe import recipe_of

    rows = Adoption.objects.select_related("authority").filter(
        authority=_authority(authority), code=code, state=AdoptionState.RUNNING
    )
    row = rows.first()
    if row is None:
        fail(f"La recette « {code} » n’est pas adoptée par cette collectivité.")
    with reading():
        later = later_of(row)
        found = between(recipe_of(row.recipe, code), later) if later else []
    if as_json:
        lines = [
            {
                "field": each.label,
                "lines": [
                    [{"text": piece.text, "mark": piece.mark} for piece in line.pieces] for line in each.lines
                ],
            }
            for each in found
        ]
        answer(
            {
                "code": code,
                "version": row.version,
                "later": later.version if later else None,
                "differences": lines,
            }
        )
        return
    if later is None:
        say("Aucune autre version à comparer.")
    signs = {"added": ("[+", "+]"), "removed": ("[-", "-]"), "": ("", "")}
    for each in found:
        typer.echo(each.label)
        for line in each.lines:
            typer.echo("  " + "".join(piece.text.join(signs[piece.mark]) for piece in line.pieces))


def export(
    kind: Annotated[str, typer.Argument(help="Nature : « sectors » ou « support_directory ».")],
    authority: Slug,
    summary: Annotated[str, typer.Option(help="À quoi cela sert, en deux phrases.")],
    year: Annotated[str, typer.Option(help="Depuis quand.")],
    title: Annotated[str, typer.Option(help="Titre de la recette.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Fichier à écrire.")] = None,
) -> None:
    """Fait partir ce que tient une collectivité, comme recette à adopter ailleurs ; sans coordonnées."""
    django_ready()
    from django.core.exceptions import ValidationError

    from essor.kit.adoption.actions import Filled, export_thing
    from essor.kit.adoption.screens import as_yaml
    from essor.kit.level_answers import USUAL, level_of
    from essor.kit.recipe import KINDS
    from essor.kit.recipe import export as as_data
    from essor.kit.recipe_kinds import kind_of

    owner = _authority(authority)
    known = kind_of(kind)
    things = list(known.things(owner)) if known and known.things else []
    if known is None or not things:
        fail(f"{owner.name} n’a rien de la nature « {kind} » à faire partir.")
    filled = Filled(
        title=title or f"{KINDS[kind]} — {owner.name}"[:120],
        year=year,
        summary=summary,
        origin=owner.name[:120],
        document=f"{owner.name}, document interne"[:300],
        levels=(level_of(owner.kind) or USUAL,),
        fiches=known.fiches,
    )
    try:
        text = as_yaml(as_data(export_thing(None, owner, known, things[0][0], filled)))
    except ValidationError as error:
        fail(" ".join(error.messages))
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{output} : ce fichier ne s’écrit pas ({error.strerror}).")
    say(f"La recette est dans {output}.")
