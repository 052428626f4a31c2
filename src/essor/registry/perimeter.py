"""The dated, versioned perimeter of the ESS: legal categories and activities that count, with their source.

A perimeter is a value: read from YAML (``data/perimeter/``) or from what an administrator edited, validated,
and known by its fingerprint. Source of the default one: law n° 2014-856 art. 1 and INSEE's nomenclature of
legal categories; each line says how sure it is.
"""

import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any, TypeVar

from essor.law import strict_yaml
from essor.law.labelled import Labelled
from essor.registry.enums import CategoryKind, Certainty, Family, Tag

_T = TypeVar("_T", bound=Labelled)
_CODE = re.compile(r"\d{4}", re.ASCII)
_NAF_PREFIX = re.compile(r"\d{2}(\.\d(\d[A-Z]?)?)?", re.ASCII)


class PerimeterError(ValueError):
    """A perimeter that cannot be used: ``problems`` lists every fault, in French, with its remedy."""

    def __init__(self, name: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"Périmètre « {name} » refusé : " + " ; ".join(self.problems))


@dataclass(frozen=True, slots=True)
class LegalCategory:
    """One INSEE legal category (level III, four digits) and what it says about the ESS."""

    code: str
    label: str
    kind: CategoryKind
    family: Family | None
    tags: tuple[Tag, ...]
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class ActivityExclusion:
    """An activity (prefix of NAF rév. 2, « 94.11Z » or « 84 ») left out for some families."""

    prefix: str
    families: frozenset[Family]
    label: str
    certainty: Certainty
    source: str

    def excludes(self, activity: str, family: Family) -> bool:
        """True when this NAF rév. 2 code (with its dot) falls under the exclusion for the family."""
        return family in self.families and activity.startswith(self.prefix)


