"""Personal data in the values of the law that an installation adds: who wrote them, who withdrew them."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, Row, register
from essor.rulebook.models import LocalLegalValue


def _values(user_id: int) -> Iterable[Row]:
    rows = LocalLegalValue.objects.filter(Q(created_by_id=user_id) | Q(withdrawn_by_id=user_id))
    return (
        {
            "paramètre": row.parameter,
            "à partir du": row.start,
            "ajoutée le": row.created_at if row.created_by_id == user_id else None,
            "motif": row.reason if row.created_by_id == user_id else "",
            "retirée le": row.withdrawn_at if row.withdrawn_by_id == user_id else None,
            "motif du retrait": row.withdrawn_reason if row.withdrawn_by_id == user_id else "",
        }
        for row in rows.order_by("id")
    )


register(
    Retention(
        model="rulebook.LocalLegalValue",
        fields=("created_by_id", "withdrawn_by_id"),
        purpose=_("Savoir qui a ajouté ou retiré une valeur du droit, et pourquoi"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("Le temps du service ; la valeur reste, le nom disparaît avec le compte"),
        export=_values,
    )
)
