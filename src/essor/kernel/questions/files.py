"""Files given as answers: who reads them is said by the room that uses the form."""

from django.http import HttpRequest

from essor.kernel import files
from essor.kernel.models import StoredFile
from essor.kernel.questions.models import ResponseFile
from essor.kernel.questions.uses import UnknownForm, use_of

PURPOSE = "questions.answer"


def reads_answers(request: HttpRequest, stored: StoredFile) -> bool:
    """Les personnes que l’usage du formulaire désigne, et personne quand il n’en désigne pas."""
    tied = ResponseFile.objects.select_related("response__form_version").filter(file=stored).first()
    if tied is None:
        return False
    try:
        allowed = use_of(tied.response.form_version.code).files
    except UnknownForm:
        return False
    return allowed is not None and allowed(request, tied.response)


files.register_purpose(PURPOSE, reads_answers)
