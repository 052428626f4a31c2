"""What the answers to a form are for: the room that uses a form says its purpose, its duration, who reads its files."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.functional import Promise

from essor.kernel.questions.definition import Form
from essor.kernel.questions.models import Response

Reads = Callable[[HttpRequest, Response], bool]


@dataclass(frozen=True)
class Use:
    """The use of a form by a room, « kit.diagnosis ».

    `months` is how long answers are kept after the last change; `files` says who may read the files (nobody when
    it is not told); `check` gives, in French, what an authority's own version lacks or may not do.
    """

    code: str
    title: str | Promise
    purpose: str | Promise
    legal_basis: str | Promise
    months: int
    files: Reads | None = None
    check: Callable[[Form], list[str]] | None = None


_uses: dict[str, Use] = {}


class UnknownForm(LookupError):
    """No room declared this form: `register_use`."""


def register_use(use: Use) -> None:
    """Declare the use of a form; two of the same code are an error."""
    known = _uses.get(use.code)
    if known is not None and known != use:
        raise ImproperlyConfigured(f"questions: {use.code} is declared twice")
    _uses[use.code] = use


def use_of(code: str) -> Use:
    """The use of a form. `UnknownForm` when no room declared it."""
    if code not in _uses:
        raise UnknownForm(code)
    return _uses[code]


def uses() -> dict[str, Use]:
    """Every use, by the code of its form."""
    return dict(_uses)
