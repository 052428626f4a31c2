"""Alerts on aids: keep a profile, confirm it, « Mes alertes », change, stop, erase."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import signed_in
from essor.kernel.access import access, everyone
from essor.kernel.limits import limited
from essor.kernel.mailing import stops_in_one_click
from essor.kit import aids_list
from essor.kit.alerts import actions, telling
from essor.kit.alerts.forms import AlertForm, initial_of
from essor.kit.alerts.models import AidAlert
from essor.kit.enums_support import Profile
from essor.kit.links_support import address
from essor.kit.views_support import authority_of, person_of

# The profiles of orientation, as audiences of aids.
AUDIENCES: dict[str, str] = {
    Profile.INHABITANT: "individual",
    Profile.JOBSEEKER: "individual",
    Profile.YOUTH: "individual",
    Profile.ASSOCIATION: "association",
    Profile.INSERTION: "association",
    Profile.COOPERATIVE: "company",
    Profile.COMPANY: "company",
    Profile.TAKEOVER: "company",
    Profile.AUTHORITY: "commune",
}


@access(signed_in)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mes alertes »: what I asked to be told of."""
    alerts = AidAlert.objects.filter(user=person_of(request)).select_related("authority")
    rows = [
        {
            "alert": alert,
            "words": aids_list.in_words(telling.asked_by(alert)),
            "url": telling.list_path(alert),
            "edit_url": address(request, "aid-alert", alert.pk),
            "erase_url": address(request, "aid-alert-erase", alert.pk),
        }
        for alert in alerts
    ]
    context = {"page_title": _("Mes alertes"), "rows": rows, "aids_url": address(request, "aids")}
    return render(request, "kit/alerts/mine.html", context)


def _asked(request: HttpRequest) -> aids_list.Asked:
    """The profile of the address; orientation names its answers (`profil`, `theme`)."""
    query = request.GET.copy()
    audience = AUDIENCES.get(query.get("profil", ""))
    if audience:
        query.appendlist("pour", audience)
    for name in (
        "closes",
        "nouvelles",
        "bientot",
    ):  # an alert tells what is new and what closes: that is its purpose
        query.pop(name, None)
    return aids_list.read(query)


@access(everyone)
@limited("aid-alert", "10/h/ip")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_new(request: HttpRequest) -> HttpResponse:
    """Keep the profile of the address; a visitor confirms it from their mailbox."""
    asked = _asked(request)
    visitor = not request.user.is_authenticated
    words = aids_list.in_words(asked)
    named = (words[:1].upper() + words[1:])[:100]
    form = AlertForm(request.POST or None, visitor=visitor, initial={"name": named})
    query, authority = aids_list.address_of(asked)[:2000], authority_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            if visitor:
                actions.ask_alert(form.cleaned_data["email"], form.wanted(), query, authority)
                return render(
                    request, "kit/alerts/asked.html", {"page_title": _("Regardez votre messagerie")}
                )
            actions.save_alert(person_of(request), form.wanted(), query, authority)
            messages.success(request, _("L’alerte est gardée."))
            return HttpResponseRedirect(address(request, "aid-alerts"))
        except ValidationError as error:
            _blame(form, error)
    lead = _("Aides suivies : %(words)s.") % {"words": words}
    back = address(request, "aids") + (f"?{query}" if query else "")
    return _form(request, _("M’alerter sur les aides"), form, lead, back, _("Garder l’alerte"))


@access(everyone)
@limited("aid-alert-link", "60/h/ip")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What the message's link opens: one button confirms (mail programs open links by themselves), or renews."""
    alert = _of_link(request, token)
    if alert.user_id is not None:
        raise _gone()
    if request.method == "POST":
        if actions.confirm(token) is None:
            raise _gone()
        messages.success(request, _("C’est confirmé : vous recevrez ces messages."))
        return HttpResponseRedirect(address(request, "aid-alert-open", token))
    lead = _("Profil : %(words)s.") % {"words": aids_list.in_words(telling.asked_by(alert))}
    title = _("Recevoir cette alerte sur les aides ?")
    return _form(request, title, forms.Form(), lead, address(request, "aids"), _("Oui, la recevoir"))


