"""`essor registry build-months`: an edition for each monthly stock; and how a build is told its engine."""

from pathlib import Path
from typing import Annotated

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say
from essor.kernel.periods import today

EngineName = Annotated[str, typer.Option("--engine", help="duckdb (cette machine) ou spark (un cluster).")]
SparkMaster = Annotated[
    str, typer.Option(help="Adresse du cluster (spark://…, yarn…) ; cette machine par défaut.")
]


def build_months(
    folder: Annotated[
        Path, typer.Argument(help="Dossier qui contient un dossier par mois, nommé AAAA-MM ou AAAA-MM-JJ.")
    ],
    scope: Annotated[str, typer.Option(help="Le territoire, comme pour « build » : departement:31, france…")],
    perimeter: Annotated[
        str, typer.Option(help="Version du périmètre ; celle en vigueur chaque mois par défaut.")
    ] = "",
    refuse_errors: Annotated[bool, typer.Option(help="Refuser un mois à la première ligne fautive.")] = False,
    engine: EngineName = "duckdb",
    spark_master: SparkMaster = "",
    as_json: Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")] = False,
) -> None:
    """Construit une édition par mois ; ce qui est déjà construit est passé : relancez-la pour reprendre."""
    django_ready()
    from essor.formats.problems import InputProblem
    from essor.registry import editions, months
    from essor.registry.pipeline.engines import EngineMissing
    from essor.territories.queries import UnknownTerritoryError

    on_error = "refuse" if refuse_errors else "keep"
    request = editions.BuildRequest(
        scope, today(), perimeter, {}, on_error, engine=engine, spark_master=spark_master
    )
    told = []
    try:
        found = months.find_months(folder)
        with progress_bar() as show:
            for outcome in months.build_months(found, request, show):
                code = outcome.edition.code if outcome.edition else ""
                what = outcome.problem or f"{code}{'' if outcome.built else ' (déjà construite)'}"
                say(f"{outcome.month.folder.name} : {what}")
                told.append({"month": outcome.month.folder.name, "edition": code, "problem": outcome.problem})
    except (InputProblem, UnknownTerritoryError, EngineMissing) as problem:
        fail(str(problem))
    if as_json:
        answer(told)
    failed = sum(1 for each in told if each["problem"])
    if failed:
        fail(f"{failed} mois sur {len(told)} n’ont pas pu être construits.")
