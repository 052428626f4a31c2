"""Tables of the room."""

from essor.kit.diagnosis.models import AgreedValue, Campaign, OtherMedians, Respondent, SharingConsent
from essor.kit.models.aids import Aid, AidImport
from essor.kit.models.orientation import OrientationRequest
from essor.kit.models.support import Supporter, SupportMark

__all__ = [
    "AgreedValue",
    "Aid",
    "AidImport",
    "Campaign",
    "OrientationRequest",
    "OtherMedians",
    "Respondent",
    "SharingConsent",
    "SupportMark",
    "Supporter",
]
