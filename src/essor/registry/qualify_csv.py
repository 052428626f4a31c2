"""A file of legal units with SIRENE's official column names: what ``essor registry qualify --csv``
answers.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from essor.formats.identifiers import clean_number, siren_trouble
from essor.formats.problems import InputProblem, Rejection, shorten
from essor.formats.readers import Kind, Text, as_utf8, examine_text, read_header, sniff
from essor.registry.enums import Family, Verdict
from essor.registry.facts import Qualification, UnitFacts
from essor.registry.nomenclatures import normalise_naf
from essor.registry.perimeter import Perimeter
from essor.registry.rules import qualify

SIREN = "siren"
LEGAL_CATEGORY = "categorieJuridiqueUniteLegale"
ACTIVITY = "activitePrincipaleUniteLegale"
FLAG = "economieSocialeSolidaireUniteLegale"
NOMENCLATURE = "nomenclatureActivitePrincipaleUniteLegale"
STATE = "etatAdministratifUniteLegale"
REQUIRED = (SIREN, LEGAL_CATEGORY, ACTIVITY, FLAG)


def qualify_csv(
    path: Path, perimeter: Perimeter, on: date, ess_france: Collection[str] | None = None
) -> dict[str, Any]:
    """Qualify every unit of a CSV file (UTF-8, UTF-16 or cp1252; « , » or « ; »).

    ``ess_france``: SIREN numbers of the ESS France list, when it was read. Gives a JSON-able table: ``units``
    (siren, verdict, family, tags, reason, conditions), ``counts`` (by verdict, by family, without family,
    rejected), ``rejected`` (line, siren, reason, remedy) and ``notes`` on the reading. Raises
    ``InputProblem`` when the file as a whole cannot be used, ``NotInForceError`` and ``PerimeterError`` as
    ``qualify``.
    """
    if sniff(path) is not Kind.TEXT:
        raise InputProblem(path.name, "ce n’est pas un fichier CSV.", "Donnez un fichier CSV de Sirene.")
    encoding = examine_text(path, path.name)
    rejected: list[Rejection] = []
    units: list[Qualification] = []
    with TemporaryDirectory(prefix="essor-") as folder:
        text = read_header(as_utf8(path, path.name, Path(folder)), path.name)
        _require_columns(path.name, text)
        for facts in _facts(path.name, text, rejected, ess_france):
            units.append(qualify(facts, perimeter, on))
    return {
        "file": path.name,
        "on": on.isoformat(),
        "perimeter": perimeter.version,
        "notes": _notes(encoding, text),
        "counts": _counts(units, rejected),
        "units": [_unit(unit) for unit in units],
        "rejected": [
            {
                "line": row.line,
                "siren": row.siren,
                "column": row.column,
                "value": row.value,
                "reason": row.reason,
                "remedy": row.remedy,
            }
            for row in rejected
        ],
    }


def _unit(unit: Qualification) -> dict[str, Any]:
    full = unit.to_dict()
    return {
        key: full[key] for key in ("siren", "verdict", "family", "tags", "reason", "conditions", "next_steps")
    }


def _counts(units: list[Qualification], rejected: list[Rejection]) -> dict[str, Any]:
    verdicts = Counter(str(unit.verdict.value) for unit in units)
    families = Counter(str(unit.family.value) for unit in units if unit.family)
    return {
        "units": len(units),
        "rejected": len(rejected),
        "verdicts": {str(verdict.value): verdicts[str(verdict.value)] for verdict in Verdict},
        "families": {str(family.value): families[str(family.value)] for family in Family},
        "without_family": len(units) - sum(families.values()),
    }


def _notes(encoding: str, text: Text) -> list[str]:
    names = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252 (cp1252)"}
    separators = {"\t": "tabulation"}
    separator = separators.get(text.delimiter, f"« {text.delimiter} »")
    return [f"Fichier lu en {names.get(encoding, encoding)}, séparateur {separator}."]


def _require_columns(label: str, text: Text) -> None:
    missing = [column for column in REQUIRED if column not in text.header]
    if missing:
        raise InputProblem(
            label,
            "cette colonne officielle de Sirene manque"
            + (f" (et aussi : {', '.join(missing[1:])})." if missing[1:] else "."),
            "Donnez un extrait du fichier StockUniteLegale sans en renommer les colonnes.",
            line=1,
            column=missing[0],
        )


def _facts(
    label: str, text: Text, rejected: list[Rejection], ess_france: Collection[str] | None
) -> Iterator[UnitFacts]:
    seen: dict[str, int] = {}
    for line, cells in _rows(label, text, rejected):
        siren = clean_number(cells[SIREN])
        trouble = siren_trouble(siren)
        if trouble:
            rejected.append(Rejection(label, *trouble, line=line, column=SIREN, value=shorten(cells[SIREN])))
            continue
        if siren in seen:
            rejected.append(
                Rejection(
                    label,
                    f"ce SIREN a déjà été lu à la ligne {seen[siren]}.",
                    "Gardez une seule ligne par unité légale.",
                    line=line,
                    siren=siren,
                )
            )
            continue
        seen[siren] = line
        flag = cells[FLAG].upper()
        if flag not in ("", "O", "N"):
            rejected.append(
                Rejection(
                    label,
                    "l’indicateur ESS de Sirene vaut O, N ou rien.",
                    "Reprenez la valeur du fichier d’origine.",
                    line=line,
                    siren=siren,
                    column=FLAG,
                    value=shorten(cells[FLAG]),
                )
            )
            continue
        yield _unit_facts(siren, flag, cells, None if ess_france is None else siren in ess_france)


def _unit_facts(siren: str, flag: str, cells: dict[str, str], on_list: bool | None) -> UnitFacts:
    activity = normalise_naf(cells[ACTIVITY])
    nomenclature = cells.get(NOMENCLATURE) or ("NAFRev2" if activity else None)
    return UnitFacts(
        siren=siren,
        legal_category=shorten(cells[LEGAL_CATEGORY]) or None,
        activity=activity or shorten(cells[ACTIVITY]) or None,
        activity_nomenclature=nomenclature if activity else "inconnue",
        ess_flag=flag or None,
        on_ess_france_list=on_list,
        state=cells.get(STATE) or None,
    )


def _rows(label: str, text: Text, rejected: list[Rejection]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their line (the first of the file is 1); those of another width than the header are
    rejected.
    """
    with text.path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=text.delimiter)
        try:
            next(reader, None)
            line = reader.line_num + 1
            for values in reader:
                if len(values) == len(text.header):
                    yield line, {name: value.strip() for name, value in zip(text.header, values, strict=True)}
                elif any(value.strip() for value in values):
                    rejected.append(
                        Rejection(
                            label,
                            f"la ligne a {len(values)} colonnes et l’en-tête {len(text.header)}.",
                            "Vérifiez les guillemets et les séparateurs de cette ligne.",
                            line=line,
                        )
                    )
                line = reader.line_num + 1
        except csv.Error as error:
            raise InputProblem(
                label,
                "une cellule est mal formée ou démesurée (guillemet non fermé ?).",
                "Reprenez le fichier d’origine, sans l’ouvrir dans un tableur.",
                line=reader.line_num,
            ) from error
