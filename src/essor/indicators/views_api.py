"""Values sent and read by programs, with a token: JSON in and out, no session, every fault said in French."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from essor.formats.problems import InputProblem, Rejection
from essor.indicators import actions, actions_tokens, catalogue
from essor.indicators.collect import cells_of, json_rows, read_json
from essor.indicators.definition import Indicator, Observed
from essor.indicators.enums import Origin
from essor.indicators.everywhere import as_json
from essor.indicators.models import CollectToken
from essor.indicators.places_typed import Places
from essor.indicators.views_indicator import frame_of
from essor.kernel.access import access, everyone
from essor.kernel.limits import within

MAX_BYTES = 10 << 20
MAX_SHOWN = 200
RATES = "120/m/ip"
NAME = "valeurs.json"


class _Refused(Exception):
    """A request that is refused: its status, and what to say."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.body = status, {"message": message, **more}


def _answer(body: Any, status: int = 200) -> HttpResponse:
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Essor"'
    return answer


@csrf_exempt  # the token alone opens; a session, with or without it, opens nothing
@never_cache
def values(request: HttpRequest, code: str) -> HttpResponse:
    """Values of an indicator: sent by POST, read by GET, with `Authorization: Bearer …`."""
    try:
        if request.method not in ("GET", "HEAD", "POST"):
            raise _Refused(405, _("Lisez par GET, envoyez par POST."))
        if not within(request, "indicator-values", RATES, reading=True):
            raise _Refused(429, _("Trop de demandes : attendez une minute."))
        token = _token(request)
        indicator = _opened(request, token, code)
        actions_tokens.used(token)
        if request.method == "POST":
            return _collected(request, token, indicator)
        return _answer(
            as_json(indicator, catalogue.everything(frame_of(request) or token.authority_id), full=True)
        )
    except _Refused as refused:
        return _answer(refused.body, refused.status)


access(everyone)(values)


def _token(request: HttpRequest) -> CollectToken:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    found = actions_tokens.token_of(secret.strip()) if kind.casefold() == "bearer" else None
    if found is None:
        raise _Refused(
            401,
            _(
                "Il faut un jeton en service (« Authorization: Bearer … ») : "
                "faites-en un sur la page « Jetons de collecte »."
            ),
        )
    return found


def _opened(request: HttpRequest, token: CollectToken, code: str) -> Indicator:
    """The indicator of the address, when the token opens it."""
    found = catalogue.everything(token.authority_id).get(code)
    frame = frame_of(request)
    if found is None or found.room != "indicators" or (frame is not None and frame != token.authority_id):
        raise _Refused(404, _("« %(code)s » n’est le code d’aucun indicateur d’ici.") % {"code": code[:80]})
    if found.authority_id != token.authority_id:
        raise _Refused(404, _("« %(code)s » n’est le code d’aucun indicateur d’ici.") % {"code": code[:80]})
    if not actions_tokens.opens(token, found):
        raise _Refused(403, _("Ce jeton n’ouvre pas cet indicateur : faites-en un qui l’ouvre."))
    if request.method == "POST" and found.origin is not Origin.COLLECTED:
        raise _Refused(403, _("Cet indicateur est calculé : ses valeurs ne se collectent pas."))
    return found


def _content(request: HttpRequest) -> bytes:
    """The body, read no further than the limit."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    if (said.isdigit() and int(said) > MAX_BYTES) or len(content := request.read(MAX_BYTES + 1)) > MAX_BYTES:
        raise _Refused(413, _("Ces valeurs dépassent 10 Mo : envoyez-les en plusieurs fois."))
    return content


def _collected(request: HttpRequest, token: CollectToken, indicator: Indicator) -> HttpResponse:
    """Write the values sent: all, or none and the faults; the good ones alone when « garder=valides » asks it."""
    content = _content(request)
    rejected: list[Rejection] = []
    try:
        source, day = _provenance(content, indicator)
        cells = cells_of(json_rows(content, NAME), NAME, indicator, Places().resolve, rejected.append)
    except InputProblem as problem:
        raise _Refused(422, str(problem), erreurs=[_said(problem)]) from None
    keep = request.GET.get("garder") == "valides"
    faults = [_said(each.as_problem()) for each in rejected[:MAX_SHOWN]]
    if rejected and not keep:
        message = (
            _("%(count)s fautes : rien n’a été enregistré.")
            if len(rejected) > 1
            else _("Une faute : rien n’a été enregistré.")
        )
        raise _Refused(
            422,
            message % {"count": len(rejected)} if len(rejected) > 1 else message,
            nombre=len(rejected),
            erreurs=faults,
        )
    if not cells:
        raise _Refused(422, _("Il n’y a aucune valeur à enregistrer."), nombre=len(rejected), erreurs=faults)
    counts = _written(token, indicator, cells, source, day)
    body = {"nouvelles": counts["new"], "changees": counts["changed"], "deja_connues": counts["same"]}
    return _answer(body | ({"nombre": len(rejected), "erreurs": faults} if rejected else {}))


def _written(
    token: CollectToken, indicator: Indicator, cells: list[Observed], source: str, day: date | None
) -> dict[str, int]:
    try:
        return actions.collect(None, indicator, cells, source, day, token=token)
    except ValidationError as error:
        raise _Refused(422, " ".join(error.messages)) from None


def _provenance(content: bytes, indicator: Indicator) -> tuple[str, date | None]:
    """The source and its day, said beside « valeurs »; else those of the definition, and the day when they change."""
    found = read_json(content, NAME)
    said = found if isinstance(found, dict) else {}
    source, written = said.get("source") or indicator.source, said.get("date")
    if not isinstance(source, str) or len(source) > 300:
        raise InputProblem(
            NAME,
            "la source n’est pas un texte de 300 signes au plus.",
            "Écrivez qui le dit.",
            column="source",
        )
    if written is None:
        return source, None
    try:
        return source, date.fromisoformat(str(written))
    except ValueError:
        raise InputProblem(
            NAME,
            "cette date n’est pas lisible.",
            "Écrivez par exemple 2026-03-01.",
            column="date",
            value=written,
        ) from None


def _said(problem: InputProblem) -> dict[str, Any]:
    return {
        "ligne": problem.line,
        "colonne": problem.column,
        "valeur": problem.value,
        "motif": problem.reason,
        "remede": problem.remedy,
        "message": str(problem),
    }
