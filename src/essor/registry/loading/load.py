"""From an edition's folder to the register in force."""

import errno
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from essor.kernel.locks import Busy, exclusive
from essor.registry.loading.differences import differences
from essor.registry.loading.force import Act, Counts, Overtaken, put_in_force
from essor.registry.loading.prepare import compare, give_identities, mark_moves_and_leavings
from essor.registry.loading.rows import edition_rows, known_and_closed
from essor.registry.loading.staging import Source, analyse, staged
from essor.registry.loading.tables import ALL, CLOSED, StagedTable
from essor.registry.models import Edition, OrganisationFacts

# (label, done, total); an unknown total is None
Progress = Callable[[str, int, int | None], None]

WAIT_SECONDS = 30.0  # for the end of a preview; another load takes longer
LEAVING_LIMIT = 0.2  # above this share of the register in force, a person must say that it is meant


_ANOTHER = (
    "Une autre édition a été mise en vigueur entre-temps : regardez où en est le registre, puis recommencez."
)


class LoadRefused(Exception):
    """Why the edition was not put in force, in French; the edition in force is untouched."""


@dataclass(frozen=True)
class LoadPreview:
    """What putting the edition in force would do, in numbers of organisations."""

    new: int
    changed: int
    same: int
    leaving: int
    in_force: int

    @property
    def leaving_share(self) -> float:
        """Share of the register in force that would leave, between 0 and 1."""
        return self.leaving / self.in_force if self.in_force else 0.0

    @property
    def is_alarming(self) -> bool:
        """True when so many organisations would leave that the territory or the files are probably wrong."""
        return self.leaving_share > LEAVING_LIMIT


def quiet(label: str, done: int, total: int | None) -> None:
    """Progress that nobody looks at."""


ORDINARY = Act()


def load_edition(
    edition: Edition,
    folder: Path,
    progress: Progress = quiet,
    *,
    force: bool = False,
    act: Act = ORDINARY,
    instead_of: int | None = None,
) -> Counts:
    """Put the edition of `folder` in force; `act` says why, and records it in the transaction of the switch.

    Raises `LoadRefused` when another load is running, when more than a fifth of the register would leave and `force`
    is not given, when another edition was put in force meanwhile (or than the one `instead_of`, when it is given),
    or when the disk is full.
    """
    closed = known_and_closed(folder)
    sources = {**edition_rows(folder), CLOSED: lambda: closed}
    return load_rows(edition, sources, progress, force=force, act=act, instead_of=instead_of)


def load_rows(
    edition: Edition,
    sources: dict[StagedTable, Source],
    progress: Progress = quiet,
    *,
    force: bool = False,
    act: Act = ORDINARY,
    instead_of: int | None = None,
) -> Counts:
    """Put staged rows in force: what `load_edition` does once the files are opened."""
    try:
        with exclusive("registry-load", wait=WAIT_SECONDS):
            expected = _in_force()
            _refresh_statistics()
            if instead_of is not None and expected != instead_of:
                raise LoadRefused(_ANOTHER)
            progress("Lecture de l’édition", 0, None)
            with staged(sources) as prefix:
                progress("Comparaison avec le registre en vigueur", 0, None)
                compare(prefix)
                found = _preview(prefix)
                if found.is_alarming and not force:
                    raise LoadRefused(_alarm(found))
                give_identities(prefix, lambda done, total: progress("Nouvelles organisations", done, total))
                mark_moves_and_leavings(prefix)
                analyse([f"{prefix}{table.name}" for table in ALL])
                with_history = expected is not None
                if with_history:
                    progress("Historique des changements", 0, None)
                    differences(prefix)
                progress("Mise en vigueur", 0, None)
                counts = put_in_force(prefix, edition, expected, act, with_history=with_history)
    except Busy as error:
        raise LoadRefused(
            "Une autre édition est en cours de chargement : attendez qu’elle soit terminée."
        ) from error
    except Overtaken as error:
        raise LoadRefused(_ANOTHER) from error
    except Exception as error:
        if not _disk_is_full(error):
            raise
        raise LoadRefused(
            "Le disque du serveur est plein : l’édition en vigueur n’a pas changé. "
            "Libérez de la place, puis relancez le chargement."
        ) from error
    _refresh_statistics()
    return counts


def preview_edition(folder: Path) -> LoadPreview:
    """What putting the edition in force would do; changes nothing. Raises `LoadRefused` while a load is running."""
    return preview_rows(edition_rows(folder))


def preview_rows(sources: dict[StagedTable, Source]) -> LoadPreview:
    """What `load_rows` would do; changes nothing. Raises `LoadRefused` while a load is running."""
    try:
        with exclusive("registry-load"), staged(sources) as prefix:
            compare(prefix)
            return _preview(prefix)
    except Busy as error:
        raise LoadRefused(
            "Une édition est en cours de chargement : attendez qu’elle soit terminée."
        ) from error


def _disk_is_full(error: BaseException) -> bool:
    """Whether the system, SQLite or PostgreSQL says so, behind Django's own error or not."""
    return any(
        (isinstance(each, OSError) and each.errno == errno.ENOSPC)
        or (isinstance(each, sqlite3.OperationalError) and "disk is full" in str(each))
        or getattr(each, "sqlstate", None) == "53100"
        for each in (error, error.__cause__)
    )


def _in_force() -> int | None:
    return Edition.objects.filter(state=Edition.State.IN_FORCE).values_list("pk", flat=True).first()


def _preview(prefix: str) -> LoadPreview:
    in_force = OrganisationFacts.objects.filter(present=True, origin=OrganisationFacts.Origin.EDITION).count()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT change, COUNT(*) FROM {prefix}organisation GROUP BY change")
        by_change = dict(cursor.fetchall())
        cursor.execute(
            f"""SELECT COUNT(*) FROM registry_organisationfacts f JOIN {prefix}organisation s
                ON s.organisation_id = f.organisation_id
                WHERE f.present AND f.origin = 'edition' AND s.change <> 'merged'"""
        )
        staying = cursor.fetchone()[0]
    return LoadPreview(
        by_change.get("new", 0),
        by_change.get("changed", 0),
        by_change.get("same", 0),
        in_force - staying,
        in_force,
    )


def _alarm(found: LoadPreview) -> str:
    share = round(found.leaving_share * 100)
    return (
        f"{found.leaving} organisations sur {found.in_force} ({share} %) quitteraient le registre : le territoire "
        "ou les fichiers sont sans doute incomplets. Vérifiez l’édition ; si c’est voulu, confirmez (option --force)."
    )


def _refresh_statistics() -> None:
    """Let the database plan queries with what the tables hold now, which a load changes from nothing to all."""
    tables = ("organisation", "organisationfacts", "establishment", "establishmentfacts", "organisationtag")
    analyse([f"registry_{table}" for table in (*tables, "identifier")])
