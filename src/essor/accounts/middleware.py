"""The frame of a request: its authority (from the address, never from the session), its rights, its second factor."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from essor.accounts.models import Authority
from essor.accounts.rights import rights_of

GetResponse = Callable[[HttpRequest], HttpResponse]

# What a person without second factor may still reach: to set it up, prove who they are, read about it, or leave.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "health",
    }
)


class AuthorityMiddleware:
    """Sets `request.authority` from the slug of the address, and leads those who must to set up their second factor."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.authority = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None to go on; 404 when no authority has this slug; else the way to the second factor."""
        if "authority" in kwargs:
            request.authority = _authority(kwargs.pop("authority"))  # type: ignore[attr-defined]
        match = request.resolver_match
        if settings.REQUIRE_TOTP and match and match.url_name not in WITHOUT_SECOND_FACTOR:
            return _second_factor(request)
        return None


def _authority(slug: str) -> Authority:
    found = Authority.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(
            _("Aucune collectivité n’a l’adresse « %(slug)s » sur cette installation.") % {"slug": slug}
        )
    return found


def _second_factor(request: HttpRequest) -> HttpResponse | None:
    """The way to the set-up page for those who must have a second factor and have none yet."""
    if not request.user.is_authenticated or not rights_of(request).needs_second_factor:
        return None
    if Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
        return None
    messages.info(
        request, _("Votre rôle demande une double authentification : configurez-la pour continuer.")
    )
    return redirect("mfa_activate_totp")
