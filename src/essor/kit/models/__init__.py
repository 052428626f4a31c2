"""Tables of the room."""

from essor.kit.models.adoption import Adoption, ReceivedRecipe
from essor.kit.models.aids import Aid, AidImport
from essor.kit.models.content import ContentVersion, KitState
from essor.kit.models.orientation import OrientationRequest
from essor.kit.models.sector_policy import SectorPolicy
from essor.kit.models.support import Supporter, SupportMark

__all__ = [
    "Adoption",
    "Aid",
    "AidImport",
    "ContentVersion",
    "KitState",
    "OrientationRequest",
    "ReceivedRecipe",
    "SectorPolicy",
    "SupportMark",
    "Supporter",
]
