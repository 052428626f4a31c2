"""Tables of the room."""

from essor.kit.alerts.models import AidAlert
from essor.kit.course.models import Attestation, CourseChoice, LessonProgress
from essor.kit.models.aids import Aid, AidImport
from essor.kit.models.orientation import OrientationRequest
from essor.kit.models.support import Supporter, SupportMark
from essor.kit.supporter_import.models import SupporterImport
from essor.kit.weblinks.models import WebLink

__all__ = [
    "Aid",
    "AidAlert",
    "AidImport",
    "Attestation",
    "CourseChoice",
    "LessonProgress",
    "OrientationRequest",
    "SupportMark",
    "Supporter",
    "SupporterImport",
    "WebLink",
]
