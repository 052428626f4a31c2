"""Personal data of the answers that authorities keep."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, Row, register
from essor.rulebook.models import Note
from essor.rulebook.models.note import YEARS_KEPT


def erase_old_notes(day: date) -> int:
    """Erase notes ten years after they were kept; gives how many."""
    try:
        before = day.replace(year=day.year - YEARS_KEPT)
    except ValueError:  # 29 February
        before = day.replace(year=day.year - YEARS_KEPT, day=28)
    return Note.objects.filter(created_at__date__lt=before).delete()[0]


def _export(user_id: int) -> Iterable[Row]:
    rows = Note.objects.filter(author_id=user_id).select_related("authority").order_by("created_at")
    return (
        {
            "collectivité": row.authority.name,
            "titre": row.title,
            "règle": row.rule,
            "gardée le": row.created_at,
        }
        for row in rows
    )


register(
    Retention(
        model="rulebook.Note",
        fields=("author", "title", "reference", "given", "answer", "case", "shown", "withdrawn_because"),
        purpose=_("Garder la raison juridique d’une décision, comme la loi l’a donnée ce jour-là"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("Dix ans, comme les pièces d’une aide de minimis ; plus tôt si la collectivité l’efface"),
        apply=erase_old_notes,
        export=_export,
    )
)
