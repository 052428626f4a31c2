"""Lists of public aids: the CSV that Aides-territoires exports, its official schema, the answers of its API, and the
feeds of those who give aids (ADEME « agir », départements, Région Île-de-France).

Contacts are not read: they name agents, and the page of the aid gives them. Nothing is guessed: a row whose name, link
or dates cannot be read is set aside with the reason, the others are given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from essor.formats.aid_cells import (
    AidTrouble,
    as_day,
    as_link,
    as_list,
    as_recurrence,
    as_text,
    as_yes,
    audience_codes,
)
from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.readers import Kind, sniff
from essor.formats.rows import read_csv_rows

MAX_BYTES = 30 << 20
SITE = "https://aides-territoires.beta.gouv.fr"
REMEDY = "Corrigez cette aide dans le fichier, ou demandez un nouvel export."


@dataclass(frozen=True)
class Aid:
    """An aid as its list gives it. `place` is the line of the file, or the rank of the aid in a JSON list.

    `key` names the aid in its list. `audiences` are the words of the list, `audience_codes` ours. `link_is_unreadable`
    when the list gives an address that is none.
    """

    place: int
    key: str
    name: str
    link: str = ""
    link_is_unreadable: bool = False
    financers: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    audience_codes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    is_call: bool = False
    recurrence: str = ""
    description: str = ""
    perimeter: str = ""
    opens_on: date | None = None
    deadline: date | None = None


@dataclass(frozen=True)
class Form:
    """A form of list: its code, its French name, and in which columns or keys each fact stands."""

    code: str
    label: str
    keys: Mapping[str, tuple[str, ...]]
    separators: str = ";"
    base: str = ""
    by_default: Mapping[str, Any] = field(default_factory=dict)


LIST = Form(
    "aides-territoires-liste",
    "liste d’Aides-territoires (CSV)",
    {
        "name": ("Nom",), "link": ("Lien",), "financers": ("Financeurs",), "audiences": ("Bénéficiaire",),
        "kinds": ("Types d'aides",), "is_call": ("AAP/AMI",), "recurrence": ("Récurrence",),
        "description": ("Descriptif",), "deadline": ("Date Clôture",),
    },
)  # fmt: skip
SCHEMA = Form(
    "aides-territoires-schema",
    "schéma officiel d’Aides-territoires (CSV)",
    {
        "id": ("ID", "Fragment d'URL"), "name": ("Nom",), "link": ("URL d'origine",),
        "financers": ("Porteurs d'aides",), "audiences": ("Bénéficiaires de l'aide",), "kinds": ("Types d'aide",),
        "themes": ("Sous-thématiques",), "is_call": ("Appel à projet / Manifestation d'intérêt",),
        "recurrence": ("Récurrence",), "description": ("Description complète de l'aide et de ses objectifs",),
        "perimeter": ("Périmètre",), "opens_on": ("Date d'ouverture",), "deadline": ("Date de clôture",),
    },
    separators=",",
)  # fmt: skip
API = Form(
    "aides-territoires-api",
    "réponse de l’API d’Aides-territoires (JSON)",
    {
        "id": ("id", "slug"), "name": ("name",), "link": ("origin_url", "url"), "financers": ("financers",),
        "audiences": ("targeted_audiences",), "kinds": ("aid_types",), "themes": ("categories",),
        "is_call": ("is_call_for_project",), "recurrence": ("recurrence",), "description": ("description",),
        "perimeter": ("perimeter",), "opens_on": ("start_date",), "deadline": ("submission_deadline",),
    },
    base=SITE,
)  # fmt: skip
ADEME = Form(
    "ademe",
    "flux « Agir » de l’ADEME (JSON)",
    {
        "id": ("id",), "name": ("titre",), "link": ("url_agir",), "themes": (), "description": ("description_longue",),
        "perimeter": ("couverture_geo",), "opens_on": ("date_debut",), "deadline": ("date_fin",),
    },
    by_default={"financers": "ADEME"},
)  # fmt: skip
ILE_DE_FRANCE = Form(
    "ile-de-france",
    "guide des aides de la Région Île-de-France (JSON)",
    {
        "id": ("reference",), "name": ("title",), "audiences": ("publicsBeneficiaire",), "themes": ("competences",),
        "description": ("entete", "objectif"), "opens_on": ("dateOuvertureProchaineSession",),
        "deadline": ("dateFinCampagne", "dateFermetureDepot"),
    },
    by_default={"financers": "Région Île-de-France", "perimeter": "Île-de-France"},
)  # fmt: skip
FORMS = {form.code: form for form in (LIST, SCHEMA, API, ADEME, ILE_DE_FRANCE)}


@dataclass(frozen=True)
class AidList:
    """The form that was recognised, the aids read, how many rows the file has, refused ones included."""

    form: Form
    aids: tuple[Aid, ...]
    rows: int


def read_aids(path: Path, reject: Reject) -> AidList:
    """The aids of a list of any known form, told by its content; rows that cannot be read go to `reject`.

    Raises InputProblem when the file is none of the known forms, or is damaged.
    """
    kind = sniff(path)
    if path.stat().st_size > MAX_BYTES:
        raise InputProblem(path.name, "le fichier dépasse 30 Mo.", "Découpez-le en plusieurs listes.")
    if kind is Kind.JSON:
        form, rows = _json_rows(path)
    elif kind is Kind.TEXT:
        form, rows = _csv_rows(path)
    else:
        raise InputProblem(
            path.name,
            f"ce n’est pas une liste d’aides : {kind.value} trouvé.",
            "Formats lus : CSV d’Aides-territoires, JSON de son API, flux de l’ADEME, d’Île-de-France.",
        )
    aids: dict[str, Aid] = {}
    count = 0
    for place, row in rows:
        count += 1
        try:
            aid = _aid(form, place, row)
            if aid.key in aids:
                raise AidTrouble(
                    f"cette aide est déjà dans la liste (n° {aids[aid.key].place}).",
                    column=_column(form, "id" if "id" in form.keys else "link"),
                    value=aid.key,
                )
        except AidTrouble as trouble:
            reject(_rejection(path, form, place, trouble))
        else:
            aids[aid.key] = aid
    if not count:
        raise InputProblem(
            path.name, "la liste ne contient aucune aide.", "Vérifiez que c’est le bon fichier."
        )
    return AidList(form, tuple(aids.values()), count)


def _rejection(path: Path, form: Form, place: int, trouble: AidTrouble) -> Rejection:
    in_table = form in (LIST, SCHEMA)
    return Rejection(
        path.name,
        trouble.reason if in_table else f"aide n° {place} : {trouble.reason}",
        trouble.remedy or REMEDY,
        line=place if in_table else None,
        column=trouble.column,
        value=None if trouble.value is None else shorten(trouble.value),
    )


def _csv_rows(path: Path) -> tuple[Form, Iterator[tuple[int, Mapping[str, Any]]]]:
    rows = list(read_csv_rows(path))
    if not rows:
        raise InputProblem(
            path.name, "la liste ne contient aucune aide.", "Vérifiez que c’est le bon fichier."
        )
    columns = {_plain(name) for name in rows[0].cells}
    form = next((one for one in (LIST, SCHEMA) if _requires(one) <= columns), None)
    if form is None:
        raise InputProblem(
            path.name,
            "ses colonnes ne sont ni celles de l’export, ni celles du schéma officiel d’Aides-territoires.",
            "Reprenez l’export d’Aides-territoires sans changer ses titres de colonnes.",
            line=1,
        )

    return form, ((row.line, {_plain(name): cell for name, cell in row.cells.items()}) for row in rows)


def _plain(name: str) -> str:
    """A column name with straight apostrophes: spreadsheets curl them."""
    return name.replace("’", "'").strip()


def _requires(form: Form) -> set[str]:
    return {form.keys["name"][0], form.keys["audiences"][0]}


def _json_rows(path: Path) -> tuple[Form, Iterator[tuple[int, Mapping[str, Any]]]]:
    content = _json(path)
    rows: Any = content
    form = API
    if isinstance(content, dict):
        name = next((key for key in ("results", "aides", "ListeDispositifs") if key in content), None)
        rows = content.get(name) if name else None
        form = ADEME if name == "ListeDispositifs" else API
    elif isinstance(content, list) and any(
        isinstance(row, dict) and "publicsBeneficiaire" in row for row in content
    ):
        form = ILE_DE_FRANCE
    if not isinstance(rows, list):
        raise InputProblem(
            path.name,
            "ce JSON n’est pas une liste d’aides : ni « results », ni « aides », ni « ListeDispositifs ».",
            "Donnez la réponse entière de l’API, ou le flux tel que le fournisseur le publie.",
        )
    return form, ((place, row if isinstance(row, dict) else {"": row}) for place, row in enumerate(rows, 1))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputProblem(
            path.name, "le texte n’est pas en UTF-8.", "Enregistrez le fichier JSON en UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise InputProblem(
            path.name,
            f"le JSON est abîmé ou incomplet (colonne {error.colno}).",
            "Téléchargez-le de nouveau.",
            line=error.lineno,
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputProblem(
            path.name,
            "le JSON est démesuré (trop d’étages, ou un nombre immense).",
            "Reprenez le flux d’origine.",
        ) from error


def _column(form: Form, fact: str) -> str:
    return next(iter(form.keys.get(fact, ())), fact)


def _aid(form: Form, place: int, row: Mapping[str, Any]) -> Aid:
    """The aid of a row. Raises AidTrouble."""

    def read(fact: str, convert: Callable[[Any], Any]) -> Any:
        for key in form.keys.get(fact, ()):
            value = row.get(key)
            if value not in (None, "", [], {}):
                try:
                    return convert(value)
                except AidTrouble as trouble:
                    raise trouble.at(key, value) from None
        return convert(form.by_default.get(fact))

    def several(value: Any) -> tuple[str, ...]:
        return as_list(value, form.separators)

    name = read("name", lambda value: as_text(value, 300))
    if not name:
        raise AidTrouble("le nom de l’aide manque.", column=_column(form, "name"))
    link, unreadable = read("link", lambda value: as_link(value, form.base))
    opens_on, deadline = read("opens_on", as_day), read("deadline", as_day)
    if opens_on and deadline and deadline < opens_on:
        raise AidTrouble(
            "la clôture est avant l’ouverture.", column=_column(form, "deadline"), value=deadline.isoformat()
        )
    financers, audiences = read("financers", several), read("audiences", several)
    identifier = read("id", lambda value: as_text(value, 200))
    return Aid(
        place=place,
        key=identifier or link or f"{name} | {', '.join(financers)}"[:300],
        name=name,
        link=link,
        link_is_unreadable=unreadable,
        financers=financers,
        audiences=audiences,
        audience_codes=audience_codes(audiences),
        kinds=read("kinds", several),
        themes=read("themes", several),
        is_call=read("is_call", as_yes),
        recurrence=read("recurrence", as_recurrence),
        description=read("description", lambda value: as_text(value, 20_000)),
        perimeter=read("perimeter", lambda value: as_text(value, 200)),
        opens_on=opens_on,
        deadline=deadline,
    )
