"""`essor index …`: the index of the search."""

from dataclasses import asdict
from typing import Annotated

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say

app = typer.Typer(help="L’index de recherche du registre.", no_args_is_help=True)


@app.callback()
def index() -> None:
    """L’index de recherche du registre."""


@app.command("rebuild")
def rebuild(
    as_json: Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")] = False,
) -> None:
    """Refait l’index à partir de la base ; l’ancien sert jusqu’à la fin."""
    django_ready()
    from essor.kernel.locks import Busy
    from essor.registry.search import writer

    try:
        with progress_bar() as show:
            written = writer.rebuild(show)
    except Busy:
        fail("Un autre processus écrit l’index : réessayez dans une minute.")
    except OSError as error:
        fail(
            f"L’index ne peut pas s’écrire ({error.strerror}) : vérifiez la place et les droits de {writer.folder()}."
        )
    say(f"Index refait : {written.organisations} organisations.")
    if as_json:
        answer(asdict(written))
