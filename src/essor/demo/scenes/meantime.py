"""Between the two editions: profiles are written and corrections accepted, which the second edition will meet."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.files.base import ContentFile
from django.db import transaction

from essor.accounts.models import User
from essor.demo.accounts import FIRST_DAY
from essor.demo.profiles import DATA
from essor.demo.scenes.cast import Cast, days_ago
from essor.demo.scenes.logos import draw_logo
from essor.registry.actions import attach_person
from essor.registry.actions_claims import accept_claim, ask_agents
from essor.registry.actions_corrections import accept_correction, propose
from essor.registry.actions_profile import write_profile
from essor.registry.models import (
    CorrectedField,
    Identifier,
    Organisation,
    OrganisationFacts,
    OrganisationMembership,
    ProfileEntry,
)


def play(rna_files: Sequence[Path]) -> None:
    """Play the scene once; `rna_files` are the RNA of the edition to come, which says what it will meet."""
    if ProfileEntry.objects.exists():
        return
    with transaction.atomic():
        _play(Cast(), _declared_websites(rna_files))


def _declared_websites(rna_files: Sequence[Path]) -> dict[str, str]:
    """RNA number → website, of all the associations that declare one."""
    found: dict[str, str] = {}
    for path in rna_files:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream, delimiter=";")
            found |= {row["id"]: row["siteweb"] for row in rows if row["siteweb"]}
    return found


def _play(cast: Cast, declared: Mapping[str, str]) -> None:
    texts = yaml.safe_load((DATA / "profiles.yaml").read_text(encoding="utf-8"))
    member = cast.person("association@example.org")
    own = OrganisationMembership.objects.filter(user=member).select_related("organisation").first()
    if own is not None:
        _write(member, own.organisation, texts["insertion"], 60)
    associate = cast.person("cooperative@example.org")
    scops = cast.free().filter(organisation__tags__code="scop")
    _write(associate, _join(associate, cast.take(scops, "Accompagnement")), texts["cooperative"], 40)
    _third_place(cast, texts["third_place"])
    _what_the_edition_meets(cast, declared, texts["volunteers"])


def _third_place(cast: Cast, words: Mapping[str, Any]) -> None:
    """A person asks the département, which accepts, then writes the page."""
    host = cast.person("tierslieu@example.org")
    place = cast.take(cast.of_metropolis(), "tiers-lieu", "fabrique", "atelier")
    claim = ask_agents(
        host, place, "Coordinatrice", "Je m’occupe de l’accueil et de l’agenda du lieu.", now=days_ago(35)
    )
    accept_claim(
        cast.agent, cast.department, claim, "Rencontrée sur place lors d’une visite.", now=days_ago(33)
    )
    _write(host, place, words, 30)


def _what_the_edition_meets(cast: Cast, declared: Mapping[str, str], words: Mapping[str, Any]) -> None:
    """Three associations whose website the next RNA gives: one in conflict, one corrected right, one contradicted."""
    coming = _to_come(cast, declared)
    if coming:
        volunteer = cast.person("benevole@example.org")
        _write(volunteer, _join(volunteer, coming[0][0]), words, 45)
    for rank, (organisation, website) in enumerate(coming[1:3]):
        right = rank == 0
        row = propose(
            cast.agent, organisation, CorrectedField.WEBSITE,
            website if right else "https://ancien-site.example.org",
            "Le site figure sur la dernière demande de subvention.", now=days_ago(50 + rank),
        )  # fmt: skip
        accept_correction(
            cast.agent, cast.department, row, "Vérifié en ouvrant le site.", now=days_ago(48 + rank)
        )


def _to_come(cast: Cast, declared: Mapping[str, str]) -> list[tuple[Organisation, str]]:
    """Associations without website today and to which the next RNA gives one, by name."""
    numbers = dict(
        Identifier.objects.filter(
            scheme=Identifier.Scheme.RNA, organisation__in=cast.free().filter(website="").values("pk")
        ).values_list("value", "organisation_id")
    )
    owners = {numbers[number]: website for number, website in declared.items() if number in numbers}
    rows = OrganisationFacts.objects.filter(pk__in=owners).select_related("organisation")
    found = sorted(rows, key=lambda row: (row.name.isupper(), row.organisation.sort_key, row.pk))
    return [(row.organisation, owners[row.pk]) for row in found]


def _join(person: User, organisation: Organisation) -> Organisation:
    attach_person(None, organisation, person, day=FIRST_DAY)
    return organisation


def _write(author: User, organisation: Organisation, words: Mapping[str, Any], days: int) -> None:
    shape, colour = words["drawing"]
    values = {name: text.strip() for name, text in words.items() if name != "drawing"}
    logo = ContentFile(draw_logo(shape, colour), name="logo.png")
    write_profile(author, organisation, values, logo=logo, now=days_ago(days))