@dataclass(frozen=True)
class Perimeter:
    """A version, in force from ``valid_from`` until the day before ``valid_to`` (None: still in force)."""

    version: str
    valid_from: date
    valid_to: date | None
    categories: Mapping[str, LegalCategory]
    exclusions: tuple[ActivityExclusion, ...]
    note: str = field(default="")

    def category(self, code: str | None) -> LegalCategory | None:
        """The legal category of this code, None when the code is empty or unknown."""
        return self.categories.get(code or "")

    def exclusion(self, activity: str | None, family: Family | None) -> ActivityExclusion | None:
        """The exclusion that bears on this activity (« 94.11Z ») for this family, or None."""
        if not activity or family is None:
            return None
        return next((rule for rule in self.exclusions if rule.excludes(activity, family)), None)

    def codes(self, kind: CategoryKind, family: Family | None = None) -> tuple[str, ...]:
        """Codes of the categories of one kind (and family), sorted: what a query on SIRENE filters by."""
        return tuple(
            sorted(
                category.code
                for category in self.categories.values()
                if category.kind is kind and (family is None or category.family is family)
            )
        )

    def in_force(self, on: date) -> bool:
        """True when this version applies on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form, complete and in a stable order: ``from_dict`` gives an equal perimeter back."""
        return {
            "version": self.version,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "note": self.note,
            "exclusions": [
                {
                    "prefix": rule.prefix,
                    "families": sorted(str(family.value) for family in rule.families),
                    "label": rule.label,
                    "certainty": str(rule.certainty.value),
                    "source": rule.source,
                }
                for rule in self.exclusions
            ],
            "categories": [
                {
                    "code": category.code,
                    "label": category.label,
                    "kind": str(category.kind.value),
                    "family": str(category.family.value) if category.family else None,
                    "tags": [str(tag.value) for tag in category.tags],
                    "certainty": str(category.certainty.value),
                    "source": category.source,
                }
                for _, category in sorted(self.categories.items())
            ],
        }

    @classmethod
    def from_dict(cls, data: Any, name: str = "sans nom") -> "Perimeter":
        """Build and validate a perimeter from ``to_dict``'s form or from the YAML's.

        ``source`` may be a key of the table ``sources`` (as in the YAML) or the text itself.
        Raises ``PerimeterError`` with every fault found.
        """
        return _Reader(name).read(data)

    @cached_property
    def _fingerprint(self) -> str:
        canonical = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON: two perimeters with the same content have the same one."""
        return self._fingerprint


class _Reader:
    """Turns untrusted data into a perimeter, collecting every fault instead of stopping at the first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[str] = []
        self.sources: Mapping[Any, Any] = {}

    def read(self, data: Any) -> Perimeter:
        if not isinstance(data, Mapping):
            raise PerimeterError(
                self.name, ["le fichier doit contenir des clés (version, valid_from, categories…)"]
            )
        version = data.get("version")
        if not isinstance(version, str) or not version.strip():
            self.problems.append('« version » manque ou n’est pas un texte : écrivez par exemple "2026-11"')
        valid_from = self._date(data.get("valid_from"), "valid_from", required=True)
        valid_to = self._date(data.get("valid_to"), "valid_to", required=False)
        if valid_from and valid_to and valid_to <= valid_from:
            self.problems.append("« valid_to » doit être après « valid_from »")
        self.sources = self._table(data.get("sources", {}))
        categories = self._categories(self._rows(data, "categories"))
        exclusions = self._exclusions(self._rows(data, "exclusions"))
        if self.problems or valid_from is None:
            raise PerimeterError(self.name, self.problems)
        return Perimeter(
            version=str(version).strip(),
            valid_from=valid_from,
            valid_to=valid_to,
            categories=categories,
            exclusions=exclusions,
            note=str(data.get("note") or "").strip(),
        )

    def _table(self, value: Any) -> Mapping[Any, Any]:
        if isinstance(value, Mapping):
            return value
        self.problems.append("« sources » doit être une table (clé : texte de la source)")
        return {}

    def _rows(self, data: Mapping[Any, Any], key: str) -> list[Any]:
        rows = data.get(key)
        if isinstance(rows, list):
            return rows
        self.problems.append(f"« {key} » manque ou n’est pas une liste")
        return []

    def _date(self, value: Any, key: str, *, required: bool) -> date | None:
        if type(value) is date:
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if value is not None or required:
            self.problems.append(f"« {key} » doit être une date AAAA-MM-JJ (lu : {value!r})")
        return None

    def _categories(self, rows: list[Any]) -> dict[str, LegalCategory]:
        categories: dict[str, LegalCategory] = {}
        for number, row in enumerate(rows, start=1):
            where = f"categories, ligne {number}"
            if not isinstance(row, Mapping):
                self.problems.append(f"{where} : table attendue (code, label, kind…)")
                continue
            code = row.get("code")
            if not isinstance(code, str) or not _CODE.fullmatch(code):
                self.problems.append(
                    f'{where} : code « {code} » : quatre chiffres entre guillemets attendus, comme "9220"'
                )
                continue
            where = f"catégorie {code}"
            if code in categories:
                self.problems.append(f"{where} : code écrit deux fois, gardez une seule ligne")
                continue
            categories[code] = self._category(code, row, where)
        if not rows:
            self.problems.append("aucune catégorie juridique : le périmètre serait vide")
        return categories

    def _category(self, code: str, row: Mapping[Any, Any], where: str) -> LegalCategory:
        kind = self._choice(CategoryKind, row.get("kind"), where, "nature")
        family = None
        if row.get("family") is not None:
            family = self._choice(Family, row.get("family"), where, "famille")
        if (kind is CategoryKind.BY_STATUS) != (row.get("family") is not None):
            self.problems.append(f"{where} : une famille est demandée pour « by_status », et seulement là")
        raw_tags = row.get("tags") or []
        if not isinstance(raw_tags, list):
            self.problems.append(f"{where} : « tags » doit être une liste")
            raw_tags = []
        tags = [self._choice(Tag, tag, where, "étiquette") for tag in raw_tags]
        return LegalCategory(
            code=code,
            label=self._text(row.get("label"), where, "libellé"),
            kind=kind or CategoryKind.CANNOT_BE_ESS,
            family=family,
            tags=tuple(tag for tag in tags if tag is not None),
            certainty=self._choice(Certainty, row.get("certainty"), where, "certitude") or Certainty.UNKNOWN,
            source=self._source(row.get("source"), where),
        )

    def _exclusions(self, rows: list[Any]) -> tuple[ActivityExclusion, ...]:
        exclusions: list[ActivityExclusion] = []
        covered: set[tuple[str, Family]] = set()
        for number, row in enumerate(rows, start=1):
            where = f"exclusions, ligne {number}"
            if not isinstance(row, Mapping):
                self.problems.append(f"{where} : table attendue (prefix, families, label…)")
                continue
            prefix = row.get("prefix")
            if not isinstance(prefix, str) or not _NAF_PREFIX.fullmatch(prefix):
                self.problems.append(
                    f"{where} : « {prefix} » n’est pas un début de code NAF rév. 2, "
                    'écrivez par exemple "84", "94.1" ou "94.11Z"'
                )
                continue
            where = f"exclusion {prefix}"
            raw_families = row.get("families")
            if not isinstance(raw_families, list) or not raw_families:
                self.problems.append(f"{where} : « families » doit lister au moins une famille")
                continue
            found = [self._choice(Family, value, where, "famille") for value in raw_families]
            families = frozenset(family for family in found if family is not None)
            for family in families:
                if (prefix, family) in covered:
                    self.problems.append(f"{where} : déjà exclue pour la famille « {family.label} »")
                covered.add((prefix, family))
            exclusions.append(
                ActivityExclusion(
                    prefix=prefix,
                    families=families,
                    label=self._text(row.get("label"), where, "libellé"),
                    certainty=self._choice(Certainty, row.get("certainty"), where, "certitude")
                    or Certainty.UNKNOWN,
                    source=self._source(row.get("source"), where),
                )
            )
        return tuple(exclusions)

    def _text(self, value: Any, where: str, what: str) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            self.problems.append(f"{where} : {what} manquant")
        return text

    def _source(self, value: Any, where: str) -> str:
        if isinstance(value, str) and value in self.sources:
            value = self.sources[value]
        return self._text(value, where, "source")

    def _choice(self, choices: type[_T], value: Any, where: str, what: str) -> _T | None:
        for member in choices:
            if member.value == value:
                return member
        known = ", ".join(str(member.value) for member in choices)
        self.problems.append(f"{where} : {what} « {value} » inconnue (valeurs admises : {known})")
        return None


