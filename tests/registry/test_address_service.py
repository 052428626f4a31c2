"""The address service: what leaves, what comes back, a server that fails, lies or drags."""

from collections.abc import Iterator
from typing import Any

import pytest

from essor.formats.address_columns import WrittenAddress
from essor.registry import address_service
from essor.registry.address_service import NoService, ask, check, find, service
from essor.registry.rules_addresses import Level, Placed, Refused, Unanswered
from tests.registry.address_site import HEAD, Site, found, redirect, serving, slow, text

RUE = WrittenAddress("3 rue des Lilas", "31000", "Toulouse", "31555")
PLACE = WrittenAddress("1 place du Marché", "09000", "Foix")


@pytest.fixture
def site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(address_service, "PAUSES", (0.0, 0.0))
    with serving() as served:
        settings.WEB_PRIVATE_ALLOWED = (served.host,)
        settings.ADDRESS_URL = served.url
        yield served


def refusal(site: Site, *addresses: WrittenAddress) -> str:
    used = service()
    assert used is not None
    with pytest.raises(NoService) as problem:
        ask(used, addresses or (RUE,))
    return str(problem.value)


def test_only_the_address_leaves_and_the_position_comes_back(site: Site) -> None:
    site.known["3 rue des lilas"] = found(
        1.445, 43.645, result_label="3 Rue des Lilas 31000 Toulouse", result_city="Toulouse",
        result_citycode="31555", result_postcode="31000",
    )  # fmt: skip
    steps: list[tuple[str, int, int | None]] = []
    said = find([RUE, PLACE, RUE], lambda *step: steps.append(step))
    placed = said[RUE]
    assert isinstance(placed, Placed)
    assert (placed.lon, placed.lat, placed.error, placed.level) == (1.445, 43.645, 50, Level.NUMBER)
    assert placed.label == "3 Rue des Lilas 31000 Toulouse"
    assert isinstance(said[PLACE], Refused)
    assert {**site.asked[0], "data": site.asked[0]["data"].replace("\r\n", "\n")} == {
        "data": "rang,adresse,ville,code_postal,code_commune\n"
        "0,3 rue des Lilas,Toulouse,,31555\n1,1 place du Marché,Foix,09000,",
        "columns": ["adresse", "ville"],
        "postcode": ["code_postal"],
        "citycode": ["code_commune"],
        "result_columns": list(address_service.WANTED),
    }
    assert steps[0] == ("Recherche des adresses", 0, 2)
    assert steps[-1] == ("Nouvelle recherche, sans filtre de code postal", 1, 1)


def test_a_postal_code_of_firms_does_not_hide_the_address(site: Site) -> None:
    site.known["3 rue des lilas"] = found(1.445, 43.645, result_citycode="31555", result_postcode="31000")
    cedex = WrittenAddress("3 rue des Lilas", "31058", "Toulouse Cedex")
    assert isinstance(find([cedex])[cedex], Placed)
    assert [form["data"].splitlines()[1] for form in site.asked] == [
        "0,3 rue des Lilas,Toulouse Cedex,31058,",
        "0,3 rue des Lilas,31058 Toulouse Cedex,,",
    ]


def test_batches_and_a_partial_failure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_service, "BATCH", 2)
    site.known["rue"] = found(1.445, 43.645)
    wanted = [WrittenAddress(f"{number} rue X") for number in range(1, 6)]
    site.plan = [None, 503, 503, 503]
    said = find(wanted)
    assert [type(said[each]) for each in wanted] == [Placed, Placed, Unanswered, Unanswered, Placed]
    silent = said[wanted[2]]
    assert isinstance(silent, Unanswered)
    assert silent.reason == "le service d’adresses (127.0.0.1) n’a pas répondu : le serveur répond 503."
    assert len(site.asked) == 5


def test_a_service_that_is_down_is_not_asked_for_ever(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_service, "BATCH", 1)
    site.plan = [500] * 6
    said = find([WrittenAddress(f"{number} rue X") for number in range(1, 11)])
    assert {type(each) for each in said.values()} == {Unanswered}
    assert len(site.asked) == 6


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(site: Site, status: int) -> None:
    site.plan = [status]
    assert isinstance(find([RUE])[RUE], Refused)
    assert len(site.asked) == 2


