"""Tables of the room."""

from essor.kit.alerts.models import AidAlert
from essor.kit.course.models import Attestation, CourseChoice, LessonProgress
from essor.kit.diagnosis.models import AgreedValue, Campaign, OtherMedians, Respondent, SharingConsent
from essor.kit.models.adoption import Adoption, ReceivedRecipe
from essor.kit.models.aids import Aid, AidImport
from essor.kit.models.content import ContentVersion, KitState
from essor.kit.models.orientation import OrientationRequest
from essor.kit.models.sector_policy import SectorPolicy
from essor.kit.models.support import Supporter, SupportMark
from essor.kit.supporter_import.models import SupporterImport
from essor.kit.weblinks.models import WebLink

__all__ = [
    "Adoption",
    "AgreedValue",
    "Aid",
    "AidAlert",
    "AidImport",
    "Attestation",
    "Campaign",
    "ContentVersion",
    "CourseChoice",
    "KitState",
    "LessonProgress",
    "OrientationRequest",
    "OtherMedians",
    "ReceivedRecipe",
    "Respondent",
    "SectorPolicy",
    "SharingConsent",
    "SupportMark",
    "Supporter",
    "SupporterImport",
    "WebLink",
]
