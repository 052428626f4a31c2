"""Models of the register: identity, facts of the editions, perimeter, memberships."""

from essor.registry.models.alert import Alert, AlertReview, AlertSubscription
from essor.registry.models.edition import ComingChange, Edition, EditionChange, Switch
from essor.registry.models.facts import EstablishmentFacts, OrganisationFacts, OrganisationTag
from essor.registry.models.identity import Establishment, Identifier, Organisation
from essor.registry.models.membership import OrganisationMembership
from essor.registry.models.perimeter import PerimeterVersion

__all__ = [
    "Alert",
    "AlertReview",
    "AlertSubscription",
    "ComingChange",
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
    "Switch",
]
