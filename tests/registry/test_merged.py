"""What a merge leaves: tags of directories, names that lead to the survivor, one head office."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from essor.registry import queries_organisation as reads
from essor.registry.actions_merge import merge, undo_merge
from essor.registry.models import DirectoryEntry, DirectoryRow, Merge, Organisation, OrganisationTag
from essor.registry.search import reader, writer
from tests.registry.directories.made import make_directory
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(db: None) -> Iterator[tuple[Organisation, Organisation]]:
    """Two rows of one association, each with a head office and in the same directory."""
    edition_in_force()
    directory = make_directory()
    found = []
    for number, name in enumerate(("Ressourcerie du Lac", "Bric-à-brac Mirandole")):
        facts = FactsFactory(name=name)
        # By postal code, that of the duplicate would come first.
        PlaceFactory(
            organisation=facts.organisation, postal_code=f"3{9 - number}000", address=f"{number} RUE DU LAC"
        )
        row = DirectoryRow.objects.create(
            directory=directory, key=name, line=number, name=name, organisation=facts.organisation,
            decision="confirmed",
        )  # fmt: skip
        DirectoryEntry.objects.create(
            row=row, directory=directory, organisation=facts.organisation, tags=["ea"], day=date(2026, 11, 1),
            since=date(2026, 11 - number, 1),
        )  # fmt: skip
        OrganisationTag.objects.create(
            organisation=facts.organisation,
            code="ea",
            source=directory.code,
            since=date(2026, 11 - number, 1),
        )
        found.append(facts.organisation)
    yield found[0], found[1]
    reader.forget()


def tags() -> list[tuple[int, str, date | None]]:
    return sorted(OrganisationTag.objects.values_list("organisation_id", "code", "since"))


def done(pair: tuple[Organisation, Organisation]) -> Merge:
    return merge(None, None, *pair, reason="Saisie deux fois")


def test_tags_of_directories_follow_their_entries(pair: tuple[Organisation, Organisation]) -> None:
    before = tags()
    made = done(pair)
    assert tags() == [(pair[0].pk, "ea", date(2026, 10, 1))]
    undo_merge(None, None, made, reason="Deux associations")
    assert tags() == before


def test_the_name_of_the_duplicate_finds_the_one_kept(
    client: Client, pair: tuple[Organisation, Organisation]
) -> None:
    done(pair)
    writer.rebuild()
    rows = client.get("/registre/?q=mirandole").context["rows"]
    assert [row["name"] for row in rows] == ["Ressourcerie du Lac"]


def test_only_the_head_office_of_the_one_kept_stays_one(
    client: Client, pair: tuple[Organisation, Organisation]
) -> None:
    made = done(pair)
    places = reads.establishments_of(pair[0])
    assert [(place.address, place.is_head_office) for place in places] == [
        ("0 RUE DU LAC", True), ("1 RUE DU LAC", False),
    ]  # fmt: skip
    assert text_of(client.get(f"/registre/{pair[0].pk}/")).count("Siège") == 1
    assert "0 RUE DU LAC" in client.get(f"/registre/{pair[0].pk}/contact.vcf").content.decode()
    exported = b"".join(client.get("/registre/exports/registre.csv").streaming_content).decode()
    assert ("0 RUE DU LAC" in exported, "1 RUE DU LAC" in exported) == (True, False)
    undo_merge(None, None, made, reason="Deux associations")
    assert [place.is_head_office for place in reads.establishments_of(pair[1])] == [True]