def read_perimeter(text: str, name: str) -> Perimeter:
    """Read a perimeter from YAML text. Raises ``PerimeterError`` (French) when it is not usable."""
    try:
        data = strict_yaml.load(text, name)
    except strict_yaml.YamlProblem as error:
        raise PerimeterError(name, [str(error)]) from error
    return Perimeter.from_dict(data, name)


def check_succession(perimeters: Iterable[Perimeter]) -> tuple[Perimeter, ...]:
    """Order versions by date and refuse two with the same name or in force on the same day."""
    ordered = sorted(perimeters, key=lambda perimeter: (perimeter.valid_from, perimeter.version))
    problems = []
    versions = [perimeter.version for perimeter in ordered]
    problems += [
        f"la version « {version} » existe deux fois"
        for version in sorted({version for version in versions if versions.count(version) > 1})
    ]
    for earlier, later in itertools.pairwise(ordered):
        if earlier.valid_to is None or earlier.valid_to > later.valid_from:
            problems.append(
                f"les versions « {earlier.version} » et « {later.version} » se recouvrent à partir du "
                f"{later.valid_from.isoformat()} : donnez à la première un « valid_to » à cette date ou avant"
            )
    if problems:
        raise PerimeterError("succession des versions", problems)
    return tuple(ordered)


@lru_cache(maxsize=1)
def shipped_perimeters() -> tuple[Perimeter, ...]:
    """Every version shipped with Essor, oldest first."""
    folder = resources.files("essor.registry").joinpath("data", "perimeter")
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name
    )
    return check_succession(read_perimeter(entry.read_text(encoding="utf-8"), entry.name) for entry in files)


def default_perimeter(on: date | None = None) -> Perimeter:
    """The shipped version in force on a day, or the latest one when no day is given.

    Raises ``PerimeterError`` for a day before the law of 31 July 2014 came into force.
    """
    versions = shipped_perimeters()
    if on is None:
        return versions[-1]
    for perimeter in reversed(versions):
        if perimeter.in_force(on):
            return perimeter
    raise PerimeterError(
        "Essor",
        [
            f"aucune version n’est en vigueur le {on.isoformat()} (la première commence le "
            f"{versions[0].valid_from.isoformat()}) : choisissez un autre jour"
        ],
    )
