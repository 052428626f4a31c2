"""What the screens of corrections share: the thing of an address, its versions in words, its text in preview."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from essor.accounts.models import User
from essor.accounts.queries import names_of
from essor.kernel.french import unbroken
from essor.kernel.periods import today
from essor.kit import fiche_links as links
from essor.kit import legal_values, library, markdown, recipe_library
from essor.kit.editing import texts
from essor.kit.editing.actions import Thing, exists
from essor.kit.editing.in_force import digest
from essor.kit.models.content import ContentKind, ContentVersion
from essor.kit.words import GUIDES
from essor.law import parameters as law

# The word of the address for each kind.
KINDS = {"fiches": ContentKind.FICHE, "recettes": ContentKind.RECIPE}
WORDS = {kind: word for word, kind in KINDS.items()}


def me(request: HttpRequest) -> User:
    """The person, known to be signed in by the predicate."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def thing_or_404(what: str, code: str) -> Thing:
    """The fiche or the recipe of an address. Http404, in French, when there is none."""
    thing = Thing(KINDS.get(what, ""), code)
    if what not in KINDS or not exists(thing):
        raise Http404(_("Ce texte n’existe pas : choisissez-le dans la boîte à outils."))
    return thing


def title_of(thing: Thing) -> str:
    """How people call it: « K01 · L’ESS, de quoi parle-t-on ? »."""
    if thing.kind == ContentKind.RECIPE:
        return recipe_library.recipes()[thing.code].title
    return f"{thing.code}\N{NO-BREAK SPACE}· {library.fiches()[thing.code].title}"


def page_of(request: HttpRequest, thing: Thing) -> str:
    """Where it is read."""
    name = "kit:recipe" if thing.kind == ContentKind.RECIPE else "kit:fiche"
    return links.address(request, name, code=thing.code)


def addresses(thing: Thing) -> dict[str, str]:
    """The screens that correct it."""
    at = {"what": WORDS[ContentKind(thing.kind)], "code": thing.code}
    names = ("edit", "versions", "reset", "upgrade")
    return {f"{name}_url": reverse(f"kit-admin:text-{name}", kwargs=at) for name in names}


def is_overtaken(thing: Thing, latest: ContentVersion | None) -> bool:
    """True when the package brought another text since the one in force was written."""
    return latest is not None and not latest.is_reset and latest.base != digest(thing.package_text)


@dataclass(frozen=True)
class Told:
    """A version as a list shows it."""

    version: ContentVersion
    author: str


def told(versions: list[ContentVersion]) -> list[Told]:
    """Versions with the names of their authors, looked up once."""
    names = names_of({each.author_id for each in versions if each.author_id is not None})
    gone = _("une personne dont le compte n’existe plus")
    return [
        Told(each, _("le système") if each.author_id is None else names.get(each.author_id, gone))
        for each in versions
    ]


def preview(request: HttpRequest, body: str, guide: str = "") -> SafeString:
    """A text in Markdown as readers will see it; a legal value that does not exist is said in its place."""
    known = GUIDES.get(guide) or GUIDES["K"]
    write = _writing(legal_values.as_html(today(), known.day, links.law_page(request)))
    return markdown.to_html(markdown.parse(unbroken(body)), links.target_address(request), write)


def _writing(write: Callable[[str], SafeString]) -> Callable[[str], SafeString]:
    def written(identifier: str) -> SafeString:
        try:
            return write(identifier)
        except law.UnknownParameterError:
            return format_html(
                '<strong class="to-check">{}</strong>', _("valeur « %s » inconnue") % identifier
            )

    return written


def body_of(data: Mapping[str, Any]) -> str:
    """The Markdown of what a file says."""
    return str(data.get(texts.BODY, ""))
