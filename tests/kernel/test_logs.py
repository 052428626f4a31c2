"""Logs hold nothing about people."""

import io
import json
import logging
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.logs import JsonFormatter, mask


def line_of(
    log: str = "essor.tests", level: int = logging.INFO, message: str = "fait", *args: object, **options
) -> dict:
    """What the formatter writes of a record."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.Logger(log)
    logger.addHandler(handler)
    logger.log(level, message, *args, **options)
    (text,) = stream.getvalue().splitlines()
    return json.loads(text)


def test_only_known_keys_are_written() -> None:
    extra = {
        "route": "registre/<int:pk>/",
        "status": 200,
        "milliseconds": 1.5,
        "email": "a@b.fr",
        "user": "Camille",
        "ip": "1.2.3.4",
    }
    line = line_of(message="request", extra=extra)
    assert {key: value for key, value in line.items() if key != "time"} == {
        "level": "INFO",
        "logger": "essor.tests",
        "message": "request",
        "route": "registre/<int:pk>/",
        "status": 200,
        "milliseconds": 1.5,
    }


def test_known_keys_are_masked_too() -> None:
    assert line_of(extra={"reason": "refused for camille@exemple.fr"})["reason"] == "refused for [adresse]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail à camille.arnaud+x@exemple.fr refusé", "mail à [adresse] refusé"),
        ("GET /registre/?q=camille&page=2 200", "GET /registre/?[…] 200"),
        ("depuis 192.168.12.34:5000", "depuis [ip]:5000"),
        ("depuis 2001:db8::8a2e:370:7334 hier", "depuis [ip] hier"),
        ("appelez le 06 12 34 56 78 ou +33612345678", "appelez le [téléphone] ou [téléphone]"),
        ("SIRET 12345678901234, version 0.1.0, 12:34:56", "SIRET 12345678901234, version 0.1.0, 12:34:56"),
    ],
)
def test_texts_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert line_of(message="%s", level=logging.INFO)["message"] == "%s"
    assert line_of("essor.tests", logging.INFO, "vu : %s", text)["message"] == f"vu : {masked}"


def test_djangos_own_messages_give_the_route_and_not_the_address() -> None:
    request = SimpleNamespace(resolver_match=SimpleNamespace(route="compte/invitation/<str:key>/"))
    extra = {"request": request, "status_code": 404}
    line = line_of(
        "django.request", logging.WARNING, "%s: %s", "Not Found", "/compte/invitation/secret/", extra=extra
    )
    assert (line["message"], line["route"], line["status"]) == ("%s: %s", "compte/invitation/<str:key>/", 404)
    assert "secret" not in json.dumps(line)


def test_an_exception_keeps_its_place_and_not_the_row_that_the_database_repeats() -> None:
    try:
        raise ValueError(
            "duplicate key for camille@exemple.fr\nDETAIL: Key (name)=(Camille Arnaud) already exists."
        )
    except ValueError:
        line = line_of(level=logging.ERROR, message="échec", exc_info=True)
    assert line["exception"]["type"] == "builtins.ValueError"
    assert line["exception"]["text"] == "duplicate key for [adresse]"
    assert "test_logs.py" in line["exception"]["at"][-1]
    assert "Camille" not in json.dumps(line)


@given(st.text(max_size=600))
def test_any_text_is_one_line_of_json(text: str) -> None:
    line = line_of("essor.tests", logging.INFO, "%s", text)
    assert line["message"] == mask(text)
    assert len(line["message"]) <= 500


@given(st.emails())
def test_no_address_passes(address: str) -> None:
    assert address not in mask(f"vers {address}, refusé")
