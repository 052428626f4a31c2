"""A CSV with broken lines: the sound ones are copied, the others told with their number. Memory stays small."""

from __future__ import annotations

import csv
from pathlib import Path

from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.readers import Text, bounded_lines, disk_errors

# Beyond so many broken lines a CSV is not « a file with errors », it is another file.
MAX_BROKEN_LINES = 1000
REMEDY = "Corrigez cette ligne dans le fichier d’origine, sans passer par un tableur."


def set_broken_lines_aside(text: Path, header: Text, label: str, workdir: Path, reject: Reject) -> Path:
    """A copy of `text` (UTF-8), with commas, without its broken lines, which go to `reject`.

    Raises InputProblem for an enormous cell or too many broken lines.
    """
    target = workdir / f"clean-{sum(1 for _ in workdir.iterdir())}.csv"
    width = len(header.header)
    broken = 0
    with (
        disk_errors(workdir),
        text.open(encoding="utf-8", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as sink,
    ):
        reader = csv.reader(bounded_lines(source, label), delimiter=header.delimiter, strict=True)
        writer = csv.writer(sink, lineterminator="\n")
        while True:
            line = reader.line_num + 1
            try:
                values = next(reader)
            except StopIteration:
                return target
            except csv.Error as error:
                reason, values = _reason(error, label, line), []
            else:
                reason = _width_trouble(len(values), width) if values else ""
            if reason:
                broken += 1
                if broken > MAX_BROKEN_LINES:
                    raise _too_many(label, line)
                shown = shorten(header.delimiter.join(values)) if values else None
                reject(Rejection(label, reason, REMEDY, line=line, value=shown))
            elif values:
                writer.writerow(values)


def _width_trouble(found: int, expected: int) -> str:
    if found == expected:
        return ""
    return f"la ligne a {'plus' if found > expected else 'moins'} de colonnes que l’en-tête."


def _reason(error: csv.Error, label: str, line: int) -> str:
    if "field larger" in str(error):
        raise InputProblem(
            label,
            "une cellule est démesurée (un guillemet n’est pas fermé ?).",
            "Le fichier est abîmé : reprenez l’original.",
            line=line,
        ) from error
    return "la ligne est mal formée (guillemets)."


def _too_many(label: str, line: int) -> InputProblem:
    return InputProblem(
        label,
        f"plus de {MAX_BROKEN_LINES} lignes sont mal formées (séparateur, guillemets ou nombre de colonnes).",
        "Reprenez le fichier d’origine, sans l’ouvrir dans un tableur.",
        line=line,
    )
