"""`essor law …`: the dated values of the law, their check, the rules. Needs neither Django nor a database."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from essor.kernel.command import FAILURE, answer, django_ready, fail, say
from essor.law import parameters as law
from essor.law.rows import value_row
from essor.law.wording import french_date

app = typer.Typer(help="Le droit applicable : valeurs datées et règles.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")]


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def _day(text: str | None) -> date:
    if not text:
        return _today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"« {text} » n’est pas une date (AAAA-MM-JJ).") from None


@app.command("show")
def show(
    identifier: Annotated[
        str, typer.Argument(help="Identifiant, ou son début ; rien pour tout lister.")
    ] = "",
    on: Annotated[str | None, typer.Option(help="Jour (AAAA-MM-JJ) ; aujourd’hui par défaut.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Toutes les valeurs, de la plus ancienne.")
    ] = False,
    local: Annotated[
        bool, typer.Option("--local", help="Avec les valeurs ajoutées dans cette installation.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Donne une valeur du droit en vigueur un jour, avec sa référence ; ou la liste des valeurs."""
    day = _day(on)
    if not local:
        _show(identifier, day, history=history, as_json=as_json)
        return
    django_ready()
    with law.in_local_scope():
        _show(identifier, day, history=history, as_json=as_json)


def _show(identifier: str, day: date, *, history: bool, as_json: bool) -> None:
    matching = [item for item in law.all_parameters() if item.id == identifier or _under(item.id, identifier)]
    exact = [item for item in matching if item.id == identifier]
    try:
        if exact and not history:
            rows: Any = value_row(exact[0].at(day))
        elif matching:
            rows = [value_row(value) for item in matching for value in _values(item, day, history)]
        else:
            law.parameter(identifier)
            return
    except law.LegalParameterError as error:
        fail(str(error))
    if as_json:
        answer(rows)
    else:
        for row in rows if isinstance(rows, list) else [rows]:
            say(_line(row))


def _under(identifier: str, start: str) -> bool:
    return not start or identifier.startswith(f"{start}.")


def _values(item: law.Parameter, day: date, history: bool) -> list[law.LegalValue]:
    if history:
        return list(item.history())
    found = law.in_force(item.id, day)
    return [found] if found else []


def _line(row: dict[str, Any]) -> str:
    first = french_date(date.fromisoformat(row["from"]))
    since = (
        f"du {first} au {french_date(date.fromisoformat(row['to']))}" if row["to"] else f"depuis le {first}"
    )
    doubt = f" — {row['certainty_note']}" if row["certainty_note"] else ""
    note = f"\n    {row['note']}" if row["note"] else ""
    return f"{row['id']} : {row['text']}\n    {row['description']}\n    {since} — {row['reference']}{doubt}{note}"


@app.command("check")
def check(as_json: Json = False) -> None:
    """Contrôle les valeurs : références, trous, recouvrements, fins sans suite. Code de sortie 1 s’il y a une faute."""
    from essor.law.audit import audit

    try:
        report = audit(_today())
    except law.LegalParameterError as error:
        fail(str(error))
    if as_json:
        answer(report.to_dict())
    else:
        for fault in report.faults:
            say(f"✗ {fault}")
        for warning in report.warnings:
            say(f"! {warning}")
        say(
            f"{report.parameters} paramètres, {report.values} valeurs, dont {report.to_verify} à vérifier ; "
            f"{len(report.faults)} faute(s), {len(report.warnings)} remarque(s)."
        )
    raise SystemExit(FAILURE if report.faults else 0)


@app.command("changes")
def changes(
    since: Annotated[
        str | None, typer.Option(help="Premier jour (AAAA-MM-JJ) ; aujourd’hui par défaut.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Dernier jour (AAAA-MM-JJ) ; un an après par défaut.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Dit quelles valeurs changent entre deux jours, le plus récent en dernier."""
    from essor.law.changes import changes_between

    first = _day(since)
    last = _day(until) if until else date(first.year + 1, first.month, min(first.day, 28))
    found = changes_between(first, last)
    if as_json:
        answer(
            [
                {
                    "id": change.parameter,
                    "description": change.description,
                    "on": change.day.isoformat(),
                    "before": value_row(change.before) if change.before else None,
                    "after": value_row(change.after) if change.after else None,
                    "same_value": change.same_value,
                }
                for change in found
            ]
        )
        return
    for change in found:
        say(change.sentence)


@app.command("rule")
def rule(
    name: Annotated[str, typer.Argument(help="Nom de la règle.")] = "",
    given: Annotated[
        str,
        typer.Option(
            "--input", help="Entrée en JSON, ou « @fichier.json », ou « @- » pour l’entrée standard."
        ),
    ] = "",
    list_all: Annotated[
        bool, typer.Option("--list", help="Les règles, avec le schéma de leur entrée.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Applique une règle à une entrée, et donne la réponse avec son explication et ses références."""
    from essor.law.rules import RuleError, RuleInputError
    from essor.law.rules import rule as rule_named

    if list_all or not name:
        _list_rules(as_json)
        return
    try:
        found = rule_named(name)
        data = _input(given)
        if isinstance(data, dict) and "on" in found.input_schema["properties"]:
            data.setdefault("on", _today().isoformat())
        result = found.run(data)
    except RuleInputError as error:
        fail("\n".join(error.problems))
    except RuleError as error:
        fail(str(error))
    if as_json:
        answer(result)
        return
    for sentence in result["explanation"]:
        say(sentence)
    for cited in result["references"]:
        say(f"  · {cited['title']}" + (f" — {cited['certainty_note']}" if cited["certainty_note"] else ""))


def _list_rules(as_json: bool) -> None:
    from essor.law.rules import RULES

    if as_json:
        answer(
            [
                {
                    "name": item.name,
                    "title": item.title,
                    "input": item.input_schema,
                    "answer": item.answer_schema,
                }
                for item in RULES.values()
            ]
        )
        return
    for item in RULES.values():
        say(f"{item.name} : {item.title}")
        schema = item.input_schema
        for field, about in schema["properties"].items():
            say(f"    {field}{' *' if field in schema['required'] else ''} : {about['title']}")


def _input(text: str) -> Any:
    try:
        if text == "@-":
            text = typer.get_text_stream("stdin").read()
        elif text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        return json.loads(text or "{}", parse_float=Decimal, parse_int=Decimal)
    except OSError as error:
        fail(f"Le fichier ne se lit pas : {error.strerror or error}.")
    except UnicodeDecodeError:
        fail("Le fichier n’est pas en UTF-8 : l’enregistrer dans cet encodage.")
    except RecursionError:
        fail("--input est imbriqué trop profondément : simplifier.")
    except json.JSONDecodeError as error:
        fail(
            f"--input n’est pas du JSON (ligne {error.lineno}, colonne {error.colno}) : corriger à cet endroit."
        )