@access(everyone)
@limited("aid-alert-link", "60/h/ip")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_open(request: HttpRequest, token: str) -> HttpResponse:
    """Change a visitor's alert, from the link of one of its messages; a person's own asks to sign in."""
    alert = _of_link(request, token)
    if alert.user_id is not None:
        return HttpResponseRedirect(address(request, "aid-alert", alert.pk))
    if alert.state == AidAlert.State.WAITING:
        return HttpResponseRedirect(address(request, "aid-alert-confirm", token))
    done = address(request, "aid-alert-open", token)
    return _change(request, alert, done, stop_url=address(request, "aid-alert-stop", token))


@access(everyone)
@stops_in_one_click(actions.stop)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop an alert, from the link of one of its messages: whoever has it may, and only that."""
    alert = _of_link(request, token)
    if request.method == "POST":
        actions.stop(token)
        told = _("Vous ne recevrez plus ces messages.")
        if alert.user_id is None:
            told = _("Vous ne recevrez plus ces messages ; votre adresse est effacée.")
        messages.success(request, told)
        return HttpResponseRedirect(address(request, "aids"))
    lead = _("Profil : %(words)s.") % {"words": aids_list.in_words(telling.asked_by(alert))}
    return _form(
        request,
        _("Ne plus recevoir ces messages ?"),
        forms.Form(),
        lead,
        address(request, "aids"),
        _("Ne plus recevoir"),
    )


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one of my alerts."""
    return _change(request, _mine(request, pk), address(request, "aid-alerts"))


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase one of my alerts."""
    alert = _mine(request, pk)
    back = address(request, "aid-alerts")
    if request.method == "POST":
        actions.erase_alert(person_of(request), alert)
        messages.success(request, _("L’alerte est effacée."))
        return HttpResponseRedirect(back)
    title = _("Effacer « %(name)s » ?") % {"name": alert.name}
    return _form(request, title, forms.Form(), "", back, _("Effacer l’alerte"))


def _change(request: HttpRequest, alert: AidAlert, done: str, stop_url: str = "") -> HttpResponse:
    form = AlertForm(request.POST or None, initial=initial_of(alert))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_alert(person_of(request) if alert.user_id else None, alert, form.wanted())
            messages.success(request, _("L’alerte est changée."))
            return HttpResponseRedirect(done)
        except ValidationError as error:
            _blame(form, error)
    words = aids_list.in_words(telling.asked_by(alert))
    lead = _("Profil : %(words)s.") % {"words": words}
    if alert.state == AidAlert.State.STOPPED:
        lead += " " + _("Elle est arrêtée : enregistrer la remet en marche.")
    title = _("Changer l’alerte « %(name)s »") % {"name": alert.name}
    back = stop_url or done
    more = {"cancel_label": _("Ne plus recevoir ces messages")} if stop_url else {}
    return _form(request, title, form, lead, back, _("Enregistrer"), **more)


def _mine(request: HttpRequest, pk: int) -> AidAlert:
    return get_object_or_404(AidAlert.objects.select_related("authority"), pk=pk, user=person_of(request))


def _of_link(request: HttpRequest, token: str) -> AidAlert:
    rows = AidAlert.objects.filter(authority=authority_of(request)).select_related("authority")
    alert = rows.filter(token=token).first()
    if alert is None:
        raise _gone()
    return alert


def _gone() -> Http404:
    return Http404(_("Cette alerte n’existe plus : elle n’envoie plus de message."))


def _blame(form: forms.Form, error: ValidationError) -> None:
    """Put the errors of the action on the form's fields, those of other fields above them."""
    told = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, texts in told.items():
        form.add_error(name if name in form.fields else None, texts)


def _form(
    request: HttpRequest, title: str, form: forms.Form, lead: str, cancel_url: str, label: str, **more: Any
) -> HttpResponse:
    context = {
        "page_title": title,
        "lead": lead,
        "form": form,
        "cancel_url": cancel_url,
        "submit_label": label,
    }
    template = "kit/alerts/form.html" if isinstance(form, AlertForm) else "kernel/form_page.html"
    return render(request, template, context | more)
