"""Models of the register: identity, facts of the editions, what agents and members write, what is derived."""

from essor.registry.models.additions import OrganisationAddition
from essor.registry.models.alert import Alert, AlertReview, AlertSubscription
from essor.registry.models.claim import Claim
from essor.registry.models.correction import SAID_ONCE, CorrectedField, Correction
from essor.registry.models.directories import Directory, DirectoryEntry, DirectoryImport, DirectoryRow
from essor.registry.models.edition import ComingChange, Edition, EditionChange, Switch
from essor.registry.models.facts import EstablishmentFacts, OrganisationFacts, OrganisationTag
from essor.registry.models.identity import Establishment, Identifier, Organisation
from essor.registry.models.links import OrganisationLink, StateDeclaration
from essor.registry.models.membership import OrganisationMembership
from essor.registry.models.merges import DistinctPair, Merge, MergedRow
from essor.registry.models.perimeter import PerimeterVersion
from essor.registry.models.privacy import HidingRequest
from essor.registry.models.profile import ProfileEntry, ProfileField
from essor.registry.models.search import SavedSearch, SearchPending, SearchState, SearchSynonym
from essor.registry.models.shown import ShownVersion
from essor.registry.models.tag_proof import LocalLabel, TagProof, TagReminder

__all__ = [
    "SAID_ONCE",
    "Alert",
    "AlertReview",
    "AlertSubscription",
    "Claim",
    "ComingChange",
    "CorrectedField",
    "Correction",
    "Directory",
    "DirectoryEntry",
    "DirectoryImport",
    "DirectoryRow",
    "DistinctPair",
    "Edition",
    "EditionChange",
    "Establishment",
    "EstablishmentFacts",
    "HidingRequest",
    "Identifier",
    "LocalLabel",
    "Merge",
    "MergedRow",
    "Organisation",
    "OrganisationAddition",
    "OrganisationFacts",
    "OrganisationLink",
    "OrganisationMembership",
    "OrganisationTag",
    "PerimeterVersion",
    "ProfileEntry",
    "ProfileField",
    "SavedSearch",
    "SearchPending",
    "SearchState",
    "SearchSynonym",
    "ShownVersion",
    "StateDeclaration",
    "Switch",
    "TagProof",
    "TagReminder",
]
