"""Alerts on aids: told once, never of a first list, stopped in one click, erased with the visitor's address."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from essor.accounts.models import User
from essor.kernel import outbox, retention
from essor.kernel.jobs import run_now
from essor.kernel.models import OutboxMessage
from essor.kernel.periods import today
from essor.kit.actions_aids import give_list
from essor.kit.alerts import actions, periodic, telling
from essor.kit.alerts.actions import Wanted
from essor.kit.models import Aid, AidAlert
from tests.factories import AuthorityFactory, UserFactory
from tests.kit_factories import AidFactory

pytestmark = pytest.mark.django_db
DAILY, WEEKLY = AidAlert.Rhythm.DAILY, AidAlert.Rhythm.WEEKLY
STATE = AidAlert.State


@pytest.fixture
def user() -> User:
    AidFactory(name="Vieille aide")
    return UserFactory(email="camille@example.org")


def load(*numbers: int, source: str = "Essai", **more: Any) -> None:
    rows = [
        {"id": n, "name": f"Aide {n}", "url": f"/a/{n}/", "targeted_audiences": ["Associations"]} | more
        for n in numbers
    ]
    content = ContentFile(json.dumps({"results": rows}).encode(), name="aides.json")
    assert run_now(give_list(None, source, content, today())).state == "done"


def keep(user: User, query: str = "pour=association", **more: Any) -> AidAlert:
    return actions.save_alert(user, Wanted("Mes aides", DAILY, **more), query, None)


def tonight() -> int:
    return periodic.daily(timezone.now())


def ask(email: str = "visiteur@example.org") -> AidAlert:
    actions.ask_alert(email, Wanted("Pour nous", DAILY), "pour=association", None)
    return AidAlert.objects.get(email=email)


def test_a_new_aid_is_told_once_and_a_first_list_is_not_news(user: User) -> None:
    keep(user)
    load(1, 2)
    assert (tonight(), Aid.objects.filter(is_news=True).count()) == (0, 0)
    load(1, 2, 3)
    assert (tonight(), tonight()) == (1, 0)
    message = OutboxMessage.objects.get()
    assert (message.to, message.subject) == ("camille@example.org", "1 nouvelle aide")
    assert re.findall(r"^- (.*)", message.text, re.M) == ["Aide 3"]
    load(1, 2, 3, 4, targeted_audiences=["Communes"])
    assert tonight() == 0


def test_deadlines_are_told_at_each_threshold_and_known_ones_are_not(user: User) -> None:
    near = AidFactory(name="Ferme vite", deadline=today() + timedelta(days=20))
    keep(user, new=False, days_30=True, days_7=True)
    now = timezone.now()
    assert telling.tell_all(DAILY, now) == 0
    assert telling.tell_all(DAILY, now + timedelta(days=14)) == 1
    assert telling.tell_all(DAILY, now + timedelta(days=15)) == 0
    Aid.objects.filter(pk=near.pk).update(deadline=today() + timedelta(days=40))
    assert telling.tell_all(DAILY, now + timedelta(days=16)) == 1
    assert [m.subject for m in OutboxMessage.objects.order_by("pk")] == ["1 aide ferme bientôt"] * 2


def test_a_new_aid_that_closes_soon_stands_once_in_the_message(user: User) -> None:
    load(1)
    keep(user, days_30=True)
    load(1, 2, submission_deadline=(today() + timedelta(days=10)).isoformat())
    assert tonight() == 1
    assert OutboxMessage.objects.get().text.count("Aide 2") == 1


def test_weekly_alerts_wait_for_their_day(user: User) -> None:
    load(1)
    alert = keep(user)
    AidAlert.objects.update(rhythm=WEEKLY)
    load(1, 2)
    assert (tonight(), periodic.weekly(timezone.now()), periodic.weekly(timezone.now())) == (0, 1, 0)
    alert.refresh_from_db()
    assert alert.told_at is not None


def test_a_visitor_agrees_twice_and_is_erased_by_one_click(user: User, client: Client) -> None:
    load(1)
    said = {
        "email": "visiteur@example.org",
        "name": "Achetez https://pirate.example",
        "new": "on",
        "rhythm": "daily",
    }
    assert "messagerie" in client.post("/kit/aides/alertes/nouvelle/?pour=association", said).content.decode()
    alert = AidAlert.objects.get()
    assert (alert.state, alert.query, alert.user_id) == (STATE.WAITING, "pour=association", None)
    first = OutboxMessage.objects.get()
    assert ("pirate" in first.text + first.html, first.stop_url) == (False, "")
    load(1, 2)
    assert tonight() == 0

    link = f"/kit/aides/alertes/confirmer/{alert.token}/"
    assert client.get(link).status_code == 200
    alert.refresh_from_db()
    assert alert.state == STATE.WAITING  # mail programs open links by themselves
    client.post(link)
    assert tonight() == 0  # what was there when they agreed is not news
    load(1, 2, 3)
    assert tonight() == 1
    stop = f"/kit/aides/alertes/arreter/{alert.token}/"
    assert OutboxMessage.objects.latest("pk").stop_url.endswith(stop)
    one_click = Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    assert (one_click.status_code, AidAlert.objects.count()) == (204, 0)
    assert client.get(stop).status_code == 404
    assert Client().post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 204  # tells nothing


def test_messages_bear_the_header_of_one_click(user: User, mailoutbox: Any, settings: Any) -> None:
    settings.DEMO = False
    load(1)
    alert = keep(user)
    load(1, 2)
    tonight()
    outbox.send_due(timezone.now())
    headers = mailoutbox[0].extra_headers
    assert headers == {
        "List-Unsubscribe": f"<{settings.PUBLIC_URL}/kit/aides/alertes/arreter/{alert.token}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert OutboxMessage.objects.get().stop_url == ""


def test_nobody_is_flooded_by_what_others_type() -> None:
    for _time in range(6):
        actions.ask_alert("cible@example.org", Wanted("X", DAILY), "", None)
    assert (OutboxMessage.objects.count(), AidAlert.objects.count()) == (3, 3)


def test_a_visitor_is_forgotten_unconfirmed_or_not_renewed() -> None:
    ask()
    day = today()
    assert actions.erase_old(day + timedelta(days=7)) == 0
    assert actions.erase_old(day + timedelta(days=8)) == 1
    alert = ask()
    assert actions.confirm(alert.token) is not None
    later = date(day.year + 2, day.month, min(day.day, 28))
    assert actions.ask_renewals(telling.months_before(later, 2)) == 0
    assert (actions.ask_renewals(later), actions.ask_renewals(later)) == (1, 0)
    assert (
        OutboxMessage.objects.latest("pk").subject
        == "Voulez-vous garder votre alerte sur les aides publiques ?"
    )
    assert actions.confirm(alert.token) is not None
    AidAlert.objects.update(confirmed_on=day)
    assert dict(retention.apply(later + timedelta(days=1)))["kit.aidalert"] == 1


def test_a_persons_alert_is_theirs_and_stays_when_stopped(user: User, client: Client) -> None:
    alert = keep(user)
    other = UserFactory()
    with pytest.raises(PermissionDenied):
        actions.change_alert(other, alert, Wanted("X", DAILY))
    with pytest.raises(PermissionDenied):
        actions.change_alert(None, alert, Wanted("X", DAILY))
    client.force_login(other)
    assert client.get(f"/kit/aides/alertes/{alert.pk}/").status_code == 404
    client.force_login(user)
    assert actions.stop(alert.token)
    assert "Arrêtée" in client.get("/kit/aides/alertes/").content.decode()
    client.post(f"/kit/aides/alertes/{alert.pk}/", {"name": "Autre", "rhythm": "weekly", "new": "on"})
    alert.refresh_from_db()
    assert (alert.name, alert.state, alert.rhythm) == ("Autre", STATE.ACTIVE, WEEKLY)
    client.post(f"/kit/aides/alertes/{alert.pk}/effacer/")
    assert AidAlert.objects.count() == 0


def test_what_cannot_be_kept_is_said(user: User) -> None:
    keep(user)
    with pytest.raises(ValidationError, match="déjà une alerte de ce nom"):
        keep(user)
    with pytest.raises(ValidationError, match="au moins une raison"):
        actions.save_alert(user, Wanted("Vide", DAILY, new=False), "", None)


def test_orientation_and_the_frame_give_the_profile(client: Client) -> None:
    authority = AuthorityFactory(slug="ici")
    client.force_login(UserFactory())
    said = {"name": "N", "new": "on", "rhythm": "weekly"}
    url = "/ici/kit/aides/alertes/nouvelle/?profil=association&theme=food&closes=oui&inconnu=1"
    assert client.post(url, said)["Location"] == "/ici/kit/aides/alertes/"
    alert = AidAlert.objects.get()
    assert (alert.query, alert.authority) == ("pour=association&theme=food", authority)
    assert telling.list_path(alert) == "/ici/kit/aides/?pour=association&theme=food"


def test_a_message_of_an_ended_account_is_not_written(user: User) -> None:
    load(1)
    keep(user)
    load(1, 2)
    User.objects.update(is_active=False)
    assert (tonight(), OutboxMessage.objects.count()) == (0, 0)


def test_months_before() -> None:
    assert telling.months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert telling.months_before(date(2026, 3, 5), 24) == date(2024, 3, 5)
