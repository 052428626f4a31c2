"""What an alert has to say, and its messages: each aid once, each deadline once a threshold, whoever runs it twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from essor.kernel import outbox
from essor.kernel.french import day as in_french
from essor.kernel.mailing import whole
from essor.kernel.periods import day_of
from essor.kit import aids_list
from essor.kit.alerts.models import AidAlert
from essor.kit.alerts.rules import WEEK_AHEAD, horizon, is_due, threshold
from essor.kit.models.aids import Aid

NAMED = 20  # aids that a message names
Reminded = dict[str, tuple[str, int]]


@dataclass
class News:
    """What an alert has to say on a day: new aids, aids that close soon; and what it will have said."""

    new: list[Aid]
    closing: list[Aid]
    told_up_to: int
    reminded: Reminded


def asked_by(alert: AidAlert) -> aids_list.Asked:
    """What the profile asks."""
    return aids_list.read(QueryDict(alert.query))


def list_path(alert: AidAlert) -> str:
    """The list of the profile, in the frame where it was saved."""
    path = page(alert, "aids")
    return f"{path}?{alert.query}" if alert.query else path


def page(alert: AidAlert, name: str, *args: object) -> str:
    """A page of the kit, in the frame where the alert was saved."""
    if alert.authority is None:
        return reverse(f"kit:{name}", args=args)
    return reverse(f"authority-kit:{name}", args=(alert.authority.slug, *args))


def news_of(alert: AidAlert, day: date) -> News:
    """What the alert has to say on a day, from what it said before."""
    rows = aids_list.found(asked_by(alert), day).defer("search_text", "description")
    last = Aid.objects.aggregate(last=Max("pk"))["last"] or 0
    new = list(rows.filter(pk__gt=alert.told_up_to, is_news=True)) if alert.wants_new else []
    wanted = alert.thresholds()
    ahead = WEEK_AHEAD if alert.rhythm == AidAlert.Rhythm.WEEKLY else 0
    closing: list[Aid] = []
    reminded: Reminded = {}
    told_now = {aid.pk for aid in new}
    soon = rows.filter(deadline__gte=day, deadline__lte=horizon(day, wanted, ahead)) if wanted else []
    for aid in soon:
        deadline = aid.deadline
        crossed = threshold(deadline, day, wanted, ahead) if deadline else None
        if deadline is None or crossed is None:
            continue
        before = alert.reminded.get(str(aid.pk))
        told = (date.fromisoformat(before[0]), int(before[1])) if before else None
        if is_due(deadline, crossed, told):
            reminded[str(aid.pk)] = (deadline.isoformat(), crossed)
            if aid.pk not in told_now:
                closing.append(aid)
        elif before:
            reminded[str(aid.pk)] = (before[0], before[1])
    return News(_ordered(new), _ordered(closing), max(last, alert.told_up_to), reminded)


def _ordered(aids: Iterable[Aid]) -> list[Aid]:
    return sorted(aids, key=lambda aid: (aid.deadline or date.max, aid.sort_key, aid.pk))


def know_today(alert: AidAlert, day: date) -> None:
    """Take what answers today as known: messages tell what comes later. The alert is not saved."""
    news = news_of(alert, day)
    alert.told_up_to, alert.reminded = news.told_up_to, dict(news.reminded)


def tell_all(rhythm: str, now: datetime) -> int:
    """Write the messages of a rhythm; gives how many. Run again, or by two at once, it tells nothing twice."""
    ids = list(AidAlert.objects.telling(rhythm).order_by("pk").values_list("pk", flat=True))
    return sum(_tell(pk, rhythm, now) for pk in ids)


def _tell(pk: int, rhythm: str, now: datetime) -> bool:
    """Look and write under the lock of the row: another worker then sees what was told."""
    with transaction.atomic():
        alert = (
            AidAlert.objects.telling(rhythm)
            .select_for_update(of=("self",))
            .select_related("user", "authority")
            .filter(pk=pk)
            .first()
        )
        if alert is None:
            return False
        news = news_of(alert, day_of(now))
        written = bool(news.new or news.closing)
        if written:
            _post(alert, news)
            alert.told_at = now
        alert.told_up_to, alert.reminded = news.told_up_to, dict(news.reminded)
        alert.save(update_fields=["told_up_to", "reminded", "told_at"])
    return written


def _post(alert: AidAlert, news: News) -> None:
    subject = _subject(news)
    stop_url = whole(page(alert, "aid-alert-stop", alert.token))
    context = {
        "heading": subject,
        "name": alert.name,
        "words": aids_list.in_words(asked_by(alert)),
        "new": [_row(alert, aid) for aid in news.new[:NAMED]],
        "closing": [_row(alert, aid) for aid in news.closing[:NAMED]],
        "more": max(0, len(news.new) - NAMED) + max(0, len(news.closing) - NAMED),
        "list_url": whole(list_path(alert)),
        "change_url": whole(page(alert, "aid-alert-open", alert.token)),
        "stop_url": stop_url,
    }
    outbox.post(alert.address, subject, "kit/alerts/mail/news", context, stop_url=stop_url)


def _subject(news: News) -> str:
    if not news.new:
        return ngettext(
            "%(count)s aide ferme bientôt", "%(count)s aides ferment bientôt", len(news.closing)
        ) % {"count": len(news.closing)}
    return ngettext("%(count)s nouvelle aide", "%(count)s nouvelles aides", len(news.new)) % {
        "count": len(news.new)
    }


def _row(alert: AidAlert, aid: Aid) -> dict[str, str]:
    return {
        "name": aid.name,
        "financers": ", ".join(aid.financers),
        "when": _("jusqu’au %(day)s") % {"day": in_french(aid.deadline)} if aid.deadline else "",
        "url": whole(page(alert, "aid", aid.pk)),
    }


def renewable(day: date) -> Iterable[AidAlert]:
    """Visitors' alerts confirmed 23 months ago and not asked again: they end after two years without a word."""
    before = months_before(day, 23)
    rows = AidAlert.objects.filter(
        user__isnull=True, state=AidAlert.State.ACTIVE, renewal_asked_on__isnull=True
    )
    return rows.filter(confirmed_on__lte=before).order_by(F("pk"))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, the 28th at most: months differ in length."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, 28))
