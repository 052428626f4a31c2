"""The fiches as a PDF: one, or the whole kit with its contents."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from essor.kernel.documents import render_pdf
from essor.kernel.french import day as in_french
from essor.kernel.french import unbroken
from essor.kernel.goals import GOALS
from essor.kernel.periods import today
from essor.kit import legal_values, markdown
from essor.kit.editing.in_force import notes_of
from essor.kit.fiche import Fiche
from essor.kit.level_answers import answers
from essor.kit.sectors import sectors, sectors_of
from essor.kit.words import FIELDS, LEVELS


def kit_pdf(request: HttpRequest, fiches: list[Fiche], level: str) -> bytes:
    """The PDF of these fiches for a level: with a table of contents when there are several."""
    authority = getattr(request, "authority", None)
    whole = len(fiches) != 1
    notes = notes_of(authority.pk) if authority else {}
    labels = {each.seed: each.label for each in sectors_of(authority.pk).values()} if authority else {}
    data = {
        "authority": authority.name if authority else "Essor",
        "demo": settings.DEMO,
        "kind": _("Boîte à outils de l’ESS") if whole else str(FIELDS[fiches[0].field]),
        "lead": _("Les fiches, avec le droit au %s.") % in_french(today()) if whole else fiches[0].summary,
        "day": _("droit au %s") % in_french(today()),
        "whole": whole,
        "fiches": [
            _fiche(each, level, labels, notes[each.code].text if each.code in notes else "")
            for each in fiches
        ],
    }
    title = _("Soutenir l’économie sociale et solidaire") if whole else fiches[0].title
    return render_pdf("kit/fiche.typ", data, title)


def _fiche(fiche: Fiche, level: str, labels: Mapping[str, str], note: str) -> dict[str, Any]:
    """A fiche as the document reads it; `labels`: the authority's own words for sectors, `note`: what it says."""
    write = legal_values.as_text(today(), fiche.source.guide.day)
    return {
        "code": fiche.code,
        "title": fiche.title,
        "field": str(FIELDS[fiche.field]),
        "summary": fiche.summary,
        "body": markdown.to_data(fiche.body, write),
        "note": markdown.to_data(markdown.parse(unbroken(note)), write),
        "level": str(LEVELS[level]),
        "answers": answers(fiche, level, today()),
        "levers": [{"title": lever.title, "kind": lever.kind_label} for lever in fiche.levers],
        "examples": [
            {
                "who": example.who,
                "when": example.when,
                "body": markdown.to_data(markdown.parse(example.text), write),
                "source": example.source.text,
            }
            for example in fiche.examples
        ],
        "helpers": list(fiche.helpers),
        "sectors": ", ".join(labels.get(code, sectors()[code].label) for code in fiche.sectors),
        "goals": ", ".join(f"{goal}. {GOALS[goal]}" for goal in fiche.goals),
        "source": fiche.source.text,
    }
