"""Personal data of the register: who looked at an alert, who asks for the weekly message."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, Row, register
from essor.registry.models import AlertReview, AlertSubscription

_TASK = _("Mission d’intérêt public (RGPD, article 6.1.e)")


def _reviews(user_id: int) -> Iterable[Row]:
    rows = AlertReview.objects.filter(person=user_id).select_related("alert", "authority").order_by("at")
    return (
        {
            "collectivité": row.authority.name,
            "alerte": row.alert.sentence,
            "état": row.get_state_display(),
            "motif": row.word,
            "le": row.at,
        }
        for row in rows
    )


def _subscriptions(user_id: int) -> Iterable[Row]:
    rows = AlertSubscription.objects.filter(user=user_id).select_related("authority").order_by("since")
    return ({"collectivité": row.authority.name, "demandé le": row.since} for row in rows)


register(
    Retention(
        model="registry.AlertReview",
        fields=("person", "word"),
        purpose=_("Savoir qui a regardé une alerte du registre"),
        legal_basis=_TASK,
        kept=_("Comme le compte"),
        export=_reviews,
    )
)
register(
    Retention(
        model="registry.AlertSubscription",
        fields=("user",),
        purpose=_("Envoyer les alertes de la semaine à qui les demande"),
        legal_basis=_TASK,
        kept=_("Jusqu’à ce que la personne y renonce, ou qu’elle ne soit plus agente ou agent"),
        export=_subscriptions,
    )
)
