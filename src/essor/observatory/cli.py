"""Commands of the observatory: `essor observatory atlas`."""

from pathlib import Path
from typing import Annotated

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say
from essor.kernel.periods import today

app = typer.Typer(no_args_is_help=True, help="L’observatoire : atlas des territoires.")


@app.callback()
def observatory() -> None:
    """L’observatoire : atlas des territoires."""


@app.command("atlas")
def atlas_command(
    territory: Annotated[
        str, typer.Argument(help="Le territoire : departement:31, region:76, epci:243100518…")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Fichier PDF à écrire.")],
    as_json: Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")] = False,
) -> None:
    """Écrire l’atlas d’un territoire en PDF : une page par intercommunalité, ou par commune d’un EPCI."""
    django_ready()
    from essor.kernel.documents import DocumentError
    from essor.observatory.atlas import document
    from essor.territories.queries import UnknownTerritoryError, resolve

    try:
        found = resolve(territory)
        pages = len(document.pages_of(found))
        with progress_bar() as show:
            made = document.make(found, today(), show)
        output.write_bytes(made)
    except (UnknownTerritoryError, document.NoAtlas, DocumentError) as problem:
        fail(str(problem))
    except OSError as error:
        fail(f"Le fichier {output} ne peut pas être écrit : {error.strerror}.")
    say(f"{output} : {pages} pages de territoires, {len(made) // 1024} Ko.")
    if as_json:
        answer({"file": str(output), "territory": found.ref, "pages": pages, "bytes": len(made)})
