"""One edition for each monthly stock of a folder: what is already built is passed over, so that a run can be resumed.

The folder has one folder a month, named AAAA-MM (rules of its first day) or AAAA-MM-JJ, with the official files of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from essor.formats.problems import InputProblem, OutOfSpace
from essor.kernel import audit
from essor.registry import editions, perimeter_store
from essor.registry.edition_words import scope_name
from essor.registry.models import Edition
from essor.registry.perimeter import PerimeterError
from essor.registry.sources import find_sources

_NAME = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True)
class Month:
    """The official files of a month, by kind, and the day of the rules."""

    folder: Path
    day: date
    files: dict[str, list[str]]


@dataclass(frozen=True)
class Outcome:
    """What became of a month: its edition, already there or just built, or why there is none."""

    month: Month
    edition: Edition | None
    built: bool = False
    problem: str = ""


def find_months(folder: Path) -> list[Month]:
    """The months of a folder, oldest first. Raises InputProblem when there is none."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        day = _day_of(path.name) if path.is_dir() else None
        if day is None:
            continue
        files: dict[str, list[str]] = {}
        for source in find_sources(path):
            if source.kind:
                files.setdefault(source.kind, []).append(str(source.path))
        found.append(Month(path, day, files))
    if not found:
        raise InputProblem(
            str(folder),
            _("aucun dossier mensuel n’y est."),
            _("Rangez les fichiers de chaque mois dans un dossier nommé AAAA-MM."),
        )
    return sorted(found, key=lambda month: month.day)


def _day_of(name: str) -> date | None:
    parts = _NAME.fullmatch(name)
    if parts is None:
        return None
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
    except ValueError:
        return None


def build_months(
    months: list[Month], request: editions.BuildRequest, show: editions.Show
) -> Iterator[Outcome]:
    """Build what is missing, month by month, as `request` says (its day, files and empty perimeter are each month's).

    A month that cannot be built is told and does not stop the others. Raises OutOfSpace: the others would lack it too.
    """
    for month in months:
        try:
            version = request.perimeter_version or perimeter_store.in_force(month.day).version
            asked = replace(request, day=month.day, perimeter_version=version, files=month.files)
            known = _already_built(asked)
            yield Outcome(month, known) if known else Outcome(month, _build(month, asked, show), built=True)
        except OutOfSpace:
            raise
        except ValidationError as error:
            yield Outcome(month, None, problem=" ".join(error.messages))
        except (InputProblem, PerimeterError) as problem:
            yield Outcome(month, None, problem=str(problem))


def _build(month: Month, request: editions.BuildRequest, show: editions.Show) -> Edition:
    name = month.folder.name
    edition = editions.build_edition(request, lambda _step, done, total: show(name, done, total))
    audit.record(
        "registry.edition.built", actor_id=None, subject=edition, data={"scope": scope_name(edition.scope)}
    )
    return edition


def _already_built(request: editions.BuildRequest) -> Edition | None:
    """The edition of the same territory, day, perimeter and engine, made from files of the same names and sizes."""
    wanted = sorted((kind, Path(path).name, Path(path).stat().st_size) for kind, paths in request.files.items()
                    for path in paths)  # fmt: skip
    same = Edition.objects.filter(
        scope=request.scope, day=request.day, perimeter_version=request.perimeter_version
    )
    for edition in same:
        sources = edition.manifest["sources"]
        if edition.manifest.get("engine", "duckdb") == request.engine and wanted == sorted(
            (each["role"], each["name"], each["size"]) for each in sources
        ):
            return edition
    return None
