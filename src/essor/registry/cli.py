"""`essor registry …`: build, load, compare and list editions, go back, qualify."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say
from essor.registry.cli_directories import app as directories
from essor.registry.cli_months import EngineName, SparkMaster, build_months
from essor.registry.cli_qpv import place_file

app = typer.Typer(help="Le registre des organisations de l’ESS.", no_args_is_help=True)
app.add_typer(directories, name="directory")

Json = Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")]


def _day(text: str | None) -> date:
    """The day written AAAA-MM-JJ, today when absent."""
    if not text:
        return datetime.now(ZoneInfo("Europe/Paris")).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"« {text} » n’est pas une date (AAAA-MM-JJ).") from None


@app.command("build")
def build(
    scope: Annotated[
        str, typer.Option(help="departement:31, epci:243100518, commune:31555, region:76, ept:…, france")
    ],
    legal_units: Annotated[Path | None, typer.Option(help="StockUniteLegale (Parquet, CSV ou zip).")] = None,
    establishments: Annotated[
        Path | None, typer.Option(help="StockEtablissement (Parquet, CSV ou zip).")
    ] = None,
    geolocation: Annotated[Path | None, typer.Option(help="Géolocalisation des établissements.")] = None,
    ess_list: Annotated[Path | None, typer.Option(help="Liste d’ESS France (colonne SIREN).")] = None,
    rna: Annotated[Path | None, typer.Option(help="Répertoire national des associations.")] = None,
    siae: Annotated[
        list[Path] | None, typer.Option(help="Structures de l’insertion (CSV ou JSON), répétable.")
    ] = None,
    esus: Annotated[Path | None, typer.Option(help="Liste des entreprises Esus (xlsx ou CSV).")] = None,
    own_list: Annotated[Path | None, typer.Option(help="Liste de la collectivité (colonne SIRET).")] = None,
    qpv: Annotated[list[Path] | None, typer.Option(help="Contours des QPV (GeoJSON), répétable.")] = None,
    on: Annotated[
        str | None, typer.Option(help="Jour des règles (AAAA-MM-JJ) ; aujourd’hui par défaut.")
    ] = None,
    perimeter: Annotated[str, typer.Option(help="Version du périmètre ; celle en vigueur par défaut.")] = "",
    refuse_errors: Annotated[bool, typer.Option(help="Tout refuser à la première ligne fautive.")] = False,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Télécharger les fichiers officiels manquants.")
    ] = False,
    load: Annotated[bool, typer.Option("--load", help="Mettre en vigueur aussitôt.")] = False,
    engine: EngineName = "duckdb",
    spark_master: SparkMaster = "",
    as_json: Json = False,
) -> None:
    """Construit une édition du registre d’un territoire à partir des fichiers officiels."""
    django_ready()
    from django.core.exceptions import ValidationError

    from essor.formats.problems import InputProblem
    from essor.registry import editions, perimeter_store
    from essor.registry.perimeter import PerimeterError
    from essor.registry.pipeline.engines import EngineMissing
    from essor.territories.queries import UnknownTerritoryError

    given: dict[str, Any] = {
        "legal_units": legal_units,
        "establishments": establishments,
        "geolocation": geolocation,
        "ess_list": ess_list,
        "rna": rna,
        "siae": siae,
        "esus": esus,
        "own_list": own_list,
        "qpv": qpv,
    }
    files = {kind: [str(p) for p in (v if isinstance(v, list) else [v])] for kind, v in given.items() if v}
    day = _day(on)
    try:
        version = perimeter or perimeter_store.in_force(day).version
        on_error = "refuse" if refuse_errors else "keep"
        request = editions.BuildRequest(
            scope, day, version, files, on_error, fetch, engine=engine, spark_master=spark_master
        )
        with progress_bar() as show:
            edition = editions.build_and_compare(request, show, actor_id=None)
    except (InputProblem, UnknownTerritoryError, PerimeterError, EngineMissing) as problem:
        fail(str(problem))
    except ValidationError as error:
        fail(" ".join(error.messages))
    say(f"Édition construite : {edition.code}")
    if load:
        _load(edition, force=False)
    if as_json:
        answer(edition.manifest)


app.command("build-months")(build_months)


@app.command("load")
def load_command(
    edition: Annotated[str, typer.Argument(help="Code de l’édition (ou son début), ou son dossier.")],
    force: Annotated[
        bool, typer.Option("--force", help="Accepter qu’une grande part du registre parte.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Met une édition en vigueur : en une fois, ou pas du tout."""
    django_ready()
    from essor.formats.problems import InputProblem
    from essor.registry import editions

    try:
        counts = _load(editions.find_edition(edition), force=force)
    except (InputProblem, editions.LoadRefused) as problem:
        fail(str(problem))
    if as_json:
        answer(vars(counts))


def _load(edition: Any, *, force: bool) -> Any:
    from essor.formats.problems import InputProblem
    from essor.registry import editions

    try:
        with progress_bar() as show:
            counts = editions.put_in_force(edition, show, actor_id=None, force=force)
    except (InputProblem, editions.LoadRefused) as problem:
        fail(str(problem))
    say(
        f"En vigueur : {counts.new} nouvelles, {counts.changed} modifiées, {counts.same} inchangées, "
        f"{counts.leaving} parties."
    )
    return counts


