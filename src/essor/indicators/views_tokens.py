"""The tokens of programs: the list, a new one shown once, the revocation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from essor.accounts.models import User
from essor.indicators import actions_tokens, catalogue
from essor.indicators.access import keeps_indicators
from essor.indicators.enums import Origin
from essor.indicators.links import address
from essor.indicators.models import CollectToken
from essor.indicators.views_collect import add_errors
from essor.indicators.views_indicator import frame_of
from essor.kernel.access import access
from essor.kernel.forms import DayInput
from essor.kernel.periods import today


class TokenForm(forms.Form):
    """A new token: for which program, which indicators, until when."""

    name = forms.CharField(
        label=_("Nom"),
        max_length=80,
        help_text=_(
            "Le logiciel ou le service qui enverra les valeurs. Ce nom est écrit à côté de chaque collecte."
        ),
    )
    codes = forms.MultipleChoiceField(
        label=_("Indicateurs"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucun coché : tous ceux de la collectivité, ceux à venir compris."),
    )
    expires_on = forms.DateField(label=_("Dernier jour"), widget=DayInput, help_text=_("Dans un an au plus."))

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["codes"]


def _own(request: HttpRequest) -> Any:
    return CollectToken.objects.filter(authority=frame_of(request))


@access(keeps_indicators)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of this frame; a new one is shown once, in the answer that makes it."""
    owner = frame_of(request)
    own = {
        code: each
        for code, each in catalogue.everything(owner).items()
        if each.room == "indicators" and each.authority_id == owner
    }
    collected = [(code, each.label) for code, each in own.items() if each.origin is Origin.COLLECTED]
    form = TokenForm(sorted(collected, key=lambda pair: pair[1]), request.POST or None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        assert isinstance(request.user, User)  # noqa: S101  # the predicate refused visitors
        try:
            made, secret = actions_tokens.make_token(
                request.user,
                getattr(request, "authority", None),
                said["name"],
                said.get("codes", []),
                said["expires_on"],
            )
            form = TokenForm(collected)
        except ValidationError as error:
            add_errors(form, error)
    labels = {code: each.label for code, each in own.items()}
    code = next(iter((made.codes if made else []) or [pair[0] for pair in collected]), "collecte.code")
    context = {
        "page_title": _t("Jetons de collecte"),
        "lead": _t("Un jeton laisse un logiciel envoyer et lire des valeurs, sans compte ni mot de passe."),
        "crumbs": [
            {"label": _t("Indicateurs"), "url": address(request, "indicators")},
            {"label": _t("Jetons de collecte"), "url": ""},
        ],
        "form": form,
        "submit_label": _t("Créer le jeton"),
        "made": made,
        "secret": secret,
        "example": request.build_absolute_uri(address(request, "values", code)),
        "rows": [_row(request, row, labels) for row in _own(request)],
    }
    return render(request, "indicators/tokens.html", context)


def _row(request: HttpRequest, row: CollectToken, labels: dict[str, str]) -> dict[str, Any]:
    running = row.revoked_at is None and row.expires_on >= today()
    state = _t("En service") if running else _t("Révoqué") if row.revoked_at else _t("Terminé")
    return {
        "token": row,
        "opens": [labels.get(code, code) for code in row.codes],
        "state": state,
        "tone": "ok" if running else "neutral",
        "revoke_url": address(request, "token-revoke", row.pk) if running else "",
    }


@access(keeps_indicators)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a token, in one click."""
    row = get_object_or_404(_own(request), pk=pk)
    assert isinstance(request.user, User)  # noqa: S101  # the predicate refused visitors
    actions_tokens.revoke_token(request.user, row)
    messages.success(request, _t("Le jeton « %(name)s » n’ouvre plus rien.") % {"name": row.name})
    return HttpResponseRedirect(address(request, "tokens"))
