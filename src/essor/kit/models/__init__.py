"""Tables of the room."""

from essor.kit.course.models import Attestation, CourseChoice, LessonProgress
from essor.kit.models.aids import Aid, AidImport
from essor.kit.models.orientation import OrientationRequest
from essor.kit.models.support import Supporter, SupportMark

__all__ = [
    "Aid",
    "AidImport",
    "Attestation",
    "CourseChoice",
    "LessonProgress",
    "OrientationRequest",
    "SupportMark",
    "Supporter",
]
