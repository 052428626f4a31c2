"""`essor registry directory …`: import the file of a partner directory; a person then confirms on the screen."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from essor.kernel.command import answer, django_ready, fail, progress_bar, say

app = typer.Typer(help="Les annuaires partenaires (Carteco, Handeco…).", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")]


@app.command("list")
def list_directories(as_json: Json = False) -> None:
    """Liste les annuaires, avec leur code."""
    django_ready()
    from essor.registry.directories.queries import counts_of
    from essor.registry.models import Directory

    found = list(Directory.objects.select_related("authority"))
    counts = counts_of(found)
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "authority": each.authority.slug if each.authority else None,
            "rows": counts[each.pk].total,
            "pending": counts[each.pk].pending,
        }
        for each in found
    ]
    if as_json:
        answer(rows)
        return
    for row in rows:
        say(f"{row['code']}  {row['name']}  {row['rows']} lignes, {row['pending']} à confirmer")
    if not rows:
        say("Aucun annuaire. Importez-en un : essor registry directory import --help")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="Fichier de l’annuaire : CSV ou .xlsx.")],
    directory: Annotated[str, typer.Option(help="Code de l’annuaire ; il est créé s’il n’existe pas.")],
    name: Annotated[str, typer.Option(help="Nom de l’annuaire, quand il est créé.")] = "",
    authority: Annotated[
        str, typer.Option(help="Adresse de la collectivité qui le tient ; l’installation par défaut.")
    ] = "",
    on: Annotated[str, typer.Option(help="Date de la liste (AAAA-MM-JJ) ; aujourd’hui par défaut.")] = "",
    force: Annotated[
        bool,
        typer.Option("--force", help="Le fichier est complet : accepter que beaucoup de lignes partent."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Lit un annuaire et propose des rapprochements : une personne les confirme ensuite à l’écran.

    Les correspondances de colonnes sont celles de la dernière fois, sinon celles que les en-têtes laissent deviner.
    """
    django_ready()
    from django.core.exceptions import ValidationError

    from essor.formats.problems import InputProblem
    from essor.kernel.jobs import run_now
    from essor.kernel.models import JobState

    day = _day(on)
    try:
        job = _start(file, directory, name, authority, day, force)
        with progress_bar() as show:
            job = run_now(job, show)
    except InputProblem as problem:
        fail(str(problem))
    except ValidationError as error:
        fail(" ".join(error.messages))
    if job.state != JobState.DONE:
        fail(job.error or "L’import a été arrêté : rien n’a changé.")
    result = job.result or {}
    say(
        f"{result['new']} nouvelles lignes, {result['changed']} changées, {result['same']} inchangées, "
        f"{result['left']} parties, {result['rejected']} écartées. Confirmez les rapprochements à l’écran."
    )
    if as_json:
        answer(result)


def _day(text: str) -> date:
    from django.utils import timezone

    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        raise typer.BadParameter(f"« {text} » n’est pas une date (AAAA-MM-JJ).") from None


def _start(path: Path, code: str, name: str, slug: str, day: date, force: bool) -> Any:
    from dataclasses import replace

    from django.core.files import File

    from essor.accounts.models import Authority
    from essor.registry.directories import actions
    from essor.registry.directories.mapping import PRESETS, guess_kind_tags, kept_or_guessed
    from essor.registry.directories.reading import distinct_values, preview
    from essor.registry.models import Directory

    columns, _rows = preview(path)
    found = Directory.objects.filter(code=code).first()
    preset = next((each for each in PRESETS if each.code == code), None)
    if found is None:
        authority = Authority.objects.filter(slug=slug).first() if slug else None
        if slug and authority is None:
            fail(f"Aucune collectivité n’a l’adresse « {slug} ».")
        called = name or (preset.name if preset else code)
        preset_code = preset.code if preset else ""
        found = actions.create_directory(None, authority, called, preset=preset_code, code=code, day=day)
    mapping = kept_or_guessed(found.mapping, columns, preset.fixed_tags if preset else ())
    if "kind" in mapping.columns and not mapping.kind_tags:
        guessed = guess_kind_tags(distinct_values(path, mapping.columns["kind"]), {})
        mapping = replace(mapping, kind_tags={kind: tag for kind, tag in guessed.items() if tag})
    with path.open("rb") as stream:
        given = actions.give_file(None, found, File(stream, name=path.name), day)
    return actions.start_import(None, given, mapping, accept_leaving=force)
