"""`essor registry qpv`: a whole file of places against the quartiers prioritaires."""

from pathlib import Path
from typing import Annotated

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say


def place_file(
    file: Annotated[Path, typer.Argument(help="CSV ou .xlsx : SIRET, longitude et latitude, ou adresse.")],
    output: Annotated[
        Path | None, typer.Option("--output", "--out", help="Où écrire le fichier complété (.csv ou .xlsx).")
    ] = None,
    addresses: Annotated[
        bool,
        typer.Option(
            "--addresses",
            help="Chercher les adresses auprès du service (ESSOR_ADDRESS_URL) : elles seules lui sont envoyées.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Écrire le résultat en JSON sur la sortie.")
    ] = False,
) -> None:
    """Dit de chaque ligne d’un fichier si elle est dans un quartier prioritaire, à moins de 300 m, ou hors."""
    django_ready()
    from essor.formats.position_list import read_position_list
    from essor.formats.problems import InputProblem
    from essor.registry import address_service
    from essor.registry.qpv_answers import columns, situate
    from essor.registry.qpv_job import lines_of
    from essor.registry.qpv_summary import summary
    from essor.registry.qpv_workbook import as_csv, write_workbook

    if output and output.suffix.lower() not in (".csv", ".xlsx"):
        raise typer.BadParameter("le fichier à écrire se termine par .csv ou .xlsx.")
    used = address_service.service()
    if addresses and used is None:
        fail("Aucun service d’adresses : donnez son adresse par ESSOR_ADDRESS_URL, ou retirez --addresses.")
    if addresses and used is not None:
        say(f"Les adresses, et elles seules, partent vers {used.name}.")
    try:
        rows = read_position_list(file)
    except (InputProblem, OSError) as problem:
        fail(str(problem))
    with progress_bar() as show:
        answers = situate(rows, ask=addresses, progress=show)
    counts = summary(answers)
    for line in counts:
        say(
            f"Liste de {line['generation']} : {line['in']} dans un quartier, {line['near']} à moins de 300 m, "
            f"{line['out']} hors, {line['unknown']} inconnues ; {line['unanswered']} sans réponse."
        )
    for each in answers:
        if each.row.trouble and not each.silent:
            say(f"{file.name}, ligne {each.row.line} : {' '.join(each.row.trouble)}")
    for first, last in lines_of(answers):
        say(
            f"{file.name}, lignes {first} à {last} : le service d’adresses n’a pas répondu. Redonnez-les plus tard."
        )
    if output and output.suffix.lower() == ".xlsx":
        with output.open("wb") as target:
            write_workbook(answers, target)
    elif output:
        output.write_bytes(as_csv(answers))
    if as_json:
        answer({"counts": counts, "rows": [{"line": each.row.line, **columns(each)} for each in answers]})
