"""Personal data of answers: kept as long as the room that uses the form says."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from essor.kernel.questions.answers import shown
from essor.kernel.questions.models import Response
from essor.kernel.questions.responses import erase
from essor.kernel.questions.uses import uses
from essor.kernel.retention import Retention, Row, register


def months_before(day: date, months: int) -> date:
    """The same day, so many months before; the 28th when the month has no such day."""
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, min(day.day, 28))


def erase_old(day: date) -> int:
    """Erase, form by form, the responses that nobody touched for as long as their use says; gives how many."""
    return sum(
        erase(Response.objects.to(use.code).last_moved_before(months_before(day, use.months)))
        for use in uses().values()
    )


def export(user_id: int) -> Iterable[Row]:
    """What a person answered."""
    rows = Response.objects.filter(respondent_id=user_id).select_related("form_version").order_by("pk")
    for row in rows:
        form = row.form_version.form()
        yield {
            "formulaire": form.title,
            "envoyé le": row.submitted_at,
            "réponses": {each.label: each.text for each in shown(form, row.answers) if each.text},
        }


register(
    Retention(
        model="kernel.Response",
        fields=("answers", "respondent_id"),
        purpose=_("Recevoir les réponses aux formulaires, pour l’usage que chacun annonce"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("La durée annoncée par chaque formulaire, après la dernière modification"),
        apply=erase_old,
        export=export,
    )
)
