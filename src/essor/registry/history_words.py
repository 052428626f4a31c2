"""The history of an organisation in readable sentences, grouped by edition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from essor.kernel.french import day as day_words
from essor.kernel.periods import day_of
from essor.registry.enums import Family, SizeBand, Verdict
from essor.registry.models import Switch
from essor.registry.models.edition import Difference
from essor.registry.perimeter import default_perimeter
from essor.registry.rules_history import FOLLOWED, FOLLOWED_ESTABLISHMENT, ORGANISATION, PRESENCE, ChangeKind
from essor.registry.words import activity_label, spaced
from essor.territories.models import Territory


@dataclass(frozen=True)
class Event:
    """One thing that happened, as the timeline shows it; an edition tells what it changed one by one."""

    day: date
    sentence: str
    author: str = ""
    reason: str = ""
    details: tuple[str, ...] = ()


def commune_names(changes: Iterable[Difference]) -> dict[str, str]:
    """Names of the communes that the changes speak of, by the text of their id; one query."""
    ids = {
        value
        for change in changes
        for value in (
            *((change.before, change.after) if change.field == "commune_id" else ()),
            str(change.commune_id or ""),
        )
        if value.isdigit()
    }
    return {str(pk): name for pk, name in Territory.objects.filter(pk__in=ids).values_list("pk", "name")}


def events(changes: Sequence[Difference], communes: Mapping[str, str]) -> list[Event]:
    """The changes, already in the order of their switches, as one event a switch."""
    return [
        _event(switch, tuple(dict.fromkeys(sentence(change, communes) for change in rows)))
        for switch, rows in groupby(changes, key=lambda change: change.switch)  # type: ignore[attr-defined]
    ]


def _event(switch: Switch, details: tuple[str, ...]) -> Event:
    day = switch.edition.day
    if switch.going_back:
        title = _("Retour à l’édition du %(day)s") % {"day": day_words(day)}
        return Event(day_of(switch.at), title, details=details)
    return Event(day, _("Édition du %(day)s") % {"day": day_words(day)}, details=details)


def sentence(change: Difference, communes: Mapping[str, str]) -> str:
    """One change in a sentence."""
    if change.subject != ORGANISATION:
        return _of_place(change, communes)
    if change.field == PRESENCE:
        return _entered_or_left(change.kind)
    if change.kind == ChangeKind.TAKEN_OVER.value:
        return _("Ajoutée par une collectivité, elle est désormais décrite par les données publiques")
    return _from_to(_capital(FOLLOWED.get(change.field, change.field)), change, communes)


def _entered_or_left(kind: str) -> str:
    return {
        str(ChangeKind.NEW.value): _("Entrée dans le registre"),
        str(ChangeKind.BACK.value): _("Retour dans le registre"),
        str(ChangeKind.CLOSED.value): _("Sortie du registre : Sirene la dit fermée"),
    }.get(kind, _("Sortie du registre : l’édition ne l’a plus"))


def _of_place(change: Difference, communes: Mapping[str, str]) -> str:
    if change.kind == ChangeKind.PLACE_CLOSED.value:
        # Neither number nor address: it may have asked not to be public.
        return _("Un établissement n’est plus dans le registre")
    siret, place = spaced(change.subject), communes.get(str(change.commune_id or ""), "")
    if change.kind == ChangeKind.PLACE_OPENED.value:
        words = {"siret": siret, "place": place}
        if place:
            return _("Nouvel établissement : %(place)s (SIRET %(siret)s)") % words
        return _("Nouvel établissement (SIRET %(siret)s)") % words
    if change.kind == ChangeKind.SEAT.value:
        if change.after.lower() in ("1", "t", "true"):
            return _("L’établissement %(siret)s devient le siège") % {"siret": siret}
        return _("L’établissement %(siret)s n’est plus le siège") % {"siret": siret}
    what = _("%(what)s de l’établissement %(siret)s") % {
        "what": _capital(FOLLOWED_ESTABLISHMENT.get(change.field, change.field)),
        "siret": siret,
    }
    return _from_to(what, change, communes)


def _from_to(what: str, change: Difference, communes: Mapping[str, str]) -> str:
    before, after = (word(change.field, value, communes) for value in (change.before, change.after))
    words = {"what": what, "before": before, "after": after}
    if not before:
        return _("%(what)s : « %(after)s »") % words
    if not after:
        return _("%(what)s : « %(before)s » n’est plus renseigné") % words
    if change.field == "size_band":
        return _sizes(words, change)
    return _("%(what)s : de « %(before)s » à « %(after)s »") % words


def _sizes(words: dict[str, str], change: Difference) -> str:
    bands = [SizeBand.of(value) for value in (change.before, change.after)]
    if all(band is not None and band.low for band in bands):
        # « de 10 à 19 vers 20 à 49 salariés »: the unit once.
        return _("%(what)s : de %(before)s vers %(after)s") % {
            **words,
            "before": words["before"].removesuffix(" salariés"),
        }
    return _("%(what)s : %(before)s, puis %(after)s") % {
        **words,
        "before": words["before"][:1].lower() + words["before"][1:],
        "after": words["after"][:1].lower() + words["after"][1:],
    }


def word(name: str, value: str, communes: Mapping[str, str]) -> str:
    """A stored value in words."""
    if not value:
        return ""
    if name == "commune_id":
        return communes.get(value, value)
    if name == "naf":
        return activity_label(value)
    if name == "legal_category":
        category = default_perimeter().category(value)
        return category.label if category else value
    if name == PRESENCE:
        return {
            "present": _("dans le registre"),
            "closed": _("fermée selon Sirene"),
            "left": _("sortie auparavant"),
        }.get(value, value)
    if name == "is_head_office":
        return _("siège") if value.lower() in ("1", "t", "true") else _("établissement secondaire")
    known = {"family": Family.choices(), "verdict": Verdict.choices(), "size_band": SizeBand.choices()}
    return dict(known.get(name, ())).get(value, value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
