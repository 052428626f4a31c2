"""Searches that people keep: theirs alone, told of what is new once, until they no longer want it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from essor.accounts.models import User
from essor.kernel import outbox, retention
from essor.kernel.models import OutboxMessage
from essor.registry import actions_search as actions
from essor.registry.models import Edition, SavedSearch, SearchPending
from essor.registry.search import alerts
from tests.factories import AuthorityFactory, TerritoryFactory, UserFactory
from tests.registry_factories import FactsFactory, edition_in_force

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
EDITION, WEEKLY, NONE = SavedSearch.Alert.EDITION, SavedSearch.Alert.WEEKLY, SavedSearch.Alert.NONE


@pytest.fixture
def user() -> User:
    edition_in_force()
    FactsFactory(name="Atelier du Lac", family="cooperative")
    return UserFactory(email="camille@example.org")


def keep(
    user: User, alert: str = EDITION, query: str = "q=atelier", name: str = "Mes ateliers"
) -> SavedSearch:
    return actions.save_search(user, actions.Kept(name, alert), query, None)


def next_edition() -> None:
    """Another edition takes the place of the one in force."""
    Edition.objects.update(state=Edition.State.SUPERSEDED)
    edition_in_force()


@given(st.sets(st.integers(1, 2**53)))
def test_ids_are_given_back(ids: set[int]) -> None:
    assert alerts.unpack(alerts.pack(np.array(sorted(ids), dtype=np.int64))).tolist() == sorted(ids)


def test_what_is_new_after_an_edition_is_told_once(user: User) -> None:
    search = keep(user)
    assert alerts.after_edition(NOW) == 0  # nothing since it was kept

    next_edition()
    FactsFactory(name="Atelier des Vignes")
    FactsFactory(name="Chorale")
    assert alerts.after_edition(NOW) == 1
    assert alerts.after_edition(NOW) == 0
    message = OutboxMessage.objects.get()
    assert (message.to, message.subject) == (
        "camille@example.org",
        "1 nouvelle organisation pour « Mes ateliers »",
    )
    for body in (message.text, message.html):
        assert "Atelier des Vignes" in body
        assert "Atelier du Lac" not in body
        assert f"/registre/recherches/arreter/{search.token}/" in body
    assert "http://localhost:8000/registre/?q=atelier" in message.text

    next_edition()
    assert alerts.after_edition(NOW) == 0  # nothing more


def test_an_alert_waits_for_the_index_to_take_the_edition_in(user: User) -> None:
    keep(user)
    next_edition()
    FactsFactory(name="Atelier des Vignes")
    SearchPending.objects.create(organisation_id=None)
    assert alerts.after_edition(NOW) == 0
    SearchPending.objects.all().delete()
    assert alerts.after_edition(NOW) == 1


def test_a_weekly_message_comes_with_the_week(user: User) -> None:
    keep(user, WEEKLY)
    next_edition()
    FactsFactory(name="Atelier des Vignes")
    assert alerts.after_edition(NOW) == 0
    assert alerts.weekly(NOW) == 1
    assert alerts.weekly(NOW + timedelta(days=7)) == 0


def test_nothing_is_told_to_who_does_not_want_it_or_is_gone(user: User) -> None:
    keep(user, NONE)
    gone = UserFactory()
    keep(gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    next_edition()
    FactsFactory(name="Atelier des Vignes")
    assert (alerts.after_edition(NOW), alerts.weekly(NOW)) == (0, 0)


def test_nothing_leaves_the_demonstration(user: User, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    keep(user)
    next_edition()
    FactsFactory(name="Atelier des Vignes")
    alerts.after_edition(NOW)
    assert outbox.send_due(NOW + timedelta(days=1)) == outbox.Sending()


def test_what_came_while_no_message_was_wanted_is_not_news(user: User) -> None:
    search = keep(user, NONE)
    FactsFactory(name="Atelier des Vignes")
    actions.change_search(user, search, actions.Kept("Mes ateliers", EDITION))
    next_edition()
    assert alerts.after_edition(NOW) == 0


def test_a_search_is_its_person_s_alone(user: User) -> None:
    search, other = keep(user), UserFactory()
    with pytest.raises(PermissionDenied):
        actions.erase_search(other, search)
    with pytest.raises(PermissionDenied):
        actions.change_search(other, search, actions.Kept("x", NONE))
    client = Client()
    client.force_login(other)
    assert client.get(f"/registre/recherches/{search.pk}/").status_code == 404
    assert client.post(f"/registre/recherches/{search.pk}/effacer/").status_code == 404
    assert "Mes ateliers" not in client.get("/registre/recherches/").content.decode()


def test_a_name_serves_once_and_searches_are_counted(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(user)
    with pytest.raises(ValidationError) as found:
        keep(user)
    assert found.value.messages == ["Vous avez déjà une recherche de ce nom."]
    keep(UserFactory())
    monkeypatch.setattr(actions, "MOST_SEARCHES", 1)
    with pytest.raises(ValidationError):
        keep(user, name="Autre")


def test_the_data_are_given_back_and_go_with_the_account(user: User) -> None:
    keep(user)
    (row,) = retention.export_for(user.pk)["registry.savedsearch"]
    assert (row["nom"], row["recherche"]) == ("Mes ateliers", "q=atelier")


def test_the_screens_keep_change_stop_and_erase(user: User) -> None:
    client = Client()
    client.force_login(user)
    page = client.get("/registre/?q=atelier&famille=cooperative").content.decode()
    (address,) = re.findall(r'href="(/registre/recherches/garder/[^"]*)"', page)
    address = address.replace("&amp;", "&")
    assert 'value="« atelier », Coopérative"' in client.get(address).content.decode()

    assert client.post(address, {"name": "", "alert": "none"}).status_code == 200
    client.post(address, {"name": "Ateliers", "alert": "weekly"})
    search = SavedSearch.objects.get()
    assert (search.name, search.query, search.alert) == (
        "Ateliers",
        "q=atelier&famille=cooperative",
        "weekly",
    )
    assert 'value="Ateliers"' in client.get(f"/registre/recherches/{search.pk}/").content.decode()
    assert (
        client.post(address, {"name": "Ateliers", "alert": "weekly"}).status_code == 200
    )  # the name is taken

    client.post(f"/registre/recherches/{search.pk}/", {"name": "Mes lieux", "alert": "edition"})
    assert "Mes lieux" in client.get("/registre/recherches/").content.decode()

    stop = f"/registre/recherches/arreter/{search.token}/"
    assert Client().get(stop).status_code == 200
    search.refresh_from_db()
    assert search.alert == "edition"  # looking, as mail filters do, stops nothing
    Client().post(stop)
    search.refresh_from_db()
    assert search.alert == "none"
    assert Client().get("/registre/recherches/arreter/nul/").status_code == 404

    client.post(f"/registre/recherches/{search.pk}/effacer/")
    assert not SavedSearch.objects.exists()
    assert Client().post(stop).status_code == 404


def test_only_what_the_list_understands_is_kept(user: User) -> None:
    client = Client()
    client.force_login(user)
    query = "q=lac&famille=pirate&page=4&next=//ailleurs&tri=taille"
    client.post(f"/registre/recherches/garder/?{query}", {"name": "x", "alert": "none"})
    assert SavedSearch.objects.get().query == "q=lac&tri=taille"


def test_a_search_keeps_the_frame_it_was_made_in(user: User) -> None:
    here = TerritoryFactory(code="31001", name="Auterive", lon=1.5, lat=43.3)
    AuthorityFactory(slug="auterive", territory=here)
    FactsFactory(name="Atelier d’ici", commune=here)
    client = Client()
    client.force_login(user)
    client.post("/auterive/registre/recherches/garder/?q=atelier", {"name": "x", "alert": "edition"})
    search = SavedSearch.objects.get()

    assert alerts.address(search) == "/auterive/registre/?q=atelier"
    assert len(alerts.unpack(search.known)) == 1
    assert "/auterive/registre/?q=atelier" in client.get("/registre/recherches/").content.decode()


def test_the_page_takes_the_same_number_of_queries_whatever_the_searches(
    user: User, django_assert_num_queries: Callable[..., object]
) -> None:
    client = Client()
    client.force_login(user)
    counts = []
    for number in range(6):
        keep(user, name=f"Recherche {number}")
        if number in (0, 5):
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as captured:
                client.get("/registre/recherches/")
            counts.append(len(captured))
    assert counts[0] == counts[1]
