"""The printable note of an answer: question, case, answer, why, texts with their certainty, day, who."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.documents import render_pdf
from essor.kernel.french import day
from essor.kernel.periods import today
from essor.rulebook.shown import Shown, rests_on_local_values

WARNING = gettext_lazy("Aide à la décision : elle ne remplace pas l’avis d’un juriste.")


def note_pdf(
    request: HttpRequest,
    *,
    title: str,
    rule: str,
    case: Sequence[dict[str, str]],
    shown: Shown,
    about: Sequence[dict[str, str]] = (),
) -> bytes:
    """The PDF of an answer. `about` are facts of a note kept: who kept it, when, for which file."""
    authority = getattr(request, "authority", None)
    data = {
        "authority": authority.name if authority else "Essor",
        "demo": settings.DEMO,
        "kind": rule,
        "day": _("imprimé le %s") % day(today()),
        "source": _law_of(shown),
        "sections": list(_sections(case, shown, about)),
    }
    return render_pdf("rulebook/rule.typ", data, title)


def _law_of(shown: Shown) -> str:
    told = _("droit au %s") % day(date.fromisoformat(shown["day"]))
    return _("%s, valeurs ajoutées ici comprises") % told if rests_on_local_values(shown) else told


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """The PDF as a download."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _sections(
    case: Sequence[dict[str, str]], shown: Shown, about: Sequence[dict[str, str]]
) -> Iterator[dict[str, Any]]:
    yield {
        "title": _("La réponse"),
        "verdict": shown["verdict"],
        "facts": [{"label": row["label"], "value": row["value"]} for row in shown["figures"]],
    }
    for group in shown["lists"]:
        yield {"title": group["title"], "list": [item["text"] for item in group["items"]]}
    for table in shown["tables"]:
        yield {"title": table["title"], "table": {"columns": table["columns"], "rows": table["rows"]}}
    if shown["conditions"]:
        yield {"title": _("Chaque condition"), "conditions": shown["conditions"]}
    if shown["reservations"]:
        yield {
            "title": _("Chaque réservation"),
            "conditions": [_reservation(row) for row in shown["reservations"]],
        }
    yield {"title": _("Pourquoi"), "steps": _steps(shown)}
    yield {"title": _("Ce qui a été demandé"), "facts": list(case)}
    if about:
        yield {"title": _("Cette note"), "facts": list(about)}
    yield {
        "title": _("Textes"),
        "references": [_reference(row) for row in shown["references"]],
        "text": [WARNING],
    }


def _steps(shown: Shown) -> list[str]:
    """The explanation, without the sentences that the table of conditions already holds."""
    told = tuple(f"{row['label']} : " for row in (*shown["conditions"], *shown["reservations"]))
    return [sentence for sentence in shown["explanation"] if not sentence.startswith(told)]


def _reservation(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": row["label"],
        "state": "possible" if row["possible"] else "impossible",
        "value": row["why"],
        "note": " ".join(point["text"] for point in row["conditions"]),
    }


def _reference(row: dict[str, Any]) -> dict[str, str]:
    parts = []
    if row["value"]:
        parts.append(row["value"])
    if row["since"]:
        parts.append(_("du %(since)s au %(until)s") % row if row["until"] else _("depuis le %(since)s") % row)
    if row["local"]:
        parts.append(_("valeur ajoutée ici"))
    return {
        "title": row["title"],
        "value": ", ".join(parts),
        "certainty": row["certainty_note"],
        "note": row["note"],
    }
