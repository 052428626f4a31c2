"""Alerts of thresholds: one e-mail a crossing, to the agent who follows the indicator on their board."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.indicators import catalogue, queries
from essor.indicators.definition import Indicator
from essor.indicators.enums import Side
from essor.indicators.models import BoardItem
from essor.indicators.periods_typed import say_span
from essor.indicators.rules_targets import crosses, side
from essor.indicators.words import say_value
from essor.kernel import outbox
from essor.registry.actions_alerts import is_agent


def send(now: datetime) -> int:
    """Write the messages of the thresholds crossed since the last look, each once; gives how many."""
    followed = BoardItem.objects.filter(Q(low__isnull=False) | Q(high__isnull=False)).order_by("pk")
    known = catalogue.everything()
    return sum(_look(pk, known) for pk in list(followed.values_list("pk", flat=True)))


@transaction.atomic
def _look(pk: int, known: dict[str, Indicator]) -> bool:
    item = (
        BoardItem.objects.select_for_update(of=("self",))
        .select_related("user", "authority", "territory")
        .filter(pk=pk)
        .first()
    )
    indicator = known.get(item.code) if item else None
    if item is None or indicator is None:
        return False
    known = catalogue.framed(known, item.authority_id)
    indicator = known[item.code]
    cells = queries.load(indicator, queries.Wanted([item.territory_id]), known)
    spans = [span for span in queries.spans(cells) if cells[(span, item.territory_id, ())].value is not None]
    if not spans:
        return False
    value = cells[(spans[-1], item.territory_id, ())].value
    stands = side(value, item.low, item.high)
    due = crosses(item.side, stands)
    if stands is not None and stands.value != item.side:
        item.side = stands.value
        item.save(update_fields=["side"])
    if not due or not item.user.is_active or not is_agent(item.user, item.authority):
        return False
    limit = item.low if stands is Side.BELOW else item.high
    words = {
        "label": indicator.label,
        "place": item.territory.name,
        "value": say_value(indicator, value),
        "period": say_span(spans[-1]),
        "limit": say_value(indicator, limit),
    }
    sentence = (
        _("%(label)s, %(place)s : %(value)s (%(period)s), sous votre seuil de %(limit)s.")
        if stands is Side.BELOW
        else _("%(label)s, %(place)s : %(value)s (%(period)s), au-dessus de votre seuil de %(limit)s.")
    ) % words
    address = reverse("authority-indicators:indicator", args=[item.authority.slug, item.code])
    outbox.post(
        item.user.email,
        _("Seuil franchi : %(label)s") % {"label": indicator.label},
        "indicators/mail/threshold",
        {
            "heading": _("Un indicateur de votre tableau a franchi son seuil"),
            "why": _("Vous suivez cet indicateur sur votre tableau de %(authority)s.")
            % {"authority": item.authority.name},
            "sentence": sentence,
            "indicator_url": f"{settings.PUBLIC_URL}{address}?territoire={item.territory.ref}",
        },
    )
    return True
