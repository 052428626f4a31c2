"""What a person says of the columns of a directory, and what their headers let guess. Pure."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from essor.kernel.text import fold
from essor.registry.enums import Tag

# Field → (label, headers that usually hold it, folded, the surest first).
FIELDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "name": (
        _("Nom de la structure"),
        ("raison sociale", "nom de la structure", "nom structure", "denomination", "denomination sociale", "nom",
         "name", "structure", "libelle", "titre", "organisation", "nom de l organisation", "denominationunitelegale"),
    ),
    "other_name": (
        _("Autre nom (enseigne, structure porteuse…)"),
        ("enseigne", "nom commercial", "nom d usage", "brand", "nom strc port", "structure porteuse",
         "nom de la structure porteuse", "gestionnaire", "organisme gestionnaire", "sigle"),
    ),
    "number": (
        _("SIRET ou SIREN"),
        ("siret", "numero siret", "n siret", "no siret", "siret de la structure", "siren", "numero siren", "n siren"),
    ),
    "rna": (_("Numéro RNA"), ("rna", "numero rna", "n rna", "id rna")),
    "own_id": (
        _("Numéro propre à l’annuaire"),
        ("id", "id unique", "identifiant", "identifiant unique", "uid", "uuid", "reference"),
    ),
    "address": (
        _("Adresse"),
        ("adresse", "adresse postale", "address", "voie", "rue", "adresse 1", "adresse complete"),
    ),
    "postal_code": (_("Code postal"), ("code postal", "codpost", "cp", "post code", "postcode", "codepostal")),
    "commune": (
        _("Commune (nom ou code Insee)"),
        ("commune", "ville", "city", "localite", "nom commune", "libelle commune", "insee", "code insee",
         "code commune"),
    ),
    "website": (
        _("Site web"),
        ("site web", "site internet", "internet", "site", "url", "website", "contact social website", "lien"),
    ),
    "phone": (_("Téléphone"), ("telephone", "tel", "telephone de la structure", "numero de telephone", "phone")),
    "kind": (
        _("Type ou étiquette"),
        ("type de structure", "type", "kind", "type d etablissement", "categorie", "statut", "nature"),
    ),
}  # fmt: skip
REQUIRED = "name"


@dataclass(frozen=True)
class Preset:
    """A directory that many authorities import: its name, and the tag that its rows bear."""

    code: str
    name: str
    fixed_tags: tuple[str, ...] = ()


PRESETS: tuple[Preset, ...] = (
    Preset("carteco", "Carteco"),
    Preset("handeco", "Handeco"),
    Preset("marche-inclusion", "Le marché de l’inclusion"),
    Preset("tiers-lieux", "France Tiers-Lieux", (Tag.THIRD_PLACE.value,)),
)

# How kinds of structures are written in these lists, folded → tag.
_KINDS: dict[str, str] = {
    "acipi": Tag.ACI.value,
    "entreprise adaptee de travail temporaire": Tag.EA.value,
    "eatt": Tag.EA.value,
    "etablissement et service d aide par le travail": Tag.ESAT.value,
    "etablissement ou service d aide par le travail": Tag.ESAT.value,
    "etablissement et service d accompagnement par le travail": Tag.ESAT.value,
    "atelier chantier d insertion": Tag.ACI.value,
    "ateliers et chantiers d insertion": Tag.ACI.value,
    "cooperative d activites et d emploi": Tag.CAE.value,
    "tiers lieux": Tag.THIRD_PLACE.value,
}


@dataclass(frozen=True)
class Mapping:
    """Which column holds what, and which tags the rows bring."""

    columns: AnyMapping[str, str] = field(default_factory=dict)  # field → column
    fixed_tags: tuple[str, ...] = ()
    kind_tags: AnyMapping[str, str] = field(default_factory=dict)  # folded value of « kind » → tag

    def to_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "columns": dict(self.columns),
            "fixed_tags": list(self.fixed_tags),
            "kind_tags": dict(self.kind_tags),
        }

    @classmethod
    def from_dict(cls, data: AnyMapping[str, Any]) -> "Mapping":
        """What was kept; fields and tags that this version no longer knows are left aside."""
        known = {tag.value for tag in Tag}
        return cls(
            {name: str(column) for name, column in dict(data.get("columns") or {}).items() if name in FIELDS},
            tuple(tag for tag in data.get("fixed_tags") or () if tag in known),
            {str(k): str(v) for k, v in dict(data.get("kind_tags") or {}).items() if v in known},
        )

    def fits(self, columns: Sequence[str]) -> bool:
        """True when the file has all the columns that were chosen, the name among them."""
        return bool(self.columns.get(REQUIRED)) and set(self.columns.values()) <= set(columns)

    def tags_for(self, kind: str) -> tuple[str, ...]:
        """The tags of a row of this kind, each once, in order."""
        brought = self.kind_tags.get(fold(kind))
        return tuple(sorted({*self.fixed_tags, *([brought] if brought else [])}))


def guess(columns: Sequence[str], fixed_tags: Sequence[str] = ()) -> Mapping:
    """What the headers let think: each column once, each field its surest header."""
    by_words: dict[str, str] = {}
    for column in columns:
        by_words.setdefault(fold(column), column)
    chosen: dict[str, str] = {}
    for name, (_label, headers) in FIELDS.items():
        free = [
            header for header in headers if header in by_words and by_words[header] not in chosen.values()
        ]
        if free:
            chosen[name] = by_words[free[0]]
    return Mapping(chosen, tuple(fixed_tags))


def kept_or_guessed(
    kept: AnyMapping[str, Any], columns: Sequence[str], fixed_tags: Sequence[str] = ()
) -> Mapping:
    """The mapping of the last time where the file still has its columns; what is missing is guessed."""
    guessed = guess(columns, fixed_tags)
    if not kept:
        return guessed
    last = Mapping.from_dict(kept)
    still = {name: column for name, column in last.columns.items() if column in columns}
    lost = set(last.columns) - set(still)
    again = {
        name: column
        for name, column in guessed.columns.items()
        if name in lost and column not in still.values()
    }
    return Mapping({**still, **again}, last.fixed_tags, last.kind_tags)


def guess_tag(value: str) -> str:
    """The tag that a value of « type » names: its code, its label or a usual way to write it; else empty."""
    words = fold(value)
    for tag in Tag:
        if words in (fold(tag.value), fold(tag.label), fold(tag.label) + "s"):
            return tag.value
    if words in _KINDS:
        return _KINDS[words]
    # « Entreprise d’insertion (EI) », « EI – Entreprise d’insertion »
    for tag in Tag:
        if len(tag.label) > 8 and fold(tag.label) in words:
            return tag.value
    return next((tag for usual, tag in _KINDS.items() if len(usual) > 8 and usual in words), "")


def guess_kind_tags(values: Sequence[str], kept: AnyMapping[str, str]) -> dict[str, str]:
    """For each value (folded), the tag said last time, else the one it names, else empty."""
    return {fold(value): kept.get(fold(value), guess_tag(value)) for value in values}
