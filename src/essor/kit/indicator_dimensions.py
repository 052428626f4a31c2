"""The standard dimensions of indicators that the kit owns: sector policies of each authority, and fiches."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from essor.indicators.definition import Shared
from essor.kit import library
from essor.kit.sectors import all_policies_of, policy_of

Values = Sequence[tuple[str, str]]


def _policies(authority_id: int | None) -> Values:
    return [(code, policy.label) for code, policy in all_policies_of(authority_id).items()]


def _followed(authority_id: int | None, code: str) -> str:
    """The policy that goes on for the one that an act bears; itself when nobody knows it."""
    found = policy_of(authority_id, code)
    return found.code if found else code


def _fiches(_authority_id: int | None) -> Values:
    return [(code, f"{code} {fiche.title}") for code, fiche in library.fiches().items()]


DIMENSIONS = (
    Shared("politique", _("Politique sectorielle"), _policies, follow=_followed),
    Shared("fiche", _("Fiche"), _fiches, partition=False),
)
