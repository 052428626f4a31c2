"""Values sent by programs: the token, what it opens, what is answered."""

import json
import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from essor.indicators import actions_tokens, retention
from essor.indicators.models import Collection, CollectToken, Observation
from essor.kernel.models import AuditEntry
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.indicator_factories import OUTCOME, IndicatorFactory, TokenFactory
from tests.indicators.asking import signed

pytestmark = pytest.mark.django_db
ROWS = [
    {"période": "2024", "territoire": "commune:45234", "valeur": "12,5"},
    {"période": 2025, "territoire": "Orléans", "valeur": 13},
]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def indicator(agent: Any, orleans: Territory) -> Any:
    return IndicatorFactory(authority=agent.authority, code="collecte.tonnes", source="Pesées")


@pytest.fixture
def token(agent: Any) -> CollectToken:
    return TokenFactory(authority=agent.authority, secret="bon")


def send(
    body: Any, code: str = "collecte.tonnes", secret: str = "bon", query: str = "", client: Any = None
) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return (client or Client(enforce_csrf_checks=True)).post(
        f"/loiret/indicateurs/{code}/valeurs/{query}",
        content,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"} if secret else {},
    )


def test_a_token_is_shown_once_then_revoked(agent: Any, indicator: Any) -> None:
    client = signed(agent)
    day = timezone.localdate() + timedelta(days=90)
    response = client.post(
        "/loiret/indicateurs/jetons/",
        {"name": " Pesées ", "codes": [indicator.code], "expires_on": day.isoformat()},
    )
    secret, row = response.context["secret"], CollectToken.objects.get()
    assert (row.name, row.codes, row.expires_on, row.created_by) == (
        "Pesées",
        [indicator.code],
        day,
        agent.user,
    )
    assert secret in response.content.decode()
    assert secret not in client.get("/loiret/indicateurs/jetons/").content.decode()
    assert secret not in json.dumps(
        list(CollectToken.objects.values("token_hash", "hint", "name")), default=str
    )
    assert "no-store" in response["Cache-Control"]
    assert send(ROWS, secret=secret).status_code == 200
    row.refresh_from_db()
    assert row.last_used_at is not None
    assert client.post(f"/loiret/indicateurs/jetons/{row.pk}/revoquer/").status_code == 302
    assert send(ROWS, secret=secret).status_code == 401
    assert [entry.code for entry in AuditEntry.objects.filter(code__startswith="indicators.").order_by("pk")] == [
        "indicators.token_made", "indicators.collected_by_token", "indicators.token_revoked",
    ]  # fmt: skip


def test_a_token_of_another_authority_is_not_revoked(agent: Any, token: CollectToken) -> None:
    other = MembershipFactory(authority=AuthorityFactory(slug="ailleurs"), agent=True)
    assert signed(other).post(f"/ailleurs/indicateurs/jetons/{token.pk}/revoquer/").status_code == 404


@pytest.mark.parametrize(
    ("days", "fault"), [(-1, "Choisissez un jour d’ici un an."), (400, "Choisissez un jour d’ici un an.")]
)
def test_a_token_ends(agent: Any, days: int, fault: str) -> None:
    day = timezone.localdate() + timedelta(days=days)
    response = signed(agent).post(
        "/loiret/indicateurs/jetons/", {"name": "Essai", "expires_on": day.isoformat()}
    )
    assert response.context["form"].errors["expires_on"] == [fault]
    assert not CollectToken.objects.exists()


def test_values_are_written_once_with_the_name_of_the_token(indicator: Any, token: CollectToken) -> None:
    first = send({"source": "Pesées", "date": "2026-01-05", "valeurs": ROWS})
    assert (first.status_code, first.json()) == (200, {"nouvelles": 2, "changees": 0, "deja_connues": 0})
    again = send({"source": "Pesées", "date": "2026-01-05", "valeurs": ROWS})
    assert again.json() == {"nouvelles": 0, "changees": 0, "deja_connues": 2}
    # Sent bare on another day, the same values change nothing either.
    assert send(ROWS).json()["deja_connues"] == 2
    assert list(Observation.objects.order_by("start").values_list("numerator", "source", "day")) == [
        (Decimal("12.5"), "Pesées", date(2026, 1, 5)),
        (Decimal(13), "Pesées", date(2026, 1, 5)),
    ]
    assert Collection.objects.get().token == token
    entry = AuditEntry.objects.get(code="indicators.collected_by_token")
    assert (entry.data["program"], entry.actor_id) == ("Logiciel de pesée", None)


