"""A fiche or a recipe told in words, field by field: what differences compare and people read. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.goals import GOALS
from essor.kit.editing.texts import BODY, parts
from essor.kit.models.content import ContentKind
from essor.kit.recipe import KINDS
from essor.kit.sectors import sectors
from essor.kit.words import FIELDS, GUIDES, LEVELS, LEVER_KINDS
from essor.law.rules import RULES
from essor.law.rules.competence import Domain, Support

LABELS: dict[str, str | Promise] = {
    "code": gettext_lazy("Code"),
    "title": gettext_lazy("Titre"),
    "summary": gettext_lazy("Résumé"),
    "field": gettext_lazy("Champ d’action"),
    "kind": gettext_lazy("Nature"),
    "version": gettext_lazy("Version de la recette"),
    "origin": gettext_lazy("Qui l’a fait"),
    "year": gettext_lazy("Quand"),
    "source": gettext_lazy("Source des faits"),
    "levels": gettext_lazy("Niveaux de collectivité"),
    "sectors": gettext_lazy("Politiques"),
    "odd": gettext_lazy("Objectifs de développement durable"),
    "asks": gettext_lazy("Questions à la règle de compétence"),
    "rules": gettext_lazy("Règles du droit proposées"),
    "levers": gettext_lazy("Leviers"),
    "examples": gettext_lazy("Exemples"),
    "helpers": gettext_lazy("Qui peut aider"),
    "see": gettext_lazy("À lire aussi"),
    "fiches": gettext_lazy("Fiches"),
    "amount": gettext_lazy("Montant en euros"),
    "amount_words": gettext_lazy("Ce que dit le montant"),
    "facts": gettext_lazy("Faits et chiffres"),
    "needs": gettext_lazy("Ce qu’il faut pour la reprendre"),
    "parameters": gettext_lazy("Paramètres"),
    "warning": gettext_lazy("À savoir avant de la reprendre"),
    BODY: gettext_lazy("Texte"),
}
# What only the machine reads.
SILENT = frozenset({"format", "licence"})


def told(kind: str, text: str) -> dict[str, list[str]]:
    """The lines of each field, by its label. A text that has no form is told whole, as it is written."""
    try:
        data = parts(kind, text)
    except ValueError:
        return {str(LABELS[BODY]): text.splitlines()}
    if kind == ContentKind.NOTE:
        return {str(LABELS[BODY]): _paragraphs(data[BODY])}
    return {
        str(LABELS.get(name, name)): lines
        for name, value in data.items()
        if name not in SILENT and (lines := _lines(name, value))
    }


def _lines(name: str, value: Any) -> list[str]:
    if value in (None, "", [], {}):
        return []
    if name == BODY:
        return _paragraphs(value)
    if name == "parameters":
        return flat(value)
    if isinstance(value, list):
        return [_item(name, each) for each in value]
    return [_item(name, value)]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in str(text).splitlines() if line.strip()]


_WORDS: dict[str, Mapping[Any, str | Promise]] = {
    "field": FIELDS,
    "levels": LEVELS,
    "kind": KINDS,
}


def _item(name: str, value: Any) -> str:
    if name == "source" and isinstance(value, dict):
        return _source(value)
    if name == "levers" and isinstance(value, dict):
        kind = LEVER_KINDS.get(str(value.get("kind")), value.get("kind", ""))
        screen = (
            _("écran : %s") % value["screen"] if value.get("screen") else _("outil pas encore dans Essor")
        )
        return f"{value.get('title', '')} ({kind} ; {screen})"
    if name == "examples" and isinstance(value, dict):
        who = ", ".join(str(value[part]) for part in ("who", "when") if value.get(part))
        return f"{who} : {value.get('text', '')} ({_source(value.get('source'))})"
    if name == "facts" and isinstance(value, dict):
        return " ; ".join(f"{label} : {text}" for label, text in value.items())
    if name == "asks" and isinstance(value, list) and len(value) == 2:
        return _ask(value)
    if name == "odd" and isinstance(value, int):
        return f"{value}. {GOALS.get(value, '')}"
    if name == "sectors" and isinstance(value, str) and value in sectors():
        return sectors()[value].label
    if name == "rules" and isinstance(value, str) and value in RULES:
        return RULES[value].title
    known = _WORDS.get(name, {})
    return str(known.get(value, value) if isinstance(value, str) else value)


def _source(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value or "")
    if "document" in value:
        return str(value["document"])
    guide = GUIDES.get(str(value.get("guide")))
    return f"{guide.title if guide else value.get('guide', '')}, {value.get('place', '')}"


def _ask(pair: Sequence[Any]) -> str:
    try:
        return f"{Support(pair[1]).label} — {Domain(pair[0]).label}"
    except ValueError:
        return ", ".join(map(str, pair))


def flat(value: Any, lead: str = "") -> list[str]:
    """Nested parameters as lines « a › b : value »."""
    if isinstance(value, dict):
        return [
            line
            for name, each in value.items()
            for line in flat(each, f"{lead} › {_plain(name)}" if lead else _plain(name))
        ]
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return [line for rank, each in enumerate(value, 1) for line in flat(each, f"{lead} {rank}".strip())]
    written = ", ".join(map(str, value)) if isinstance(value, list) else _yes_no(value)
    return [f"{lead} : {written}" if lead else written]


def _plain(name: Any) -> str:
    return str(name).replace("_", " ")


def _yes_no(value: Any) -> str:
    return (_("oui") if value else _("non")) if isinstance(value, bool) else str(value)
