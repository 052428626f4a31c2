"""A partner directory of the département, invented: half of its rows are confirmed, the others wait for a person."""

import csv
from datetime import date
from io import StringIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from essor.demo.scenes.cast import Cast
from essor.kernel.jobs import JobError, run_now
from essor.kernel.models import JobState
from essor.registry.directories import actions
from essor.registry.directories.mapping import guess
from essor.registry.enums import Tag
from essor.registry.models import (
    Directory,
    DirectoryRow,
    EstablishmentFacts,
    OrganisationFacts,
)

NAME = "Annuaire des tiers-lieux (exemple)"
CODE = "tiers-lieux-exemple"
DAY = date(2026, 10, 20)
ROWS = 24
HEADER = ("Nom de la structure", "SIRET", "Adresse", "Code postal", "Commune", "Site web", "Téléphone")
WORDS = ("tiers-lieu", "fabrique", "café associatif", "halle", "laboratoire citoyen", "atelier partagé")


def play() -> None:
    """Play the scene once: create, read the file, confirm what the SIRET recognises, leave the rest to a person."""
    if Directory.objects.filter(code=CODE).exists():
        return
    cast = Cast()
    day = min(DAY, timezone.localdate())
    content = _file(cast)
    with transaction.atomic():
        directory = actions.create_directory(cast.agent, cast.department, NAME, code=CODE, day=day)
        given = actions.give_file(
            cast.agent, directory, ContentFile(content, name="annuaire-des-tiers-lieux.csv"), day
        )
        # Columns are known in lower case once read.
        mapping = guess([column.casefold() for column in HEADER], (str(Tag.THIRD_PLACE.value),))
        job = actions.start_import(cast.agent, given, mapping)
    done = run_now(job)
    if done.state != JobState.DONE:
        raise JobError(done.error)
    actions.accept_identified(cast.agent, directory)
    unknown = directory.rows.filter(decision=DirectoryRow.Decision.PENDING, outcome=DirectoryRow.Outcome.NONE)
    for row in unknown.order_by("line")[:1]:
        actions.decide(cast.agent, row, DirectoryRow.Decision.ABSENT)


def _file(cast: Cast) -> bytes:
    """Every other row with the SIRET of the register, the others with a name typed another way; two unknown."""
    chosen = _chosen(cast)
    places = _places([row.pk for row in chosen])
    lines: list[tuple[str, ...]] = []
    for rank, row in enumerate(chosen):
        siret, address, postal_code = places.get(row.pk, ("", "", ""))
        commune = row.commune.name if row.commune else ""
        known = rank % 2 == 0 and siret
        site = f"https://lieu-{rank + 1}.example.org"
        lines.append((
            row.name if known else _typed(row.name, rank), siret if known else "", address, postal_code, commune, site,
            f"05 61 99 01 {rank:02d}",
        ))  # fmt: skip
    lines.append(("La Grange aux Imprimantes", "", "", "31000", "Toulouse", "", ""))
    lines.append(("Le Hangar des Trois Marmites", "", "", "31000", "Toulouse", "", ""))
    stream = StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(lines)
    return stream.getvalue().encode()


def _chosen(cast: Cast) -> list[OrganisationFacts]:
    found: dict[int, OrganisationFacts] = {}
    for word in WORDS:
        found |= {row.pk: row for row in cast.free().filter(name__icontains=word)[: ROWS - len(found)]}
    for row in cast.of_metropolis()[:ROWS]:
        if len(found) >= ROWS:
            break
        found.setdefault(row.pk, row)
    return list(found.values())[:ROWS]


def _places(ids: list[int]) -> dict[int, tuple[str, str, str]]:
    """Organisation → SIRET, address and postal code of its seat."""
    offices = EstablishmentFacts.objects.filter(
        is_head_office=True, present=True, establishment__organisation__in=ids
    ).select_related("establishment")
    return {
        each.establishment.organisation_id: (each.establishment.siret or "", each.address, each.postal_code)
        for each in offices
    }


def _typed(name: str, rank: int) -> str:
    """The name as another list writes it: in capitals, with its form, or cut."""
    if rank % 3 == 0:
        return name.upper()
    return f"Association {name}" if rank % 3 == 1 else " ".join(name.split()[:4])
