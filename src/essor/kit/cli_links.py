"""`essor kit links …`: the addresses that the kit gives."""

from typing import Annotated, Any

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say

app = typer.Typer(help="Les liens que donne la boîte à outils.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Les liens que donne la boîte à outils."""


@app.command("check")
def check(
    again: Annotated[
        bool, typer.Option("--again", help="Revérifier aussi les liens vus cette semaine.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")] = False,
) -> None:
    """Vérifie les sites des acteurs, les pages des aides et les liens des fiches : cette commande va sur le web."""
    django_ready()
    from essor.kernel.jobs import run_now
    from essor.kernel.models import JobState
    from essor.kit.weblinks.actions import check_links

    job = check_links(None, None, again=again)
    with progress_bar() as show:
        job = run_now(job, show)
    if job.state != JobState.DONE:
        fail(job.error or "La vérification a été arrêtée : ce qui est vérifié est gardé.")
    result: dict[str, Any] = dict(job.result or {})
    say(
        f"{result['asked']} liens demandés. En tout : {result['alive']} répondent, {result['moved']} ont déménagé, "
        f"{result['dead']} sont morts, {result['unreadable']} illisibles, {result['unchecked']} non vérifiés."
    )
    if as_json:
        answer(result)
