"""Opening one's own account, for people of organisations: teams of authorities come by invitation."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from essor.accounts import actions
from essor.accounts.forms import AcceptForm, SignUpForm
from essor.accounts.screens import add_errors
from essor.accounts.views_account import BACKEND
from essor.kernel.access import access, everyone
from essor.kernel.limits import limited


@access(everyone)
@never_cache
@limited("sign-up", "10/h/ip")
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for an account: an address, to which a link is sent."""
    next_path = actions.safe_path(request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(next_path or "account")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_account(form.cleaned_data["email"], next_path)
        context = {"page_title": _("Regardez votre messagerie"), "email": form.cleaned_data["email"]}
        return render(request, "accounts/sign_up_sent.html", context)
    context = {
        "page_title": _("Créer un compte"),
        "form": form,
        "submit_label": _("Recevoir le lien"),
        "cancel_url": next_path or reverse("home"),
        "login_url": f"{reverse('account_login')}?next={next_path}",
    }
    return render(request, "accounts/sign_up.html", context, status=422 if form.errors else 200)


@access(everyone)
@never_cache
@sensitive_post_parameters("password")
def sign_up_open(request: HttpRequest, token: str) -> HttpResponse:
    """Open the account of a link: a name and a password."""
    found = actions.find_sign_up(token, timezone.now())
    if found is None:
        return render(
            request,
            "accounts/sign_up_gone.html",
            {"page_title": _("Ce lien ne fonctionne plus")},
            status=410,
        )
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.open_account(token, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            record_authentication(request, user, "password")
            login(request, user, backend=BACKEND)
            messages.success(request, _("Bienvenue ! Votre compte est ouvert."))
            return HttpResponseRedirect(found.next_path or reverse("account"))
    context = {
        "page_title": _("Ouvrir mon compte"),
        "lead": _("Votre adresse : %(email)s.") % {"email": found.email},
        "form": form,
        "submit_label": _("Ouvrir mon compte"),
        "cancel_url": reverse("home"),
    }
    return render(request, "kernel/form_page.html", context, status=422 if form.errors else 200)
