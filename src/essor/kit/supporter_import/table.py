"""A table of supporters as agents keep it: the columns of the directory's own export, read back. No database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.rows import Row, read_csv_rows
from essor.kernel.text import fold
from essor.kit.enums_support import CHOICES, Axis
from essor.kit.supporter_import.entry import Entry

MAX_BYTES = 5 << 20
MAX_ROWS = 5000


@dataclass(frozen=True)
class Column:
    """A column: its title, what to write in it, whether it must be filled, its length, what may stand in it."""

    title: str | Promise
    told: str | Promise
    needed: bool = False
    longest: int = 0
    choices: tuple[str | Promise, ...] = ()


_CHOICES = gettext_lazy("Un ou plusieurs choix, séparés par « | »")
COLUMNS: dict[str, Column] = {
    "name": Column(
        gettext_lazy("Nom"), gettext_lazy("Le nom de l’acteur, une fois dans le fichier"), True, 200
    ),
    "offer": Column(gettext_lazy("Ce qu’il apporte"), gettext_lazy("Une ou deux phrases"), True, 2000),
    **{
        str(axis): Column(
            Axis(axis).label,
            _CHOICES,
            axis in (Axis.ROLE, Axis.STAGE),
            choices=tuple(choices.labels),
        )
        for axis, choices in CHOICES.items()
    },
    "conditions": Column(gettext_lazy("Conditions"), gettext_lazy("Public, gratuité, délais"), False, 2000),
    "place": Column(
        gettext_lazy("Où"),
        gettext_lazy("Un territoire ; vide ou « Partout en France » : la France"),
        False,
        100,
    ),
    "website": Column(gettext_lazy("Site"), gettext_lazy("https://…"), False, 300),
    "email": Column(
        gettext_lazy("Adresse électronique"),
        gettext_lazy("Celle de l’organisme, pas d’une personne"),
        False,
        254,
    ),
    "phone": Column(gettext_lazy("Téléphone"), gettext_lazy("Celui de l’organisme"), False, 30),
    "contact": Column(
        gettext_lazy("Contact"), gettext_lazy("Horaires, lieu ; pas de nom de personne"), False, 300
    ),
    "documents": Column(
        gettext_lazy("Documents"), gettext_lazy("À préparer, séparés par « | »"), False, 1000
    ),
    "source": Column(gettext_lazy("Source"), gettext_lazy("D’où vient cette description"), True, 300),
    "source_day": Column(
        gettext_lazy("Date de la source"), gettext_lazy("AAAA-MM-JJ ou JJ/MM/AAAA ; vide si inconnue")
    ),
}
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_EVERYWHERE = ("", "france", "partout en france")


class _Trouble(Exception):
    def __init__(self, column: str, value: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason, self.remedy = column, value, reason, remedy


def read_table(path: Path, reject: Reject) -> list[Entry]:
    """The supporters of a table; rows that cannot be read go to `reject`. InputProblem when it is no such table."""
    if path.stat().st_size > MAX_BYTES:
        raise InputProblem(path.name, _("le fichier dépasse 5 Mo."), _("Découpez-le en plusieurs listes."))
    titles = {fold(str(column.title)): name for name, column in COLUMNS.items()}
    found: dict[str, Entry] = {}
    rows = 0
    for row in read_csv_rows(path):
        cells = {titles[fold(title)]: cell for title, cell in row.cells.items() if fold(title) in titles}
        rows += 1
        if rows == 1:
            _check_titles(path, cells)
        if rows > MAX_ROWS:
            raise InputProblem(
                path.name,
                _("plus de %s lignes.") % MAX_ROWS,
                _("Découpez-le en plusieurs listes."),
                line=row.line,
            )
        try:
            entry = _entry(row, cells)
            twin = found.get(fold(entry.name))
            if twin is not None:
                raise _Trouble(
                    "name",
                    entry.name,
                    _("ce nom est déjà à la ligne %s.") % twin.line,
                    _("Gardez une seule ligne par acteur."),
                )
        except _Trouble as trouble:
            reject(_rejection(path, row.line, trouble))
        else:
            found[fold(entry.name)] = entry
    if not rows:
        raise InputProblem(
            path.name, _("la liste ne contient aucun acteur."), _("Vérifiez que c’est le bon fichier.")
        )
    return list(found.values())


def _check_titles(path: Path, cells: Mapping[str, str]) -> None:
    missing = [str(column.title) for name, column in COLUMNS.items() if column.needed and name not in cells]
    if missing:
        raise InputProblem(
            path.name,
            _("il manque la colonne « %s ».") % _(" », « ").join(missing),
            _("Partez du fichier d’exemple, sans changer ses titres."),
            line=1,
        )


def _rejection(path: Path, line: int, trouble: _Trouble) -> Rejection:
    return Rejection(
        path.name,
        trouble.reason,
        trouble.remedy,
        line=line,
        column=str(COLUMNS[trouble.column].title),
        value=shorten(trouble.value),
    )


def _entry(row: Row, cells: Mapping[str, str]) -> Entry:
    # The export puts an apostrophe before what a spreadsheet would take for a formula.
    texts = {name: re.sub(r"^'(?=[=+\-@])", "", cells.get(name, "").strip()) for name in COLUMNS}
    for name, column in COLUMNS.items():
        if column.needed and not texts[name]:
            raise _Trouble(name, "", _("cette case est vide."), _("Remplissez-la : elle est nécessaire."))
        if column.longest and len(texts[name]) > column.longest:
            raise _Trouble(
                name, texts[name], _("ce texte est trop long."), _("%s signes au plus.") % column.longest
            )
    values: dict[str, Any] = {
        name: texts[name] for name in ("name", "offer", "conditions", "phone", "contact", "source")
    }
    values["website"] = _checked("website", texts["website"], URLValidator(["http", "https"]))
    values["email"] = _checked("email", texts["email"], validate_email)
    values["documents"] = "\n".join(
        part.strip() for part in re.split(r"[|\n]", texts["documents"]) if part.strip()
    )
    values["source_day"] = _day(texts["source_day"])
    marks = {axis: _codes(axis, texts[axis]) for axis in CHOICES}
    place = "" if fold(texts["place"]) in _EVERYWHERE else texts["place"]
    return Entry(row.line, "", values, marks, place)


def _checked(name: str, text: str, validate: Any) -> str:
    try:
        if text:
            validate(text)
    except ValidationError as error:
        remedy = _("Écrivez https://…") if name == "website" else _("Écrivez nom@domaine.fr.")
        raise _Trouble(name, text, _("cette adresse n’est pas valable."), remedy) from error
    return text


def _day(text: str) -> date | None:
    french = _FRENCH_DAY.fullmatch(text)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _Trouble(
            "source_day", text, _("cette date n’existe pas."), _("Écrivez AAAA-MM-JJ ou JJ/MM/AAAA.")
        ) from error


def _codes(axis: str, text: str) -> tuple[str, ...]:
    """Codes of the labels of a cell; labels hold commas themselves: the longest that is known is taken."""
    labels = {fold(str(label)): code for code, label in CHOICES[axis].choices}
    labels |= {fold(code): code for code in CHOICES[axis].values}
    parts = re.split(r"[|\n]", text) if re.search(r"[|\n]", text) else text.split(",")
    parts = [part.strip() for part in parts if part.strip()]
    found: list[str] = []
    while parts:
        taken = next((size for size in range(len(parts), 0, -1) if fold(" ".join(parts[:size])) in labels), 0)
        if not taken:
            raise _Trouble(
                axis,
                parts[0],
                _("ce choix n’est pas connu."),
                _("Choisissez parmi : %s.") % " | ".join(str(label) for label in CHOICES[axis].labels[:20]),
            )
        found.append(labels[fold(" ".join(parts[:taken]))])
        parts = parts[taken:]
    return tuple(dict.fromkeys(found))


def sample() -> tuple[list[str], Iterable[list[str]]]:
    """A file to start from: the titles, and one row filled."""
    row = {
        "name": _("La Fabrique d’à côté"),
        "offer": _("Six mois pour passer d’une idée à une première activité."),
        str(Axis.ROLE): " | ".join(str(CHOICES[Axis.ROLE](code).label) for code in ("incubate", "advise")),
        str(Axis.STAGE): " | ".join(str(CHOICES[Axis.STAGE](code).label) for code in ("idea", "emergence")),
        str(Axis.THEME): str(CHOICES[Axis.THEME]("circular").label),
        str(Axis.GOAL): "12",
        "conditions": _("Gratuit, sur candidature."),
        "website": "https://www.exemple.fr",
        "documents": _("Note de projet | Équipe"),
        "source": _("Son site"),
        "source_day": "2026-01-15",
    }
    return [str(column.title) for column in COLUMNS.values()], [[row.get(name, "") for name in COLUMNS]]
