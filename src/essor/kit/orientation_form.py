"""The questions of the orientation: those of the package, or the version that an authority published."""

from functools import cache
from importlib.resources import files

from django.utils.translation import gettext_lazy as _

from essor.accounts.models import Authority
from essor.kernel.questions import versions
from essor.kernel.questions.definition import Form, Question
from essor.kernel.questions.kinds import register_resolver
from essor.kernel.questions.models import FormVersion
from essor.kernel.questions.reading import read_form
from essor.kernel.questions.uses import Use, register_use
from essor.kernel.reader import mapping
from essor.kit.places_support import PLACES
from essor.kit.rules_orientation_form import own_questions, refusals

CODE = "kit.orientation"
FILE = "orientation.yaml"

register_resolver("territory", _("Territoire"), PLACES)


@cache
def package_form() -> Form:
    """The six questions that the package comes with."""
    text = files("essor.kit").joinpath("data", FILE).read_text(encoding="utf-8")
    return read_form(mapping(text, FILE), FILE)


def version_for(authority: Authority | None) -> FormVersion:
    """The version that people answer in this frame."""
    return versions.in_force(package_form(), authority.pk if authority else None)


def own_of(form: Form) -> tuple[Question, ...]:
    """The questions that the authority added."""
    return tuple(own_questions(form, package_form()))


def check(form: Form) -> list[str]:
    """Why these questions cannot be published, in French."""
    return refusals(form, package_form())


register_use(
    Use(
        CODE,
        _("Orientation des projets"),
        _("Orienter un projet, et savoir quels besoins n’ont pas de réponse sur le territoire"),
        _("Mission d’intérêt public (RGPD, article 6.1.e)"),
        months=36,
        check=check,
    )
)
