"""Indicators counted from acts: a lever declares one in a few lines, and every figure leads to its acts.

    INDICATORS = (
        from_acts("financement.subventions", "Subventions versées", "€",
                  Counting("funding", ("grant",), Measure.AMOUNT, dimensions=("politique", "odd"))),
    )

The legal date of an act says its period; an act to come is not counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from essor.accounts.models import Authority
from essor.indicators import catalogue, rules_acts
from essor.indicators.definition import (
    AUTHORITY,
    Asked,
    Dimension,
    Explained,
    Indicator,
    Observed,
    Parts,
    Span,
)
from essor.indicators.rules_acts import Counting, Ground, Measure
from essor.kernel import jobs
from essor.kernel.acts import Act, Scope, acts
from essor.kernel.lever import levers
from essor.kernel.models import Job, JobState
from essor.registry.models import EstablishmentFacts, Organisation, OrganisationFacts
from essor.territories.enums import Kind
from essor.territories.models import COMMUNE_PARENT, Territory

JOB = "indicators.acts"
SOURCE = "Actes enregistrés dans Essor"
LABELS = {
    "politique": "Politique sectorielle",
    "service": "Service",
    "odd": "ODD",
    "fiche": "Fiche",
    "famille": "Famille",
    "secteur": "Secteur",
}
EVERYTHING = Scope()
OVERLAPPING = ("odd", "fiche")
METHOD = (
    "La date de l’acte dit sa période. Un acte compte une fois sur son territoire et sur chaque territoire qui le "
    "contient ; un acte sans territoire compte sur celui de la collectivité. Les actes de plusieurs collectivités "
    "ne sont jamais réunis."
)
ON_ORGANISATIONS = " Une organisation aidée plusieurs fois compte une fois par territoire et par période."


@dataclass(frozen=True)
class MadeOfActs:
    """How a figure made of acts is explained: by the list of its acts."""

    code: str
    counting: Counting

    def __call__(self, ref: str, span: Span, parts: Parts) -> Explained:
        """The page that lists the acts of one figure."""
        query = (("territoire", ref), ("periode", span.start.isoformat()), *parts)
        return Explained(
            _("Ce chiffre est fait d’actes : la liste les donne un à un."),
            f"indicators:acts:{self.code}",
            query,
        )


class Reader:
    """Reads the acts, and what they do not say, once for the indicators that one work asks one after the other."""

    def __init__(self) -> None:
        self._key: object = None
        self._found: tuple[list[Act], Ground] | None = None

    def read(self, asked: Asked) -> tuple[list[Act], Ground]:
        """All the acts and their ground, the same as long as `asked` is the same object."""
        if self._found is None or self._key is not asked:
            self._found, self._key = (list(acts(EVERYTHING)), ground()), asked
        return self._found

    def forget(self) -> None:
        """Free the memory."""
        self._key = self._found = None


READER = Reader()


def from_acts(code: str, label: str, unit: str, counting: Counting, **more: Any) -> Indicator:
    """An indicator counted from acts. `more` sets fields of `Indicator`: `direction`, `protected`, `room_label`…

    Amounts are in euros; a share has the unit « % ». Set `protected` when an act speaks of a person.
    """
    by_organisation = counting.measure is Measure.ORGANISATIONS
    given: dict[str, Any] = {
        "periodicity": counting.periodicity,
        "dimensions": (
            Dimension(AUTHORITY, "Collectivité", partition=False, shared=True),
            *(
                Dimension(
                    each, LABELS[each], partition=each not in OVERLAPPING and not by_organisation, shared=True
                )
                for each in counting.dimensions
            ),
        ),
        "numerator": counting.share.label if counting.share else counting.measure.label,
        "denominator": counting.measure.label if counting.share else "",
        "additive": not by_organisation,
        "source": SOURCE,
        "method": METHOD + (ON_ORGANISATIONS if by_organisation else ""),
        "room": counting.lever,
        "by_authority": True,
        "is_complete": True,
        "observe": partial(observe, counting),
        "explain": MadeOfActs(code, counting),
    }
    return Indicator(code, label, unit, **{**given, **more})


def observe(counting: Counting, asked: Asked) -> Iterator[Observed]:
    """The cells of the indicator on a day."""
    found, known = READER.read(asked)
    yield from rules_acts.count(found, counting, known, asked.day)


def _column(name: str, scope: Scope) -> Q:
    """Rows whose key is in a column of the acts of any lever, in the scope."""
    found = Q(pk__in=[])
    for lever in levers():
        if lever.acts:
            found |= Q(pk__in=scope.limit(lever.acts(scope)).order_by().values(name))
    return found


def ground(scope: Scope = EVERYTHING, *, quarters: bool = True) -> Ground:
    """What the acts of a scope do not say of themselves: six queries, whatever their number. `quarters` as they are
    asked.
    """
    merged = Organisation.objects.filter(
        _column("organisation_id", scope), merged_into__isnull=False
    ).order_by()
    organisations = OrganisationFacts.objects.filter(
        _column("organisation_id", scope) | Q(pk__in=merged.values("merged_into"))
    ).order_by()
    facts = list(organisations.values_list("pk", "family", "sector"))
    home = dict(Authority.objects.filter(territory__isnull=False).values_list("pk", "territory_id"))
    return Ground(
        above=_above(home.values(), scope),
        home=home,
        family={pk: family for pk, family, _sector in facts if family},
        sector={pk: sector for pk, _family, sector in facts if sector},
        quarter=_quarters(organisations.values("pk")) if quarters else {},
        kept={pk: into for pk, into in merged.values_list("pk", "merged_into_id") if into},
        fiches={lever.code: tuple(lever.fiches) for lever in levers()},
        follow=_Followed(),
    )


def _above(homes: Iterable[int], scope: Scope) -> Mapping[int, tuple[int, ...]]:
    """The territories that contain each of those that acts and authorities name, France last."""
    france = Territory.objects.filter(kind=Kind.FRANCE).values_list("pk", flat=True).first()
    parents = [f"{name}_id" for name in COMMUNE_PARENT.values()]
    rows = Territory.objects.filter(_column("territory_id", scope) | Q(pk__in=set(homes))).order_by()
    return {
        pk: tuple(each for each in (*above, france) if each and each != pk)
        for pk, *above in rows.values_list("pk", *parents)
    }


def _quarters(organisations: QuerySet[Any]) -> Mapping[int, bool]:
    """Whether an establishment of each organisation is in a priority neighbourhood, where a position is known."""
    rows = EstablishmentFacts.objects.filter(
        present=True, longitude__isnull=False, establishment__organisation__in=organisations
    ).order_by()
    found: dict[int, bool] = {}
    for pk, quarters in rows.values_list("establishment__organisation_id", "qpv"):
        inside = any(each["generation"] == 2024 and each["relation"] == "in" for each in quarters or ())
        found[pk] = found.get(pk, False) or inside
    return found


class _Followed:
    """The values in force of what acts bear, each asked once of the room that owns the dimension."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, str], str] = {}

    def __call__(self, code: str, authority_id: int, value: str) -> str:
        key = (code, authority_id, value)
        if key not in self._known:
            owner = catalogue.shared().get(code)
            self._known[key] = owner.follow(authority_id, value) if owner else value
        return self._known[key]


def acts_changed() -> None:
    """Compute the figures of acts again, soon: a lever calls it when it writes acts. Once for many calls."""
    if not Job.objects.filter(kind=JOB, state=JobState.QUEUED).exists():
        transaction.on_commit(_start)


def _start() -> None:
    if not Job.objects.filter(kind=JOB, state=JobState.QUEUED).exists():
        jobs.start(JOB)
