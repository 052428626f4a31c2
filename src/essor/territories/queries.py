"""Reads of territories: by reference, by any code, by what people type."""

import difflib
import re
from collections import defaultdict
from collections.abc import Collection
from functools import cache

from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from essor.kernel.text import fold
from essor.territories.enums import CodeKind, Kind, LoadKind, Zone
from essor.territories.models import CommuneCode, Load, PostalCode, Territory, TerritoryQuerySet
from essor.territories.rules import alias

Version = tuple[str, int, str] | None

# A code that is several things at once leads where the first of these says; a current commune wins over all.
PRECEDENCE = (CodeKind.FORMER, CodeKind.ASSOCIATED, CodeKind.DELEGATED, CodeKind.MUNICIPAL_DISTRICT)

_CODE = re.compile(r"[0-9A-Z]{1,9}", re.ASCII)
_LONG = {"st": "saint", "ste": "sainte"}
_SHORT = {long: short for short, long in _LONG.items()}
# How people shorten the levels: understood in a hint, never taken for granted.
_HABITS = {"dep": "departement", "dept": "departement", "reg": "region", "com": "commune", "interco": "epci"}


class UnknownTerritoryError(LookupError):
    """A reference that names no territory in force; `str()` says in French why and what to write instead."""


def version() -> Version:
    """What the tables hold now: changes with each load, None before the first. Caches are kept under it."""
    last = Load.objects.order_by("-id").values_list("id", "at").first()
    return None if last is None else (str(connection.settings_dict["NAME"]), last[0], last[1].isoformat())


def resolve(ref: str) -> Territory:
    """The territory in force that `ref` names: `commune:31555`, `epci:243100518`, `departement:31`, `france`.

    Any code of a commune leads to the current one (`commune:75101` → Paris), and other names of an authority to its
    territory (`collectivite:69M` → the Métropole de Lyon). Raises UnknownTerritoryError.
    """
    kind, separator, code = ref.strip().partition(":")
    kind, code = fold(kind).replace(" ", ""), code.strip().upper()
    if kind == Kind.FRANCE and code in ("", "FR"):
        code = "FR"
    elif kind not in Kind.values or not separator or not code:
        raise UnknownTerritoryError(_malformed(ref, kind, code))
    kind, _sep, code = alias(kind, code).partition(":")
    if kind == Kind.COMMUNE:
        code = code_map().get(code, code)
    # What cannot be a code never reaches the database, which may refuse it (PostgreSQL: the character NUL).
    found = Territory.objects.filter(kind=kind, code=code).first() if _CODE.fullmatch(code) else None
    if found is None or not found.is_active:
        raise UnknownTerritoryError(_unknown(ref, kind, code, found))
    return found


def communes(ref: str) -> frozenset[str]:
    """Codes of the current communes of a territory. Raises UnknownTerritoryError."""
    return frozenset(Territory.objects.communes_of(resolve(ref)).values_list("code", flat=True))


def code_map() -> dict[str, str]:
    """Any code of a commune → the code of the current commune: current, arrondissement, déléguée, associée, former.

    Codes that lead to several communes are not there: see `ambiguous_codes`.
    """
    return _codes()[0]


def ambiguous_codes() -> dict[str, frozenset[str]]:
    """Former codes whose territory was split → the current communes that share it."""
    return _codes()[1]


def _codes() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    key = version()
    return _read_codes() if key is None else _cached_codes(key)


@cache
def _cached_codes(_key: Version) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    _cached_codes.cache_clear()  # one version is enough
    return _read_codes()


def _read_codes() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    current = dict(Territory.objects.active().of_kind(Kind.COMMUNE).values_list("pk", "code"))
    by_kind: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kind, code, pk in CommuneCode.objects.values_list("kind", "code", "commune_id"):
        if pk in current:
            by_kind[kind][code].add(current[pk])
    found: dict[str, set[str]] = {}
    for kind in PRECEDENCE:
        found |= by_kind[kind]
    found |= {code: {code} for code in current.values()}
    single = {code: next(iter(places)) for code, places in found.items() if len(places) == 1}
    return single, {code: frozenset(places) for code, places in found.items() if len(places) > 1}


def search(text: str, kinds: Collection[str] = (), limit: int = 10) -> list[Territory]:
    """Territories in force for what a person types: words of the name, code, SIREN or postal code; best first.

    The most populated come first among equals. `kinds` limits the levels.
    """
    return list(matching(text, kinds)[:limit])


