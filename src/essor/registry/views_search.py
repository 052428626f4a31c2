"""The searches that a person keeps."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import signed_in
from essor.accounts.models import User
from essor.kernel.access import access, everyone
from essor.kernel.mailing import stops_in_one_click
from essor.kernel.periods import today
from essor.registry import actions_search as actions
from essor.registry import links, list_query
from essor.registry.forms_search import KeptForm
from essor.registry.models import SavedSearch
from essor.registry.search import alerts

MOST_QUERY = 2000


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


@access(signed_in)
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """The searches that I keep."""
    mine = SavedSearch.objects.filter(user=_me(request)).select_related("authority__territory")
    rows = [
        {
            "search": search,
            "url": alerts.address(search),
            "words": _words(search.query, search.authority),
            "edit_url": links.address(request, "search-edit", search.pk),
            "erase_url": links.address(request, "search-erase", search.pk),
        }
        for search in mine
    ]
    context = {
        "page_title": _("Mes recherches"),
        "lead": _("Les recherches du registre que vous gardez, et les messages qu’elles vous envoient."),
        "rows": rows,
        "list_url": links.address(request, "list"),
    }
    return render(request, "registry/searches.html", context)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def search_save(request: HttpRequest) -> HttpResponse:
    """Keep the search of the address."""
    authority = getattr(request, "authority", None)
    query = _clean_query(request.GET, authority)
    form = KeptForm(request.POST or None, initial={"name": _words(query, authority)[:100]})
    if request.method == "POST" and form.is_valid():
        kept = actions.Kept(form.cleaned_data["name"], form.cleaned_data["alert"])
        try:
            actions.save_search(_me(request), kept, query, authority)
        except ValidationError as error:
            _blame(form, error)
        else:
            messages.success(request, _("La recherche est gardée."))
            return redirect(links.address(request, "searches"))
    lead = _("Elle retrouvera toujours ce que cherche : %(words)s.") % {"words": _words(query, authority)}
    back = links.address(request, "list") + (f"?{query}" if query else "")
    return _form(request, _("Garder cette recherche"), form, lead=lead, cancel_url=back)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def search_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one of my searches, change its messages."""
    search = _mine(request, pk)
    form = KeptForm(request.POST or None, initial={"name": search.name, "alert": search.alert})
    if request.method == "POST" and form.is_valid():
        kept = actions.Kept(form.cleaned_data["name"], form.cleaned_data["alert"])
        try:
            actions.change_search(_me(request), search, kept)
        except ValidationError as error:
            _blame(form, error)
        else:
            messages.success(request, _("La recherche est changée."))
            return redirect(links.address(request, "searches"))
    return _form(request, _("Changer la recherche"), form, cancel_url=links.address(request, "searches"))


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def search_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase one of my searches."""
    search = _mine(request, pk)
    if request.method == "POST":
        actions.erase_search(_me(request), search)
        messages.success(request, _("La recherche est effacée."))
        return redirect(links.address(request, "searches"))
    title = _("Effacer « %(name)s » ?") % {"name": search.name}
    cancel = links.address(request, "searches")
    return _form(request, title, forms.Form(), cancel_url=cancel, submit_label=_("Effacer la recherche"))


@access(everyone)
@stops_in_one_click(actions.stop_messages)
@require_http_methods(["GET", "HEAD", "POST"])
def search_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the messages of a search, from the link of one of them: whoever has it may, and only that."""
    search = SavedSearch.objects.filter(token=token).first()
    if request.method == "POST" and actions.stop_messages(token):
        messages.success(request, _("Cette recherche n’enverra plus de message."))
        return redirect(links.address(request, "list"))
    if search is None:
        raise Http404(_("Cette recherche n’existe plus : elle n’envoie plus de message."))
    title = _("Ne plus recevoir ces messages ?")
    lead = _("La recherche « %(name)s » reste gardée ; vous pourrez redemander ses messages.") % {
        "name": search.name
    }
    cancel = links.address(request, "list")
    return _form(
        request, title, forms.Form(), lead=lead, cancel_url=cancel, submit_label=_("Ne plus recevoir")
    )


def _mine(request: HttpRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch, pk=pk, user=_me(request))


def _clean_query(query: QueryDict, authority: Any) -> str:
    """The search of an address as the list writes it: nothing unknown is kept."""
    home = authority.territory if authority else None
    asked = list_query.read(query, home, today())
    written = QueryDict(mutable=True)
    for name, value in [*list_query.to_pairs(asked.filters, home), *asked.extra]:
        written.appendlist(name, value)
    return written.urlencode()[:MOST_QUERY]


def _words(query: str, authority: Any) -> str:
    """What a search looks for, in words."""
    home = authority.territory if authority else None
    asked = list_query.read(QueryDict(query), home, today())
    words = [chip["label"] for chip in list_query.chips(asked, home)]
    return ", ".join(words) or _("tout le registre")


def _blame(form: forms.Form, error: ValidationError) -> None:
    """Put the errors of the action on the form's fields, those of other fields above them."""
    told = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, texts in told.items():
        form.add_error(name if name in form.fields else None, texts)


def _form(request: HttpRequest, title: str, form: forms.Form, **more: Any) -> HttpResponse:
    return render(request, "kernel/form_page.html", {"page_title": title, "form": form, **more})
