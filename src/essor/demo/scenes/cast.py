"""Who plays: the accounts of the demonstration, and organisations of the register that no scene has used yet."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from essor.accounts.models import Authority, User
from essor.registry.models import (
    Claim,
    Correction,
    DirectoryRow,
    HidingRequest,
    Organisation,
    OrganisationFacts,
    OrganisationLink,
    OrganisationMembership,
    ProfileEntry,
    StateDeclaration,
    TagProof,
)
from essor.territories.models import Territory

LOOKED_AT = 12  # organisations among which one is chosen


class NobodyLeftError(LookupError):
    """The register of the demonstration has no organisation like the one that a scene needs: it is too small."""


class Cast:
    """Accounts by address; organisations taken one after the other, always the same for the same register."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    @cached_property
    def department(self) -> Authority:
        """The département."""
        return Authority.objects.select_related("territory").get(slug="haute-garonne")

    @cached_property
    def metropolis(self) -> Authority:
        """The métropole, inside the département."""
        return Authority.objects.select_related("territory").get(slug="toulouse-metropole")

    @cached_property
    def agent(self) -> User:
        """The agent of the département."""
        return self.person("agent@haute-garonne.example.org")

    @cached_property
    def metropolitan_agent(self) -> User:
        """The agent of the métropole."""
        return self.person("agente@toulouse-metropole.example.org")

    def person(self, email: str) -> User:
        """The account of that address."""
        return User.objects.get(email=email)

    def free(self) -> "QuerySet[OrganisationFacts]":
        """Public organisations of the register seated in the département that no scene has touched, by name."""
        communes = Territory.objects.communes_of(self._territory(self.department)).values("pk")
        rows = OrganisationFacts.objects.filter(
            present=True, verdict__startswith="ess_", commune__in=communes,
            organisation__is_public=True, organisation__state=Organisation.State.ACTIVE,
        )  # fmt: skip
        rows = rows.exclude(pk__in=self._taken | _used())
        return rows.select_related("organisation", "commune").order_by("organisation__sort_key", "pk")

    def of_metropolis(self) -> "QuerySet[OrganisationFacts]":
        """Those of `free` that are seated in the métropole."""
        communes = Territory.objects.communes_of(self._territory(self.metropolis))
        return self.free().filter(commune__in=communes.values("pk"))

    def take(self, rows: "QuerySet[OrganisationFacts]", *better: str) -> Organisation:
        """The first of these organisations, of those whose name has one of these words when there are some.

        One whose name is not all in capitals is preferred. It is not given again. Raises `NobodyLeftError`.
        """
        for word in (*better, ""):
            named = rows.filter(name__icontains=word) if word else rows
            first = list(named.exclude(pk__in=self._taken)[:LOOKED_AT])
            if first:
                found = next((row for row in first if not row.name.isupper()), first[0])
                self._taken.add(found.pk)
                return found.organisation
        raise NobodyLeftError("the register of the demonstration is too small")

    @staticmethod
    def _territory(authority: Authority) -> Territory:
        if authority.territory is None:
            raise NobodyLeftError(authority.slug)
        return authority.territory


def _used() -> set[int]:
    return {pk for pk in _touched() if pk is not None}


def _touched() -> Iterator[int | None]:
    for model in (
        OrganisationMembership, ProfileEntry, Correction, Claim, HidingRequest, StateDeclaration, DirectoryRow,
    ):  # fmt: skip
        yield from model.objects.values_list("organisation_id", flat=True)
    yield from TagProof.objects.values_list("tag__organisation_id", flat=True)
    for end in ("source_id", "target_id"):
        yield from OrganisationLink.objects.values_list(end, flat=True)


def days_ago(days: int) -> datetime:
    """The moment so many days before now: the demonstration lives on the day it is made."""
    return timezone.now() - timedelta(days=days)
