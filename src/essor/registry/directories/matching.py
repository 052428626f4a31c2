"""The rows of a file against the register: by number first, then by name and place."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from essor.registry.directories.blocks import Index
from essor.registry.directories.cleaning import Entry
from essor.registry.directories.gazetteer import Gazetteer
from essor.registry.directories.queries import OUTCOME, reachable
from essor.registry.directories.rules import SURE, Candidate, Known, Outcome, Reason, Wanted, parts_of
from essor.registry.models import Directory, Establishment, EstablishmentFacts, Identifier

CHUNK = 900
TELL_EVERY = 200


@dataclass(frozen=True)
class Proposal:
    """What the review screen shows for a row."""

    outcome: str
    candidates: tuple[Candidate, ...] = ()

    def as_json(self) -> list[dict[str, object]]:
        """Candidates as the row keeps them."""
        return [
            {
                "organisation": each.organisation,
                "score": round(each.score),
                "reasons": [reason.value for reason in each.reasons],
            }
            for each in self.candidates
        ]


def propose(
    directory: Directory, entries: Sequence[Entry], progress: Callable[[int, int], None]
) -> dict[str, Proposal]:
    """A proposal for each row, by its key. The number of queries does not grow with the register by row."""
    allowed = reachable(directory)
    by_number = _by_numbers(entries, set(allowed.values_list("pk", flat=True)))
    rest = [entry for entry in entries if entry.key not in by_number]
    found = {
        key: Proposal(OUTCOME.IDENTIFIER, (Candidate(organisation, 100.0, (Reason.IDENTIFIER,)),))
        for key, organisation in by_number.items()
    }
    if not rest:
        return found
    gazetteer = Gazetteer.read()
    index = Index(list(_known(directory, gazetteer)))
    for number, entry in enumerate(rest):
        if number % TELL_EVERY == 0:
            progress(number, len(rest))
        found[entry.key] = _by_name(entry, index, gazetteer)
    return found


def _by_name(entry: Entry, index: Index, gazetteer: Gazetteer) -> Proposal:
    where = gazetteer.where(entry.commune, entry.postal_code)
    names = tuple(dict.fromkeys(part for name in entry.names for part in parts_of(name)))
    match = index.match(Wanted(names, where.communes, where.departements))
    if not entry.has_identifier:
        return Proposal(match.outcome.value, match.candidates)
    # Its number is not the register's: another organisation of the same name is only shown when very close.
    close = tuple(each for each in match.candidates if each.score >= SURE)
    return Proposal(Outcome.CHOOSE.value if close else Outcome.NONE.value, close)


def _known(directory: Directory, gazetteer: Gazetteer) -> Iterator[Known]:
    """The organisations that the directory may speak of, with all their names and communes."""
    allowed = reachable(directory)
    names: dict[int, dict[str, None]] = {}
    communes: dict[int, set[int]] = {}
    columns = ("pk", "name", "usual_name", "acronym", "commune_id")
    for pk, name, usual, acronym, commune in allowed.values_list(*columns):
        names[pk] = dict.fromkeys(filter(None, (name, usual, acronym)))
        communes[pk] = {commune} if commune else set()
    places = EstablishmentFacts.objects.filter(present=True).values_list(
        "establishment__organisation_id", "name", "commune_id"
    )
    for pk, name, commune in places.iterator(chunk_size=5000):
        if pk in names:
            if name:
                names[pk][name] = None
            if commune:
                communes[pk].add(commune)
    for pk, called in names.items():
        around = (gazetteer.departement_of.get(each) for each in communes[pk])
        yield Known(
            pk, tuple(called), frozenset(communes[pk]), frozenset(each for each in around if each is not None)
        )


def _by_numbers(entries: Sequence[Entry], allowed: set[int]) -> dict[str, int]:
    """Key of the row → organisation, for rows whose SIRET, SIREN or RNA number the register has."""
    sirets = _chunked(
        (entry.siret for entry in entries if entry.siret),
        lambda some: Establishment.objects.filter(siret__in=some).values_list("siret", "organisation_id"),
    )
    numbers: dict[str, dict[str, int]] = {}
    for scheme, values in (
        (Identifier.Scheme.SIREN, [entry.siren for entry in entries if entry.siren]),
        (Identifier.Scheme.RNA, [entry.rna for entry in entries if entry.rna]),
    ):
        rows = Identifier.objects.filter(scheme=scheme)
        numbers[scheme] = _chunked(
            values,
            lambda some, rows=rows: rows.filter(value__in=some).values_list("value", "organisation_id"),  # type: ignore[misc]
        )
    found = {}
    for entry in entries:
        organisation = (
            sirets.get(entry.siret)
            or numbers[Identifier.Scheme.SIREN].get(entry.siren)
            or numbers[Identifier.Scheme.RNA].get(entry.rna)
        )
        if organisation in allowed:
            found[entry.key] = organisation
    return found


def _chunked(values: Iterable[str], read: Callable[[list[str]], Iterable[tuple[Any, int]]]) -> dict[str, int]:
    """What `read` gives for the values, asked a few hundred at a time."""
    found: dict[str, int] = {}
    each = iter(dict.fromkeys(values))
    while some := list(islice(each, CHUNK)):
        found.update(read(some))
    return found
