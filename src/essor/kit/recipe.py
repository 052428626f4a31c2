"""A recipe: a scheme that an authority really ran, as a file that another can adopt. Pure.

The descriptive part is the same for every kind; `body` is what the kind's own model reads, once a lever brings it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.french import euros
from essor.kit.fiche import Source
from essor.kit.front_matter import ContentError, Reader, mapping
from essor.kit.words import GUIDES, LEVELS

FORMAT = 1
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
LICENCE = "etalab-2.0"
LAST_VERSION, LARGEST_AMOUNT = 9_999, 10**14

# What a scheme is, and the room that will understand it.
KINDS: dict[str, str | Promise] = {
    "grant": gettext_lazy("Aide ou subvention à règle"),
    "call": gettext_lazy("Appel à projets ou à manifestation d’intérêt"),
    "fund": gettext_lazy("Fonds, prêt ou avance"),
    "plan": gettext_lazy("Plan ou feuille de route"),
    "instance": gettext_lazy("Instance"),
    "agreement": gettext_lazy("Convention entre collectivités"),
    "purchase": gettext_lazy("Achats : schéma, clause, marché réservé"),
    "stake": gettext_lazy("Capital et participations"),
    "cooperation": gettext_lazy("Pôle, filière, coopération"),
    "premises": gettext_lazy("Locaux, foncier, logement"),
    "support": gettext_lazy("Accompagnement"),
    "programme": gettext_lazy("Programme social suivi par ses résultats"),
    "voucher": gettext_lazy("Bon, chèque ou monnaie locale"),
    "event": gettext_lazy("Rendez-vous et animation"),
    "service": gettext_lazy("Service aux habitantes et habitants"),
    "participation": gettext_lazy("Participation et budget citoyen"),
    "data": gettext_lazy("Connaissance et données"),
    "sectors": gettext_lazy("Liste de politiques sectorielles"),
    "support_directory": gettext_lazy("Annuaire de l’accompagnement"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the scheme, as the source gives it: `value` and `unit` are for the machine, `text` for the page."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A source that is no guide: a decision, a page, what an authority says of its own scheme."""

    text: str

    @property
    def data(self) -> dict[str, str]:
        """As a file writes it."""
        return {"document": self.text}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A scheme: origin, year (0: not told), kind, levels, system of the mission's list, amount in euros (0: none)."""

    code: str
    version: int
    title: str
    kind: str
    origin: str
    year: str
    levels: tuple[str, ...]
    fiches: tuple[str, ...]
    source: Source | Document
    amount: int
    amount_words: str
    summary: str
    facts: tuple[Fact, ...]
    needs: tuple[str, ...]
    body: Mapping[str, Any]
    warning: str

    @property
    def kind_label(self) -> str:
        """In words."""
        return str(KINDS[self.kind])

    @property
    def amount_text(self) -> str:
        """The amount that stands out, in words; "" when the source gives none."""
        return f"{euros(self.amount, 0)} {self.amount_words}".strip() if self.amount else ""


def read_recipe(text: str, file: str) -> Recipe:
    """The recipe of a file. ContentError, in French, at the first fault."""
    return recipe_of(mapping(text, file), file)


def recipe_of(data: Mapping[str, Any], file: str) -> Recipe:
    """The recipe of a mapping, as `export` gives it back."""
    reader = Reader(data, file)
    if reader.raw("format") not in (None, FORMAT):
        raise reader.fail("format", data["format"], _("Cette version d’Essor lit le format %s.") % FORMAT)
    reader.choice("licence", [LICENCE], required=False)
    recipe = Recipe(
        code=_code(reader),
        version=reader.whole("version"),
        title=reader.text("title", longest=120),
        kind=reader.choice("kind", KINDS),
        origin=reader.text("origin", longest=120),
        year=reader.text("year", required=False, longest=40),
        levels=reader.choices("levels", LEVELS),
        fiches=reader.texts("fiches"),
        source=_source(Reader(reader.raw("source"), f"{file}, source")),
        amount=reader.whole("amount") if "amount" in data else 0,
        amount_words=reader.text("amount_words", required=False, longest=80),
        summary=reader.text("summary", longest=700),
        facts=tuple(
            _fact(each, f"{file}, fait {rank}") for rank, each in enumerate(reader.items("facts"), 1)
        ),
        needs=reader.texts("needs"),
        body=_body(reader),
        warning=reader.text("warning", required=False, longest=400),
    )
    reader.end()
    if recipe.version > LAST_VERSION or recipe.amount > LARGEST_AMOUNT:
        raise ContentError(
            _("%(file)s : la version (%(version)s au plus) ou le montant est trop grand.")
            % {"file": file, "version": LAST_VERSION}
        )
    if recipe.version < 1 or not recipe.levels or not recipe.fiches:
        raise ContentError(
            _("%(file)s : une recette a une version (1 ou plus), au moins un niveau et une fiche.")
            % {"file": file}
        )
    return recipe


def _code(reader: Reader) -> str:
    code = reader.text("code", longest=60)
    if not CODE.fullmatch(code):
        raise reader.fail("code", code, _("Écrivez des minuscules sans accent, des chiffres et des tirets."))
    return code


def _source(reader: Reader) -> Source | Document:
    if "document" in reader.data:
        found: Source | Document = Document(reader.text("document", longest=300))
    else:
        found = Source(GUIDES[reader.choice("guide", GUIDES)], reader.text("place", longest=120))
    reader.end()
    return found


def _fact(data: object, where: str) -> Fact:
    if not isinstance(data, dict) or len(data) != 1:
        raise ContentError(_("%s : écrivez « libellé: valeur », une ligne par fait.") % where)
    ((label, text),) = data.items()
    if not isinstance(text, str | int) or isinstance(text, bool) or not str(text).strip():
        raise ContentError(_("%s : écrivez la valeur entre guillemets, comme la source la donne.") % where)
    return Fact(str(label), str(text))


def _body(reader: Reader) -> Mapping[str, Any]:
    body = reader.raw("parameters")
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise reader.fail("parameters", body, _("Écrivez des lignes « paramètre: valeur »."))
    return {str(name): _plain(value) for name, value in body.items()}


def _plain(value: Any) -> Any:
    """The value as JSON holds it too: days written out, names of parameters as text."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def export(recipe: Recipe) -> dict[str, Any]:
    """The recipe as a mapping that `recipe_of` reads back into the same recipe."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "licence": LICENCE,
        "code": recipe.code,
        "version": recipe.version,
        "title": recipe.title,
        "kind": recipe.kind,
        "origin": recipe.origin,
        "year": recipe.year,
        "levels": list(recipe.levels),
        "fiches": list(recipe.fiches),
        "source": recipe.source.data,
        "amount": recipe.amount,
        "amount_words": recipe.amount_words,
        "summary": recipe.summary,
        "facts": [{fact.label: fact.text} for fact in recipe.facts],
        "needs": list(recipe.needs),
        "parameters": dict(recipe.body),
        "warning": recipe.warning,
    }
    return {name: value for name, value in data.items() if value not in ("", [], {})}
