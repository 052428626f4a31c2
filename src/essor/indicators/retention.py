"""Personal data of the indicators: who follows what, who defined and collected."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.indicators.models import BoardItem, Collection, CollectToken, StoredIndicator
from essor.kernel.retention import Retention, Row, register
from essor.registry.actions_alerts import is_agent

YEAR = timedelta(days=365)
_TASK = _("Mission d’intérêt public (RGPD, article 6.1.e)")


def _boards(user_id: int) -> Iterable[Row]:
    rows = BoardItem.objects.filter(user=user_id).select_related("authority", "territory")
    return (
        {"collectivité": row.authority.name, "indicateur": row.code, "territoire": row.territory.name}
        for row in rows
    )


def _forget_boards(day: date) -> int:
    """Erase the boards of those who are no longer agents of the authority; gives how many rows."""
    gone = [
        row.pk
        for row in BoardItem.objects.select_related("user", "authority")
        if not row.user.is_active or not is_agent(row.user, row.authority)
    ]
    return BoardItem.objects.filter(pk__in=gone).delete()[0]


def _definitions(user_id: int) -> Iterable[Row]:
    rows = StoredIndicator.objects.filter(created_by=user_id)
    return ({"indicateur": row.label, "version": row.version, "le": row.created_at} for row in rows)


def _collections(user_id: int) -> Iterable[Row]:
    return (
        {"indicateur": row.code, "source": row.source, "le": row.at}
        for row in Collection.objects.filter(by=user_id)
    )


def _tokens(user_id: int) -> Iterable[Row]:
    rows = CollectToken.objects.filter(created_by=user_id)
    return ({"jeton": row.name, "le": row.created_at, "jusqu’au": row.expires_on} for row in rows)


def _forget_tokens(day: date) -> int:
    """Erase the tokens that ended or were revoked a year ago; gives how many."""
    old = Q(expires_on__lt=day - YEAR) | Q(revoked_at__date__lt=day - YEAR)
    return CollectToken.objects.filter(old).delete()[0]


register(
    Retention(
        model="indicators.CollectToken",
        fields=("created_by", "name"),
        purpose=_("Savoir qui a laissé un logiciel envoyer des valeurs, et pouvoir le fermer"),
        legal_basis=_TASK,
        kept=_("Un an après la fin du jeton ou sa révocation"),
        apply=_forget_tokens,
        export=_tokens,
    )
)
register(
    Retention(
        model="indicators.BoardItem",
        fields=("user",),
        purpose=_(
            "Montrer à chaque agente ou agent les indicateurs choisis, et l’avertir d’un seuil franchi"
        ),
        legal_basis=_TASK,
        kept=_("Jusqu’à ce que la personne y renonce, ou qu’elle ne soit plus agente ou agent"),
        apply=_forget_boards,
        export=_boards,
    )
)
register(
    Retention(
        model="indicators.StoredIndicator",
        fields=("created_by",),
        purpose=_("Savoir qui a défini un indicateur"),
        legal_basis=_TASK,
        kept=_("Comme le compte ; la définition reste"),
        export=_definitions,
    )
)
register(
    Retention(
        model="indicators.Collection",
        fields=("by", "file_name"),
        purpose=_("Savoir qui a collecté une valeur"),
        legal_basis=_TASK,
        kept=_("Comme le compte ; la valeur et sa source restent"),
        export=_collections,
    )
)
