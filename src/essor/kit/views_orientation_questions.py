"""The questions of the orientation, as the agents of an authority write them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import agent_of_authority
from essor.kernel.access import access
from essor.kernel.questions import editor
from essor.kit.links_support import address
from essor.kit.orientation_form import package_form
from essor.kit.rules_orientation_form import MOST, OWN_KINDS, with_private_texts
from essor.kit.views_support import authority_of


def _desk(request: HttpRequest) -> editor.Desk:
    authority = authority_of(request)
    if authority is None:
        raise Http404
    package = package_form()
    return editor.Desk(
        package=package,
        owner_id=authority.pk,
        questions_url=address(request, "orientation-questions"),
        question_url=lambda code: address(request, "orientation-question", code),
        add_url=lambda section: address(request, "orientation-question-add"),
        preview_url=address(request, "orientation-questions-preview"),
        versions_url=address(request, "orientation-questions-versions"),
        public_url=address(request, "orientation"),
        kinds=OWN_KINDS,
        locked=frozenset(package.by_code),
        most=MOST,
        advice=_(
            "Ne demandez pas d’identité : ni nom, ni adresse, ni téléphone. Vos questions ne changent pas les soutiens "
            "proposés ; vous en lisez les réponses dans les demandes. Un texte libre n’est lu que par les agents."
        ),
        settle=with_private_texts,
    )


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """The questions in order, and the draft."""
    return editor.questions_page(request, _desk(request))


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def question_add(request: HttpRequest) -> HttpResponse:
    """A question more."""
    return editor.question_page(request, _desk(request), section=package_form().sections[0].code)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, code: str) -> HttpResponse:
    """One question."""
    return editor.question_page(request, _desk(request), code=code)


@access(agent_of_authority)
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """The questions as people will see them."""
    return editor.preview_page(request, _desk(request))


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def question_versions(request: HttpRequest) -> HttpResponse:
    """What was published, and the way back."""
    return editor.versions_page(request, _desk(request))