@app.command("diff")
def diff(
    edition: Annotated[str, typer.Argument(help="Code (ou son début) ou dossier d’une édition.")],
    other: Annotated[
        str,
        typer.Argument(help="Seconde édition ; sans elle, le registre en vigueur est comparé à la première."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Dit ce qui change d’une édition à une autre : A vers B, ou du registre en vigueur vers A."""
    django_ready()
    from essor.formats.problems import InputProblem
    from essor.registry import comparison
    from essor.registry.loading.load import LoadRefused

    try:
        first = comparison.find_folder(edition)
        second = comparison.find_folder(other) if other else None
        found = comparison.between(first if second else None, second or first)
    except (InputProblem, LoadRefused) as problem:
        fail(str(problem))
    for label, number in comparison.said_counts(found["counts"]):
        say(f"{label} : {number}")
    if not found["changes"]:
        say("Aucune différence.")
    if as_json:
        answer(found)


@app.command("rollback")
def rollback(
    to: Annotated[
        str, typer.Option("--to", help="Édition à laquelle revenir ; celle d’avant par défaut.")
    ] = "",
    reason: Annotated[
        str, typer.Option(help="Pourquoi revenir ; reste dans l’historique.")
    ] = "Demandé en ligne de commande",
    as_json: Json = False,
) -> None:
    """Revient à l’édition précédente : en une fois, ou pas du tout."""
    django_ready()
    from essor.formats.problems import InputProblem
    from essor.registry import going_back
    from essor.registry.loading.load import LoadRefused

    try:
        undoing, edition = going_back.in_force(), going_back.target(to)
        with progress_bar() as show:
            counts = going_back.go_back(edition, show, undoing=undoing, actor_id=None, reason=reason)
    except (InputProblem, LoadRefused) as problem:
        fail(str(problem))
    say(f"De nouveau en vigueur : {edition.code}, à la place de {undoing.code}.")
    if as_json:
        answer({"edition": edition.code, "undone": undoing.code, **vars(counts)})


@app.command("editions")
def list_editions(as_json: Json = False) -> None:
    """Liste les éditions, la plus récente d’abord."""
    django_ready()
    from essor.registry.models import Edition

    rows = [
        {
            "code": e.code,
            "scope": e.scope,
            "day": e.day.isoformat(),
            "state": e.state,
            "label": e.get_state_display(),
        }
        for e in Edition.objects.all()
    ]
    if as_json:
        answer(rows)
        return
    for row in rows:
        say(f"{row['code']}  {row['scope']}  {row['label']}")
    if not rows:
        say("Aucune édition. Construisez-en une : essor registry build --help")


@app.command("qualify")
def qualify(
    legal_category: Annotated[
        str, typer.Option(help="Catégorie juridique de l’INSEE, quatre chiffres.")
    ] = "",
    ess_flag: Annotated[str, typer.Option(help="Indicateur ESS de Sirene : O ou N.")] = "",
    naf: Annotated[str, typer.Option(help="Activité principale (NAF rév. 2), par exemple 88.99B.")] = "",
    siren: Annotated[str, typer.Option(help="Siren, contrôlé par sa clé.")] = "",
    ess_list: Annotated[bool | None, typer.Option(help="Présence dans la liste d’ESS France.")] = None,
    esus: Annotated[bool | None, typer.Option(help="Agrément Esus en cours de validité.")] = None,
    marker: Annotated[
        list[str] | None, typer.Option(help="Marque connue (ei, aci, scic…), répétable.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Fichier CSV aux colonnes officielles de Sirene.")] = None,
    on: Annotated[
        str | None, typer.Option(help="Jour des règles (AAAA-MM-JJ) ; aujourd’hui par défaut.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Dit si une organisation relève de l’ESS, condition par condition ; ou le fait pour tout un fichier."""
    # Rules alone: this command answers without a database.
    from essor.formats.problems import InputProblem
    from essor.law.parameters import NotInForceError
    from essor.registry.perimeter import PerimeterError, default_perimeter
    from essor.registry.qualify_case import CaseProblem, qualify_case
    from essor.registry.qualify_csv import qualify_csv

    if bool(csv) == bool(legal_category):
        raise typer.BadParameter("donnez soit --legal-category, soit --csv.")
    day = _day(on)
    try:
        if csv:
            found = qualify_csv(csv, default_perimeter(day), day)
        else:
            found = qualify_case(
                legal_category,
                day,
                siren=siren or None,
                naf=naf or None,
                ess_flag=ess_flag or None,
                ess_list=ess_list,
                esus=esus,
                markers=marker or (),
            )
    except (InputProblem, CaseProblem, NotInForceError, PerimeterError) as problem:
        fail(str(problem))
    if as_json:
        answer(found)
    elif csv:
        _tell_file(found)
    else:
        _tell_case(found)


app.command("qpv")(place_file)


def _tell_case(found: dict[str, Any]) -> None:
    """One case, for reading."""
    from essor.registry.enums import ConditionState, Family, Verdict

    family = f" ({Family(found['family']).label})" if found["family"] else ""
    say(f"{Verdict(found['verdict']).label}{family} : {found['reason']}")
    for condition in found["conditions"]:
        state = ConditionState(condition["state"]).label
        say(f"  · {condition['label']} : {state}. {condition['explanation']} [{condition['reference']}]")


def _tell_file(found: dict[str, Any]) -> None:
    """A file, for reading."""
    from essor.registry.enums import Family, Verdict

    for code, number in found["counts"]["verdicts"].items():
        say(f"{Verdict(code).label} : {number}")
    for code, number in found["counts"]["families"].items():
        say(f"  {Family(code).label} : {number}")
    for row in found["rejected"]:
        say(f"Rejetée, ligne {row['line']} : {row['reason']} {row['remedy']}")
