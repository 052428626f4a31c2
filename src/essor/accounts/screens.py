"""What the views of the room share: a form that runs an action, a confirmation, the facets of a list."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put an action's refusal on the fields it names, the rest at the top of the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields and field != NON_FIELD_ERRORS else None, errors)


def run_form(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    message: str = "",
    template: str = "kernel/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Show the form; when it is right, run the action, say so and go to `done`; a refusal is shown in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            if message:
                messages.success(request, message)
            return HttpResponseRedirect(done)
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "cancel_url": done, **context}, status=status)


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the confirmation."""


def confirm(
    request: HttpRequest, act: Callable[[], Any], *, done: str, message: str, **context: Any
) -> HttpResponse:
    """Ask before a dangerous act: what it does, the button that does it, the way back."""
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    return run_form(
        request,
        form,
        lambda _data: act(),
        done=done,
        message=message,
        template="accounts/danger_form.html",
        **context,
    )


def facet(
    name: str, label: str, options: Iterable[tuple[str, str]], query: Mapping[str, Any]
) -> dict[str, Any]:
    """A group of filter choices as kernel/components/facet.html reads it."""
    selected = set(query.getlist(name))  # type: ignore[attr-defined]
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": text, "count": None, "selected": value in selected}
            for value, text in options
        ],
    }


def chips(request: HttpRequest, facets: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The active filters, each with the address of the page without it."""
    found = [
        {
            "name": facet_["label"],
            "label": option["label"],
            "remove_url": without(request, facet_["name"], option["value"]),
        }
        for facet_ in facets
        for option in facet_["options"]
        if option["selected"]
    ]
    if words := request.GET.get("q", "").strip():
        found.insert(0, {"name": _("Recherche"), "label": words, "remove_url": without(request, "q", words)})
    return found


def without(request: HttpRequest, name: str, value: str) -> str:
    """This page's address without one value of a filter, from its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    kept = [other for other in query.getlist(name) if other.strip() != value]
    query.setlist(name, kept)
    if not kept:
        query.pop(name)
    return f"{request.path}?{query.urlencode()}" if query else request.path
