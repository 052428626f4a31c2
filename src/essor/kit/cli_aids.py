"""`essor kit aids …`: the lists of aids."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say

app = typer.Typer(
    help="Les listes d’aides publiques (Aides-territoires, flux de financeurs).", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    """Les listes d’aides publiques (Aides-territoires, flux de financeurs)."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV d’Aides-territoires, ou JSON d’une API.")],
    source: Annotated[str, typer.Option(help="Nom de la liste ; le nom du fichier par défaut.")] = "",
    on: Annotated[str, typer.Option(help="Date de la liste (AAAA-MM-JJ) ; aujourd’hui par défaut.")] = "",
    complete: Annotated[
        bool, typer.Option("--complete", help="La liste est complète : fermer les aides qu’elle n’a plus.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Tout refuser si une aide ne peut pas être lue.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")] = False,
) -> None:
    """Lit une liste d’aides ; la relire ne change rien."""
    django_ready()
    if not file.is_file():
        fail(f"Fichier « {file} » : introuvable. Vérifiez son emplacement.")
    _import(file, source or file.stem, on, complete=complete, strict=strict, as_json=as_json)


@app.command("fetch")
def fetch(
    token: Annotated[
        str,
        typer.Option(
            envvar="ESSOR_AIDS_TOKEN",
            prompt="Jeton de l’API",
            hide_input=True,
            help="Jeton « Bearer » de l’API.",
        ),
    ],
    source: Annotated[str, typer.Option(help="Nom de la liste.")] = "Aides-territoires",
    url: Annotated[
        str, typer.Option(help="Adresse de la première page de l’API.")
    ] = "https://aides-territoires.beta.gouv.fr/api/aids/",
    complete: Annotated[
        bool, typer.Option("--complete", help="La liste est complète : fermer les aides qu’elle n’a plus.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")] = False,
) -> None:
    """Lit une liste d’aides sur une API, page après page : cette commande va sur le web. Le jeton n’est pas gardé."""
    django_ready()
    from tempfile import TemporaryDirectory

    from essor.kit.aids_api import Unreachable, fetch_pages

    with TemporaryDirectory(prefix="essor-aids-") as folder:
        path = Path(folder) / "api.json"
        try:
            with progress_bar() as show:
                fetch_pages(url, token, path, lambda done: show("Lecture de l’API", done, None))
        except Unreachable as error:
            fail(str(error))
        _import(path, source, "", complete=complete, strict=False, as_json=as_json)


def _import(file: Path, source: str, on: str, *, complete: bool, strict: bool, as_json: bool) -> None:
    from django.core.exceptions import ValidationError
    from django.core.files import File

    from essor.kernel.jobs import run_now
    from essor.kernel.models import JobState
    from essor.kit.actions_aids import give_list
    from essor.kit.models import AidImport

    day = _day(on)
    try:
        with file.open("rb") as stream:
            job = give_list(
                None,
                source,
                File(stream, name=file.name),
                day,
                is_complete=complete,
                all_or_nothing=strict,
            )
        with progress_bar() as show:
            job = run_now(job, show)
    except ValidationError as error:
        fail(" ".join(error.messages))
    if job.state != JobState.DONE:
        fail(job.error or "L’import a été arrêté : rien n’a changé.")
    result: dict[str, Any] = dict(job.result or {})
    for each in AidImport.objects.get(pk=job.params["import"]).rejected:
        say(each["sentence"])
    say(
        f"{result['rows']} aides dans le fichier : {result['new']} nouvelles, {result['changed']} changées, "
        f"{result['same']} inchangées, {result['gone']} retirées, {result['rejected']} refusées."
    )
    if as_json:
        answer(result)


def _day(text: str) -> date:
    from django.utils import timezone

    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        raise typer.BadParameter(f"« {text} » n’est pas une date (AAAA-MM-JJ).") from None
