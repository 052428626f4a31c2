"""Models of the register: identity, facts of the editions, perimeter, memberships."""

from essor.registry.models.edition import Edition, EditionChange
from essor.registry.models.facts import EstablishmentFacts, OrganisationFacts, OrganisationTag
from essor.registry.models.identity import Establishment, Identifier, Organisation
from essor.registry.models.membership import OrganisationMembership
from essor.registry.models.perimeter import PerimeterVersion
from essor.registry.models.search import SavedSearch, SearchPending, SearchState, SearchSynonym

__all__ = [
    "Edition",
    "EditionChange",
    "Establishment",
    "EstablishmentFacts",
    "Identifier",
    "Organisation",
    "OrganisationFacts",
    "OrganisationMembership",
    "OrganisationTag",
    "PerimeterVersion",
    "SavedSearch",
    "SearchPending",
    "SearchState",
    "SearchSynonym",
]
