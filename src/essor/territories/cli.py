"""`essor territories`: where a point lies, and loading official files. JSON on stdout, messages on stderr."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say

app = typer.Typer(help="Territoires : situer un point, charger les fichiers officiels.", no_args_is_help=True)


def locate(lon: float, lat: float) -> dict[str, Any]:
    """Where the point lies, as JSON data. Raises locating.PositionError."""
    from essor.territories import locating

    return locating.locate(lon, lat).as_dict()


def load(path: Path, source: str = "", day: date | None = None, on_progress: Any = None) -> dict[str, Any]:
    """Load an official file and give the report, as JSON data. Raises formats.problems.InputProblem."""
    from essor.territories.actions import load_file
    from essor.territories.actions.report import silent

    return load_file(path, source=source, day=day, on_progress=on_progress or silent).as_dict()


@app.command("locate")
def locate_command(
    lon: Annotated[float, typer.Option("--lon", help="Longitude en degrés (WGS 84), par exemple 1.4442.")],
    lat: Annotated[float, typer.Option("--lat", help="Latitude en degrés (WGS 84), par exemple 43.6045.")],
    as_json: Annotated[bool, typer.Option("--json", help="Répondre en JSON.")] = False,
) -> None:
    """Dire dans quelle commune, quel EPCI, quel département et quel quartier prioritaire se trouve un point."""
    django_ready()
    from essor.territories.locating import PositionError

    try:
        found = locate(lon, lat)
    except PositionError as error:
        fail(str(error))
    if as_json:
        answer(found)
    else:
        typer.echo(_in_words(found))


def _in_words(found: dict[str, Any]) -> str:
    labels = {
        "commune": "Commune",
        "epci": "Intercommunalité",
        "ept": "Établissement public territorial",
        "departement": "Département",
        "collectivite": "Collectivité",
        "region": "Région",
    }
    lines = [
        f"{label} : {found[key]['name']} ({found[key]['ref']})" for key, label in labels.items() if found[key]
    ]
    return "\n".join([*lines, *found["explanation"]])


@app.command("load")
def load_command(
    file: Annotated[
        Path,
        typer.Argument(help="Contours ou QPV (GeoJSON), code géographique (CSV), zonage (CSV, .xlsx, JSON)."),
    ],
    source: Annotated[
        str, typer.Option("--source", help="Source à afficher ; sans elle, le nom du fichier.")
    ] = "",
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Date des données.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Répondre en JSON.")] = False,
) -> None:
    """Charger des contours, des QPV, le code officiel géographique, la grille de densité, les ZRR ou FRR."""
    django_ready()
    from essor.formats.problems import InputProblem

    try:
        with progress_bar() as show:
            report = load(file, source, day.date() if day else None, show)
    except InputProblem as error:
        fail(str(error))
    for text in (*report["notes"], *report["rejected"]):
        say(text)
    say(report["summary"])
    if as_json:
        answer(report)
