"""Models of the register: identity, facts of the editions, perimeter, memberships, what people ask and write."""

from essor.registry.models.claim import Claim
from essor.registry.models.correction import CorrectedField, Correction
from essor.registry.models.edition import Edition, EditionChange
from essor.registry.models.facts import EstablishmentFacts, OrganisationFacts, OrganisationTag
from essor.registry.models.identity import Establishment, Identifier, Organisation
from essor.registry.models.membership import OrganisationMembership
from essor.registry.models.perimeter import PerimeterVersion
from essor.registry.models.privacy import HidingRequest
from essor.registry.models.profile import ProfileEntry, ProfileField

__all__ = [
    "Claim",
    "CorrectedField",
    "Correction",
    "Edition",
    "EditionChange",
    "Establishment",
    "EstablishmentFacts",
    "HidingRequest",
    "Identifier",
    "Organisation",
    "OrganisationFacts",
    "OrganisationMembership",
    "OrganisationTag",
    "PerimeterVersion",
    "ProfileEntry",
    "ProfileField",
]
