"""`essor observatory`: loading official tables, making an atlas. JSON on stdout, messages on stderr."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say
from essor.kernel.periods import today

app = typer.Typer(help="Observatoire : charger les tableaux officiels, faire un atlas.", no_args_is_help=True)


def load(
    path: Path, vintage: int | None = None, source: str = "", day: date | None = None, on_progress: Any = None
) -> dict[str, Any]:
    """Load a table and give the report, as JSON data. Nothing is written when nothing changes.

    Raises formats.problems.InputProblem or ValidationError.
    """
    from essor.observatory import actions_official as actions

    row = actions.give(None, path, vintage=vintage, source=source, day=day)
    changed = actions.changes(row)
    if changed:
        row = actions.load(None, row.pk, on_progress)
    report = {
        "kind": row.kind,
        "label": str(row.get_kind_display()),
        "vintage": row.vintage,
        "source": row.source,
        "changed": changed,
        "counts": row.counts,
        "indicators": row.codes,
        "notes": row.notes,
        "refused": row.refused,
    }
    if not changed:
        actions.leave(row)
    return report


@app.command("load")
def load_command(
    file: Annotated[
        Path, typer.Argument(help="Tableau de l’Insee ou export de l’Urssaf (CSV, .xlsx, .ods).")
    ],
    vintage: Annotated[
        int | None, typer.Option("--vintage", help="Millésime ; sans lui, la dernière année du tableau.")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="Source à afficher ; sans elle, le nom officiel.")
    ] = "",
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Date de publication ; sans elle, aujourd’hui."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Répondre en JSON.")] = False,
) -> None:
    """Charger un tableau officiel (Flores, Urssaf, quartiers prioritaires) ; le contenu dit lequel."""
    django_ready()
    from django.core.exceptions import ValidationError

    from essor.formats.problems import InputProblem

    try:
        with progress_bar() as show:
            report = load(file, vintage, source, day.date() if day else None, show)
    except InputProblem as error:
        fail(str(error))
    except ValidationError as error:
        fail(" ".join(error.messages))
    for text in (*report["notes"], *report["refused"]):
        say(text)
    counts = report["counts"]
    say(
        f"{report['label']}, millésime {report['vintage']} : {counts['new']} valeurs nouvelles, "
        f"{counts['changed']} changées, {counts['refused']} refusées."
        if report["changed"]
        else "Rien à changer : ces données étaient déjà chargées."
    )
    if as_json:
        answer(report)


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