@pytest.mark.parametrize("status", [400, 403, 404, 413])
def test_a_refusal_is_not_tried_again(site: Site, status: int) -> None:
    site.plan = [status]
    assert refusal(site) == f"le serveur répond {status}"
    assert len(site.asked) == 1


TABLE = "rang," + ",".join(HEAD) + "\n"
HOSTILE = [
    "<!doctype html><title>Maintenance</title>",
    "",
    "rang;longitude;latitude\n0;1;2\n",
    "rang,adresse\n0,x\n",
    TABLE + '0,"sans fin\n',
]


@pytest.mark.parametrize("content", HOSTILE)
def test_what_is_not_the_table_is_refused(site: Site, content: str) -> None:
    site.plan = [text(content)]
    assert refusal(site) == "sa réponse n’est pas le tableau attendu"


ODD = [
    TABLE,  # no row
    TABLE + "9,1.4,43.6,0.9,,x,housenumber,,,,,ok\n",  # a rank that was not asked
    TABLE + "-1,1.4,43.6,0.9,,x,housenumber,,,,,ok\n",
    TABLE + "0,1.4,43.6,0.9,,x,housenumber,,,,,error\n",
    TABLE + "²,1.4,43.6,0.9,,x,housenumber,,,,,ok\n",
]


@pytest.mark.parametrize("content", ODD)
def test_a_row_without_answer_is_told_unanswered(site: Site, content: str) -> None:
    site.plan = [text(content)]
    assert isinstance(find([RUE])[RUE], Unanswered)


@pytest.mark.parametrize(
    "cells",
    [
        "nan,43.6,0.9",
        "1.4,inf,0.9",
        "x,y,z",
        "1.4,43.6,",
        "1.4,43.6,1e999",
        ",,",
        "43.6,1.4,0.9",
        "9999,9999,1",
    ],
)
def test_a_position_that_cannot_be_is_not_kept(site: Site, cells: str) -> None:
    site.plan = [text(f"{TABLE}0,{cells},,x,housenumber,,,,,ok\n")]
    said = find([RUE])[RUE]
    assert isinstance(said, Refused)
    assert not isinstance(said, Unanswered)


def test_an_endless_answer_is_cut(site: Site) -> None:
    site.plan = [text("x" * 200_000)]
    assert refusal(site) == "le fichier dépasse 0 Mo"


def test_a_slow_server_is_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_service, "SECONDS", 0.2)
    monkeypatch.setattr(address_service, "PAUSES", ())
    site.plan = [slow(1.0)]
    assert refusal(site).startswith("pas de réponse en")


def test_addresses_go_nowhere_else(site: Site) -> None:
    with serving() as other:
        site.plan = [redirect(other.url)]
        assert refusal(site) == "le serveur renvoie vers un autre serveur"
        assert other.asked == []


def test_a_redirection_inside_the_server_is_followed(site: Site) -> None:
    site.known["3 rue"] = found(1.445, 43.645)
    site.plan = [redirect(f"{site.url}/", 308)]
    assert isinstance(find([RUE])[RUE], Refused)  # no code of commune in its answer: not the commune asked
    assert [len(form["data"]) for form in site.asked] == [len(site.asked[0]["data"])] * 2


def test_private_networks_are_refused(site: Site, settings: Any) -> None:
    settings.WEB_PRIVATE_ALLOWED = ()
    assert refusal(site) == "seuls les ports 80 et 443 sont demandés"
    assert site.asked == []


def test_nothing_of_an_address_is_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.plan = [500, 500, 500]
    find([WrittenAddress("17 rue du Secret")])
    assert "Secret" not in caplog.text


@pytest.mark.parametrize(
    ("url", "state", "said"),
    [
        ("", "ok", "aucun : les adresses des fichiers ne sortent pas."),
        ("https://data.geopf.fr/geocodage/search/csv", "ok", "data.geopf.fr, à la demande seulement"),
        ("http://adresses.example.org/csv", "warn", "adresses.example.org"),
        ("ftp://adresses.example.org/", "fail", "ESSOR_ADDRESS_URL n’est pas une adresse http."),
    ],
)
def test_the_doctor_says_where_addresses_would_go(settings: Any, url: str, state: str, said: str) -> None:
    settings.ADDRESS_URL = url
    assert (check().state, check().message) == (state, said)


def test_without_a_service_nothing_is_asked(settings: Any) -> None:
    settings.ADDRESS_URL = ""
    with pytest.raises(NoService):
        find([RUE])