def test_faults_are_said_and_nothing_is_written(indicator: Any, token: CollectToken) -> None:
    body = [*ROWS, {"période": "2023", "territoire": "Nulleville", "valeur": "1"}]
    refused = send(body)
    assert refused.status_code == 422
    assert refused.json() == {
        "message": "Une faute : rien n’a été enregistré.",
        "nombre": 1,
        "erreurs": [
            {
                "ligne": 3, "colonne": "territoire", "valeur": "Nulleville",
                "motif": "aucun territoire ne répond à « Nulleville ».",
                "remede": "Écrivez « commune:45234 », « epci:… », ou un nom exact.",
                "message": "Fichier « valeurs.json », ligne 3, colonne « territoire », valeur « Nulleville » : aucun "
                "territoire ne répond à « Nulleville ». Écrivez « commune:45234 », « epci:… », ou un nom exact.",
            }
        ],
    }  # fmt: skip
    assert not Observation.objects.exists()
    kept = send(body, query="?garder=valides")
    assert (kept.status_code, kept.json()["nouvelles"], kept.json()["nombre"]) == (200, 2, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"", b"3", b"[]", b'{"valeurs": []}', b"\xff", b"[" * 5000, b'[{"a": 1}]',
        b'{"date": "demain", "valeurs": []}',
        b'{"date": "2999-01-01", "valeurs": [{"p\xc3\xa9riode": 2024, "territoire": "Orl\xc3\xa9ans", "valeur": 1}]}',
        b'{"source": 3.5, "valeurs": {"a": 1}}', b'{"source": ["x"], "valeurs": []}',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(indicator: Any, token: CollectToken, body: bytes) -> None:
    response = send(body)
    assert response.status_code == 422
    assert response.json()["message"]
    assert not Observation.objects.exists()


def test_who_is_refused_and_how(agent: Any, indicator: Any, token: CollectToken, orleans: Territory) -> None:
    IndicatorFactory(authority=agent.authority, code="collecte.autre")
    IndicatorFactory(authority=agent.authority, code="formule.autre", origin="formula", formula="1 + 1")
    IndicatorFactory(code="collecte.commun")
    TokenFactory(authority=agent.authority, secret="choisi", codes=["collecte.tonnes"])
    TokenFactory(
        authority=agent.authority, secret="fini", expires_on=timezone.localdate() - timedelta(days=1)
    )
    TokenFactory(authority=agent.authority, secret="révoqué", revoked_at=timezone.now())
    TokenFactory(secret="installation")
    # A session opens nothing.
    assert send(ROWS, secret="", client=signed(agent)).status_code == 401
    assert [send(ROWS, secret=each).status_code for each in ("", "faux", "fini", "x" * 300)] == [401] * 4
    assert send(ROWS, secret="")["WWW-Authenticate"].startswith("Bearer")
    assert send(ROWS, "collecte.autre", "choisi").status_code == 403
    assert send(ROWS, "formule.autre").status_code == 403
    assert [
        send(ROWS, code).status_code
        for code in ("collecte.rien", "collecte.commun", "registre.organisations")
    ] == [404] * 3
    assert send(ROWS, secret="installation").status_code == 404
    assert send(b" " * ((10 << 20) + 1)).status_code == 413
    assert Client().delete("/loiret/indicateurs/collecte.tonnes/valeurs/").status_code == 405
    assert not Observation.objects.exists()


def test_values_are_read_back_with_the_token(indicator: Any, token: CollectToken) -> None:
    send(ROWS)
    address = "/indicateurs/collecte.tonnes/valeurs/"
    assert Client().get(address).status_code == 401
    response = Client().get(address, headers={"Authorization": "bearer bon"})
    assert [(row["période"], row["territoire"], row["valeur"]) for row in response.json()["valeurs"]] == [
        ("2024", "commune:45234", "12.5"), ("2025", "commune:45234", "13"),
    ]  # fmt: skip
    assert send(response.json()).json() == {"nouvelles": 0, "changees": 0, "deja_connues": 2}


def test_parts_come_by_code_or_label(agent: Any, token: CollectToken, orleans: Territory) -> None:
    axes = [{"code": "odd", "label": "ODD", "shared": True}, OUTCOME]
    IndicatorFactory(authority=agent.authority, code="collecte.cases", dimensions=axes)
    rows = [
        {"période": 2024, "territoire": "Orléans", "ODD": "8", "valeur": 1},
        {
            "période": 2024, "territoire": "Orléans", "odd": "11. Villes et communautés durables", "devenir": "Rendu",
            "valeur": 2,
        },
    ]  # fmt: skip
    assert send(rows, "collecte.cases").status_code == 200
    assert list(Observation.objects.order_by("numerator").values_list("parts", flat=True)) == [
        '{"odd":"8"}', '{"devenir":"rendu","odd":"11"}',
    ]  # fmt: skip


def test_too_many_requests_wait(indicator: Any, token: CollectToken, monkeypatch: Any) -> None:
    from essor.indicators import views_api

    monkeypatch.setattr(views_api, "RATES", "2/m/ip")
    assert [send(ROWS).status_code for _rank in range(3)] == [200, 200, 429]


def test_thousands_of_values_ask_few_queries(
    indicator: Any, token: CollectToken, django_assert_max_num_queries: Any
) -> None:
    rows = [{"période": year, "territoire": "commune:45234", "valeur": year} for year in range(1000, 3000)]
    with django_assert_max_num_queries(48):
        assert send(rows).json()["nouvelles"] == 2000


def test_old_tokens_are_erased(agent: Any) -> None:
    day = timezone.localdate()
    TokenFactory(expires_on=day - timedelta(days=400))
    TokenFactory(revoked_at=timezone.now() - timedelta(days=400))
    kept = TokenFactory()
    assert retention._forget_tokens(day) == 2
    assert list(CollectToken.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_the_same_values_sent_at_once_are_written_once() -> None:
    authority = AuthorityFactory(slug="loiret")
    TerritoryFactory(name="Orléans", code="45234")
    IndicatorFactory(authority=authority, code="collecte.tonnes")
    TokenFactory(authority=authority, secret="bon")
    answers: list[Any] = []

    def post() -> None:
        try:
            answers.append(send(ROWS).json())
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _rank in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["nouvelles"] for answer in answers) == [0, 0, 0, 2]
    assert (Observation.objects.count(), Collection.objects.count()) == (2, 1)


def test_opening_is_by_owner_and_by_choice(agent: Any, indicator: Any) -> None:
    from tests.indicators.asking import known

    mine = TokenFactory(authority=agent.authority, secret="a")
    chosen = TokenFactory(authority=agent.authority, secret="b", codes=["collecte.autre"])
    assert [actions_tokens.opens(row, known("collecte.tonnes")) for row in (mine, chosen)] == [True, False]
