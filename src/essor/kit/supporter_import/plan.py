"""What a list of supporters would change in a directory: new, changed, same, left as people corrected them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from essor.formats import data_inclusion
from essor.formats.problems import InputProblem, Rejection
from essor.kernel import files
from essor.kernel.models import StoredFile
from essor.kernel.text import sort_key
from essor.kit.actions_support import Described
from essor.kit.models.support import Supporter, touching
from essor.kit.places_support import place_asked
from essor.kit.supporter_import import inclusion
from essor.kit.supporter_import.entry import Entry
from essor.kit.supporter_import.models import SupporterImport
from essor.kit.supporter_import.table import read_table
from essor.territories import queries
from essor.territories.models import Territory


@dataclass(frozen=True)
class Line:
    """An entry with what it would do: `supporter` is None for a new one."""

    entry: Entry
    said: Described
    supporter: Supporter | None


@dataclass
class Plan:
    """What a list would change, the rows refused, and how many lie outside the territory."""

    new: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    same: int = 0
    corrected: int = 0
    outside: int = 0
    rejected: list[Rejection] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """In numbers of supporters."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "same": self.same,
            "corrected": self.corrected,
            "outside": self.outside,
            "rejected": len(self.rejected),
        }


def plan_of(given: SupporterImport) -> Plan:
    """What the list would change today. InputProblem when a file is not what it should be."""
    plan = Plan()
    entries = _entries(given, plan)
    rows = Supporter.objects.filter(authority=given.authority).prefetch_related("marks")
    known = list(rows.select_related("territory"))
    by_key = {each.origin_key: each for each in known if each.origin_key}
    by_name = {each.sort_key: each for each in known if each.closed_on is None}
    places = _Places(given)
    taken: set[int] = set()
    for entry in entries:
        try:
            territory = places.find(entry)
        except LookupError as error:
            plan.rejected.append(_rejection(given, entry, str(error)))
            continue
        if territory is False:
            plan.outside += 1
            continue
        supporter = by_key.get(entry.key) if entry.key else by_name.get(sort_key(entry.name))
        namesake = by_name.get(sort_key(entry.name))
        if namesake is not None and namesake is not supporter:
            plan.rejected.append(_rejection(given, entry, _("votre annuaire a déjà un acteur de ce nom.")))
            continue
        if supporter is not None and supporter.pk in taken:
            continue
        said = Described({**entry.values, "territory": territory}, entry.marks)
        if supporter is None:
            plan.new.append(Line(entry, said, None))
            continue
        taken.add(supporter.pk)
        if entry.key and supporter.is_corrected:
            plan.corrected += 1
        elif _same(supporter, said):
            plan.same += 1
        else:
            plan.changed.append(Line(entry, said, supporter))
    return plan


def _entries(given: SupporterImport, plan: Plan) -> Sequence[Entry]:
    with TemporaryDirectory(prefix="essor-supporters-") as folder:
        first = _copied(given.file, Path(folder), "1")
        if given.form == SupporterImport.Form.TABLE:
            return read_table(first, plan.rejected.append)
        structures = data_inclusion.read_structures(first, plan.rejected.append)
        services = data_inclusion.read_services(
            _copied(given.services, Path(folder), "2"), plan.rejected.append
        )
        return inclusion.entries(structures, services, given.themes)


def _copied(stored: StoredFile | None, folder: Path, rank: str) -> Path:
    if stored is None:
        raise InputProblem(_("la liste"), _("son contenu n’est plus gardé."), _("Déposez-la de nouveau."))
    (folder / rank).mkdir()
    path = folder / rank / (Path(stored.name).name or "liste")
    with files.open_stored(stored) as source, path.open("wb") as sink:
        for block in source.chunks():
            sink.write(block)
    return path


def _rejection(given: SupporterImport, entry: Entry, reason: str) -> Rejection:
    remedy = _("Changez-le dans la liste, ou dans l’annuaire.")
    return Rejection(given.file_name, reason, remedy, line=entry.line, column=_("Nom"), value=entry.name[:60])


class _Places:
    """Territories by their words; those of data·inclusion must touch the directory's own."""

    def __init__(self, given: SupporterImport) -> None:
        self.known: dict[str, Territory | None] = {}
        self.home = given.authority.territory if given.authority else None
        self.limits = given.form == SupporterImport.Form.DATA_INCLUSION and self.home is not None
        self.near: dict[int, bool] = {}

    def find(self, entry: Entry) -> Territory | bool | None:
        """The territory, None for France, False when it lies elsewhere. LookupError, in French, when unknown."""
        if not entry.place:
            return None
        if entry.place not in self.known:
            self.known[entry.place] = self._resolve(entry.place)
        found = self.known[entry.place]
        if found is None:
            raise LookupError(_("son territoire « %s » n’est pas connu.") % entry.place)
        if not self.limits or self.home is None:
            return found
        if found.pk not in self.near:
            self.near[found.pk] = bool(touching(self.home, {found.pk}) or touching(found, {self.home.pk}))
        return found if self.near[found.pk] else False

    def _resolve(self, words: str) -> Territory | None:
        if ":" not in words:
            return place_asked(words)
        try:
            return queries.resolve(words)
        except (LookupError, ValueError, Territory.DoesNotExist):
            return None


def _same(supporter: Supporter, said: Described) -> bool:
    return (
        supporter.closed_on is None
        and all(getattr(supporter, name) == value for name, value in said.values.items())
        and all(sorted(supporter.marks_of(axis)) == sorted(codes) for axis, codes in said.marks.items())
    )
