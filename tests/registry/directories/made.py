"""Made-up directories, files and register that the tests of this folder share."""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from essor.kernel import jobs
from essor.kernel.models import Job, JobState
from essor.registry.directories import actions
from essor.registry.directories.mapping import Mapping
from essor.registry.models import Directory, OrganisationTag
from essor.territories.models import PostalCode
from tests.factories import AuthorityFactory, TerritoryFactory
from tests.formats.stocks import siren, siret
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

FIRST, LATER, LAST = date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 15)
HEADER = "nom;siret;cp;ville;site;type"
SAID = Mapping(
    {"name": "nom", "number": "siret", "postal_code": "cp", "commune": "ville", "website": "site", "kind": "type"},
    (),
    {"ea": "ea", "esat": "esat"},
)  # fmt: skip


def make_register() -> dict[str, int]:
    """Four organisations of two communes of the Haute-Garonne, one of the Ariège; ids by short name."""
    edition_in_force()
    garonne = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    ariege = TerritoryFactory(departement_kind=True, code="09", name="Ariège")
    muret = TerritoryFactory(code="31395", name="Muret", departement=garonne)
    auterive = TerritoryFactory(code="31033", name="Auterive", departement=garonne)
    foix = TerritoryFactory(code="09122", name="Foix", departement=ariege)
    for code, commune in (("31600", muret), ("31190", auterive), ("09000", foix)):
        PostalCode.objects.create(code=code, commune=commune)
    AuthorityFactory(slug="haute-garonne", territory=garonne)
    rows = {
        "pommiers": FactsFactory(name="Ateliers des Pommiers", commune=muret, siren=siren(1)),
        "lac": FactsFactory(name="Recyclerie du Lac", commune=muret, siren=siren(2)),
        "tilleuls": FactsFactory(name="Épicerie solidaire des Tilleuls", commune=auterive, siren=siren(3)),
        "fetes": FactsFactory(name="Comité des fêtes", commune=auterive, siren=siren(4)),
        "foix": FactsFactory(name="Recyclerie de Foix", commune=foix, siren=siren(5)),
    }
    PlaceFactory(
        organisation=rows["pommiers"].organisation, siret=siret(siren(1)), commune=muret, postal_code="31600"
    )
    return {name: facts.pk for name, facts in rows.items()}


def make_directory(**values: Any) -> Directory:
    """A directory, of the installation unless told."""
    return Directory.objects.create(**{"code": "handeco", "name": "Handeco", **values})


def line(
    name: str, number: str = "", cp: str = "31600", ville: str = "Muret", site: str = "", kind: str = "EA"
) -> str:
    return ";".join((name, number, cp, ville, site, kind))


LINES = (
    line("Ateliers des Pommiers", siret(siren(1)), site="pommiers.example"),
    line("Asso Recyclerie du lac"),
    line("Les Tilleuls", cp="31190", ville="Auterive", kind="ESAT"),
    line("Rien de commun"),
    line("Numéro détruit", "2,43E+13"),
)


def give(directory: Directory, lines: tuple[str, ...] = LINES, day: date = FIRST) -> Any:
    """A file of the directory, kept and not read yet."""
    text = "\n".join((HEADER, *lines)) + "\n"
    return actions.give_file(None, directory, ContentFile(text.encode(), name="liste.csv"), day)


def import_lines(
    directory: Directory, lines: tuple[str, ...] = LINES, day: date = FIRST, **options: Any
) -> Job:
    """Give the lines and read them; the job as it ended."""
    return jobs.run_now(actions.start_import(None, give(directory, lines, day), SAID, **options))


def imported(
    directory: Directory, lines: tuple[str, ...] = LINES, day: date = FIRST, **options: Any
) -> dict[str, int]:
    """The same, which must go to its end; its counts."""
    job = import_lines(directory, lines, day, **options)
    assert (job.state, job.error) == (JobState.DONE, "")
    return {name: number for name, number in job.result.items() if name != "directory"}


def tags() -> list[tuple[int, str, str, date | None, date | None]]:
    """All the tags: organisation, code, source, since, until."""
    columns = ("organisation_id", "code", "source", "since", "until")
    return sorted(OrganisationTag.objects.values_list(*columns), key=lambda tag: tag[:3])
