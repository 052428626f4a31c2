"""The feed of changes: valid Atom, addresses that never change, nothing sent twice to who polls."""

from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date

from essor.kernel.periods import PARIS, today
from essor.law.changes import changes_between
from essor.rulebook.actions_values import add_value, withdraw_value
from essor.rulebook.changes_feed import identifier_of, updated_at
from tests.rulebook_factories import THRESHOLD, draft

pytestmark = pytest.mark.django_db
FEED = "/droit/changements.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 4287, § 4.1.1 and § 4.1.2: what a feed and an entry must hold, once.
OF_A_FEED, OF_AN_ENTRY = ("id", "title", "updated"), ("id", "title", "updated", "link", "summary")


def parsed(client: Client, address: str = FEED) -> ElementTree.Element:
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def one(element: ElementTree.Element, name: str) -> ElementTree.Element:
    found = element.findall(f"{ATOM}{name}")
    assert len(found) == 1, name
    return found[0]


def test_the_feed_is_valid_atom(client: Client) -> None:
    feed = parsed(client, f"{FEED}?depuis=2020-01-01")
    assert feed.tag == f"{ATOM}feed"
    for name in OF_A_FEED:
        assert one(feed, name).text
    relations = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert relations == {
        "alternate": "http://testserver/droit/changements/",
        "self": f"http://testserver{FEED}?depuis=2020-01-01",
    }
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(changes_between(date(2020, 1, 1), today() + timedelta(days=365)))
    identifiers = [one(entry, "id").text for entry in entries]
    assert len(set(identifiers)) == len(entries)
    newest = parse_datetime(str(one(feed, "updated").text))
    for entry in entries:
        for name in OF_AN_ENTRY:
            one(entry, name)
        moment = parse_datetime(str(one(entry, "updated").text))
        assert moment is not None
        assert newest is not None
        assert moment <= newest
        assert moment.date() <= today()
        assert str(one(entry, "link").get("href")).startswith("http://testserver/droit/valeurs/")
    authors = feed.findall(f"{ATOM}author")
    assert [one(author, "name").text for author in authors] == ["Essor"]


def test_sentences_are_those_of_the_law(client: Client) -> None:
    told = {
        one(entry, "id").text: one(entry, "summary").text
        for entry in parsed(client, f"{FEED}?depuis=2026-03-31").findall(f"{ATOM}entry")
    }
    found = next(
        change
        for change in changes_between(date(2026, 4, 1), date(2026, 4, 1))
        if change.parameter == THRESHOLD
    )
    assert told[f"tag:localhost,2026:droit/{THRESHOLD}/2026-04-01"] == found.sentence
    assert identifier_of(found) == f"tag:localhost,2026:droit/{THRESHOLD}/2026-04-01"


def test_the_same_addresses_in_a_frame(client: Client) -> None:
    from tests.factories import AuthorityFactory

    AuthorityFactory(slug="ici")
    ids = [
        [one(entry, "id").text for entry in parsed(client, address).findall(f"{ATOM}entry")]
        for address in (FEED, f"/ici{FEED}")
    ]
    assert ids[0] == ids[1]


def test_who_polls_is_told_that_nothing_changed(client: Client) -> None:
    first = client.get(FEED)
    assert first["Cache-Control"] == "public, max-age=900"
    again = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(FEED, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert client.get(FEED, headers={"If-Modified-Since": http_date(0)}).status_code == 200
    assert (
        client.get(f"{FEED}?depuis=2020-01-01", headers={"If-None-Match": first["ETag"]}).status_code == 200
    )


def test_a_local_value_changes_the_feed_then_its_withdrawal(client: Client) -> None:
    tags = [client.get(FEED)["ETag"]]
    row = add_value(None, draft(start=today() - timedelta(days=10)))
    changed = client.get(FEED, headers={"If-None-Match": tags[0]})
    assert changed.status_code == 200
    assert f"{THRESHOLD}/{row.start.isoformat()}" in changed.content.decode()
    tags.append(changed["ETag"])
    withdraw_value(None, row, "Essai")
    withdrawn = client.get(FEED, headers={"If-None-Match": tags[1]})
    assert withdrawn.status_code == 200
    assert f"{THRESHOLD}/{row.start.isoformat()}" not in withdrawn.content.decode()


def test_an_entry_is_announced_a_year_ahead_then_takes_effect() -> None:
    change = next(each for each in changes_between(date(2027, 1, 1), date(2027, 1, 1)))
    midnight = lambda day: datetime(day.year, day.month, day.day, tzinfo=PARIS)  # noqa: E731
    assert updated_at(change, date(2026, 11, 22), {}) == midnight(date(2026, 1, 1))
    assert updated_at(change, date(2027, 6, 1), {}) == midnight(date(2027, 1, 1))
    written = midnight(date(2026, 11, 20))
    assert updated_at(change, date(2026, 11, 22), {(change.parameter, change.day): written}) == written
