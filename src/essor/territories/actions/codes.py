"""Other codes of communes and postal codes: made to say what is wanted, touching only what differs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from essor.territories.actions.rows import insert_rows, update_rows
from essor.territories.enums import Kind
from essor.territories.models import CommuneCode, PostalCode, Territory

Key = tuple[str, str, int]  # code, kind, id of the commune


def sync_codes(wanted: Mapping[Key, str], replaced: Iterable[str]) -> int:
    """Add or rename the wanted codes; of the kinds in `replaced`, remove the others. Gives how many are wanted."""
    known = {(c.code, c.kind, c.commune_id): c for c in CommuneCode.objects.all()}
    insert_rows(
        CommuneCode,
        ("code", "kind", "commune", "name"),
        [(*key, name) for key, name in wanted.items() if key not in known],
    )
    renamed = [c for key, c in known.items() if wanted.get(key) and wanted[key] != c.name]
    for code in renamed:
        code.name = wanted[code.code, code.kind, code.commune_id]
    update_rows(renamed, ["name"])
    kinds = frozenset(replaced)
    _delete(c.pk for key, c in known.items() if c.kind in kinds and key not in wanted)
    return len(wanted)


def sync_postal_codes(wanted: set[tuple[str, int]]) -> int:
    """Make the postal codes exactly those wanted (code, id of the commune). Gives how many."""
    known = {
        (code, commune): pk
        for pk, code, commune in PostalCode.objects.values_list("pk", "code", "commune_id")
    }
    insert_rows(PostalCode, ("code", "commune"), sorted(wanted - known.keys()))
    gone = [pk for key, pk in known.items() if key not in wanted]
    for start in range(0, len(gone), 500):
        PostalCode.objects.filter(pk__in=gone[start : start + 500]).delete()
    return len(wanted)


def re_point_codes() -> None:
    """Codes that lead to a withdrawn commune lead to the communes in force that its own code leads to."""
    # Joined here rather than by the database: during a load its statistics may say that the tables are empty.
    communes = {
        pk: (code, active)
        for pk, code, active in Territory.objects.of_kind(Kind.COMMUNE).values_list("pk", "code", "is_active")
    }
    codes = list(CommuneCode.objects.all())
    known = {(c.code, c.kind, c.commune_id) for c in codes}
    heirs: dict[str, set[int]] = defaultdict(set)
    for c in codes:
        if communes[c.commune_id][1]:
            heirs[c.code].add(c.commune_id)
    lost = [c for c in codes if not communes[c.commune_id][1]]
    moved = {(c.code, c.kind, heir): c.name for c in lost for heir in heirs[communes[c.commune_id][0]]}
    insert_rows(
        CommuneCode,
        ("code", "kind", "commune", "name"),
        [(*key, name) for key, name in moved.items() if key not in known],
    )
    _delete(c.pk for c in lost)


def _delete(pks: Iterable[int]) -> None:
    found = list(pks)
    for start in range(0, len(found), 500):
        CommuneCode.objects.filter(pk__in=found[start : start + 500]).delete()
