"""A visitor asks for an alert, confirms it; a list brings a new aid; one message; the visitor stops it."""

import json
import re
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from essor.kernel.jobs import run_now
from essor.kernel.models import OutboxMessage
from essor.kernel.periods import today
from essor.kit.actions_aids import give_list
from essor.kit.alerts import periodic
from essor.kit.models import AidAlert

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def load(*names: str) -> None:
    rows = [
        {"id": n, "name": name, "url": f"/a/{n}/", "categories": ["Alimentation"]}
        for n, name in enumerate(names)
    ]
    content = ContentFile(json.dumps({"results": rows}).encode(), name="aides.json")
    assert run_now(give_list(None, "Essai", content, today())).state == "done"


def link_in(message: OutboxMessage, word: str) -> str:
    found = re.search(rf"https?://[^/]+(\S*/{word}/\S+)", message.text)
    assert found is not None
    return found[1]


def test_a_visitor_is_told_of_a_new_aid_once(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    load("Cantine locale")
    page = new_page(width=360)
    page.goto("/kit/aides/?theme=food")
    page.get_by_role("link", name="M’alerter").click()
    check(page, "alerte-aides")
    page.get_by_label("Votre adresse électronique").fill("visiteuse@example.org")
    page.get_by_label("Nom de l’alerte").fill("Nos cantines")
    page.get_by_label("Chaque jour où il y a du nouveau").check()
    page.get_by_role("button", name="Garder l’alerte").click()
    expect(page.get_by_role("heading", name="Regardez votre messagerie")).to_be_visible()

    page.goto(link_in(OutboxMessage.objects.latest("pk"), "confirmer"))
    page.get_by_role("button", name="Oui, la recevoir").click()
    expect(
        page.locator("#contenu").get_by_text("C’est confirmé : vous recevrez ces messages.")
    ).to_be_visible()
    check(page, "alerte-aides-confirmee")

    load("Cantine locale", "Jardin partagé")
    assert (periodic.daily(timezone.now()), periodic.daily(timezone.now())) == (1, 0)
    message = OutboxMessage.objects.latest("pk")
    assert (message.subject, "Jardin partagé" in message.text) == ("1 nouvelle aide", True)

    page.goto(link_in(message, "arreter"))
    page.get_by_role("button", name="Ne plus recevoir").click()
    expect(page.locator("#contenu").get_by_text("votre adresse est effacée")).to_be_visible()
    assert AidAlert.objects.count() == 0