def matching(text: str, kinds: Collection[str] = ()) -> TerritoryQuerySet:
    """The rows of `search`, all of them, best first, with their département and EPCI; none for an empty text."""
    rows = Territory.objects.active().select_related("departement", "epci")
    folded = " ".join(_LONG.get(word, word) for word in fold(text).split())
    if not folded:
        return rows.none()
    if kinds:
        rows = rows.of_kind(*kinds)
    compact = folded.replace(" ", "").upper()
    if re.fullmatch(r"\d[\dAB]\d{0,7}|\d", compact):
        return _by_number(rows, compact)
    for word in folded.split():
        # Names of EPCI shorten « Saint » where those of communes do not.
        short = f"{_SHORT[word]} " if word in _SHORT else word
        rows = rows.filter(Q(sort_key__contains=word) | Q(sort_key__contains=short))
    rank = Case(
        When(sort_key=folded, then=Value(0)),
        When(sort_key__startswith=folded, then=Value(1)),
        When(sort_key__contains=f" {folded}", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return rows.order_by(rank, "-population", "sort_key", "code")


def _by_number(rows: TerritoryQuerySet, number: str) -> TerritoryQuerySet:
    postal = PostalCode.objects.filter(code__startswith=number).values("commune_id")
    others = CommuneCode.objects.filter(code=number).values("commune_id")
    rank = Case(When(code=number, then=Value(0)), default=Value(1), output_field=IntegerField())
    named = Q(siren=number) | Q(pk__in=others)
    if len(number) > 5:
        named |= Q(code__startswith=number)
    else:
        named |= Q(code__startswith=number) & ~Q(kind__in=[Kind.EPCI, Kind.EPT])
    if len(number) >= 3:
        named |= Q(pk__in=postal)
    return rows.filter(named).order_by(rank, "-population", "sort_key", "code")


def _malformed(ref: str, kind: str, code: str) -> str:
    known = ", ".join(f"{value}:…" if value != Kind.FRANCE else value for value in Kind.values)
    message = _("« %(ref)s » n’est pas un territoire. Écrivez le niveau et le code : %(kinds)s.") % {
        "ref": ref.strip()[:60],
        "kinds": known,
    }
    near = difflib.get_close_matches(_HABITS.get(kind, kind), [str(value) for value in Kind.values], 1, 0.5)
    if near and code and near[0] != kind:
        return f"{message} {_hint(f'{near[0]}:{code}')}"
    if not code and (found := search(ref, limit=1)):
        return f"{message} {_hint(found[0].ref, found[0].name)}"
    return message


def _unknown(ref: str, kind: str, code: str, found: Territory | None) -> str:
    if found is not None:
        return _("« %(ref)s » (%(name)s) n’existe plus : son dernier millésime est %(year)s.") % {
            "ref": ref[:60],
            "name": found.name,
            "year": found.vintage,
        }
    if not Territory.objects.exists():
        return _(
            "Aucun territoire n’est chargé : lancez « essor upgrade », qui charge le découpage livré avec Essor."
        )
    if kind == Kind.COMMUNE and (split := ambiguous_codes().get(code)):
        return _(
            "« %(ref)s » est un ancien code partagé entre plusieurs communes : choisissez parmi %(codes)s."
        ) % {
            "ref": ref[:60],
            "codes": ", ".join(sorted(split)),
        }
    message = _("Aucun territoire en vigueur n’a la référence « %(ref)s ».") % {"ref": ref[:60]}
    named = [] if code.isdigit() else search(code, [kind], 1)
    if named:
        return f"{message} {_hint(named[0].ref, named[0].name)}"
    codes = Territory.objects.active().of_kind(kind).values_list("code", flat=True)
    near = difflib.get_close_matches(code.zfill(2), codes, 1, 0.7)
    return f"{message} {_hint(f'{kind}:{near[0]}')}" if near else message


def _hint(ref: str, name: str = "") -> str:
    return _("Vouliez-vous dire « %(ref)s » ?") % {"ref": f"{ref} ({name})" if name else ref}


def reference_in_force() -> Load | None:
    """The load that gave the division in force (its vintage and source); None before the first one."""
    return Load.objects.filter(kind__in=[LoadKind.REFERENCE, LoadKind.COG], vintage__isnull=False).first()


def members(territory: Territory) -> TerritoryQuerySet:
    """What a territory's page lists and draws: the next level down; for a commune, its intercommunality's communes."""
    rows = Territory.objects.active().select_related("departement")
    match territory.kind:
        case Kind.FRANCE:
            return rows.filter(Q(kind=Kind.REGION) | Q(kind=Kind.COLLECTIVITE, zone=Zone.COM))
        case Kind.REGION:
            return rows.of_kind(Kind.DEPARTEMENT).filter(region=territory)
        case Kind.DEPARTEMENT | Kind.COLLECTIVITE if territory.zone != Zone.COM:
            inside = Territory.objects.communes_of(territory).filter(epci__isnull=False)
            return rows.of_kind(Kind.EPCI).filter(pk__in=inside.values("epci_id"))
        case Kind.COMMUNE:
            parent = territory.epci or territory.collectivite
            inside = Territory.objects.communes_of(parent or territory)
            return inside.select_related("departement")
        case _:
            return Territory.objects.communes_of(territory).select_related("departement")
