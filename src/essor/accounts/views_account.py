"""One's own account, and the way in by invitation."""

import json

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from essor.accounts import actions, queries
from essor.accounts.enums import InstallationRoleKind, Theme
from essor.accounts.forms import AcceptForm, ProfileForm
from essor.accounts.frame import PersonRequest
from essor.accounts.home import home_address
from essor.accounts.models import Invitation, User
from essor.accounts.rights import Rights, rights_of
from essor.accounts.roles import role_label
from essor.accounts.screens import add_errors
from essor.kernel.access import access, everyone, signed_in
from essor.kernel.periods import today

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
THEME_COOKIE = "theme"
ONE_YEAR = 31_536_000


@access(signed_in)
def account(request: PersonRequest) -> HttpResponse:
    """My authorities, my roles and mandates, my security, what is kept of me."""
    rights = rights_of(request)
    context = {
        "page_title": _("Mon compte"),
        "person": request.user,
        "members": queries.running_memberships(request.user, today()),
        "installation_roles": [InstallationRoleKind(code).label for code in sorted(rights.installation)],
        "second_factor": queries.has_second_factor(request.user),
        "second_factor_asked": settings.REQUIRE_TOTP and rights.needs_second_factor,
        "day": today(),
    }
    return render(request, "accounts/account.html", context)


@access(signed_in)
def profile(request: PersonRequest) -> HttpResponse:
    """Change one's name and, on this device, how light the screens are and their language."""
    initial = {
        "full_name": request.user.full_name,
        "theme": request.COOKIES.get(THEME_COOKIE) or Theme.AUTO,
        "language": get_language(),
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _save_profile(request, form.cleaned_data)
    context = {
        "form": form,
        "page_title": _("Mon profil"),
        "submit_label": _("Enregistrer mon profil"),
        "cancel_url": reverse("account"),
    }
    return render(request, "kernel/form_page.html", context, status=422 if form.errors else 200)


def _save_profile(request: PersonRequest, data: dict[str, str]) -> HttpResponse:
    if data["full_name"] != request.user.full_name:
        actions.update_profile(request.user, full_name=data["full_name"])
    messages.success(request, _("Votre profil est enregistré."))
    response = redirect("account")
    _keep(response, THEME_COOKIE, "" if data["theme"] == Theme.AUTO else data["theme"])
    if "language" in data:
        _keep(response, settings.LANGUAGE_COOKIE_NAME, data["language"])
    return response


def _keep(response: HttpResponse, cookie: str, value: str) -> None:
    """Keep a choice on this device for a year; an empty one is forgotten."""
    if value:
        response.set_cookie(
            cookie, value, max_age=ONE_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(cookie)


@access(signed_in)
@never_cache
def export(request: PersonRequest) -> HttpResponse:
    """Everything that the installation keeps of me, in one file."""
    data = actions.export_mine(request.user)
    body = json.dumps(data, ensure_ascii=False, indent=2, default=str)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mes-donnees-essor.json"'
    return response


@access(everyone)
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: open an account, or join with the one that is signed in."""
    found = actions.find_open(token, timezone.now())
    if found is None:
        return render(
            request,
            "accounts/invitation_gone.html",
            {"page_title": _("Ce lien ne fonctionne plus")},
            status=410,
        )
    form = _accept_form(request, found)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            return _join(request, token, form)
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "page_title": _("Rejoindre %(authority)s") % {"authority": found.authority.name},
        "invitation": found,
        "role_labels": [role_label(role) for role in found.roles],
        "form": form,
        "situation": _situation(request, found),
        "login_url": f"{reverse('account_login')}?next={request.path}",
        "submit_label": _("Rejoindre l’équipe"),
    }
    return render(
        request, "accounts/invitation.html", context, status=422 if form is not None and form.errors else 200
    )


def _situation(request: HttpRequest, found: Invitation) -> str:
    """`mine` (signed in with the invited address), `other` (with another), `known` (has an account), `new`."""
    if request.user.is_authenticated:
        return "mine" if request.user.email == found.email else "other"
    return "known" if User.objects.filter(email=found.email).exists() else "new"


def _accept_form(request: HttpRequest, found: Invitation) -> AcceptForm | None:
    """The form of a new person, an empty one for who is signed in, none when another step comes first."""
    situation = _situation(request, found)
    if situation not in {"mine", "new"}:
        return None
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if situation == "mine":
        form.fields.clear()
    return form


def _join(request: HttpRequest, token: str, form: AcceptForm) -> HttpResponseRedirect:
    signed_in_user = request.user if request.user.is_authenticated else None
    user = actions.accept(token, signed_in=signed_in_user, **form.cleaned_data)
    if signed_in_user is None:
        record_authentication(request, user, "password")
        login(request, user, backend=BACKEND)  # a new session: the anonymous one ends here
    messages.success(request, _("Bienvenue ! Vous faites maintenant partie de l’équipe."))
    response = HttpResponseRedirect(home_address(Rights(user.pk, today())))
    add_never_cache_headers(response)
    return response
