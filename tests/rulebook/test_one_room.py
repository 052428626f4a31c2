"""Values and questions are one room: its tabs, the links both ways, a link that names no day."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from essor.kernel.periods import today
from tests.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.mark.parametrize(
    "query",
    [
        "scic_reserves/?surplus=10000",
        "competence/?level=commune&domain=agriculture&support=business_grant",
        "scic_capital/?holders-1-kind=commune&holders-1-amount=27&holders-2-kind=employee&holders-2-amount=73",
    ],
)
def test_a_link_without_a_day_asks_for_today(query: str, client: Client) -> None:
    response = client.get(f"/droit/regles/{query}")
    assert response["Location"] == f"/droit/regles/{query}&on={today().isoformat()}"
    assert client.get(response["Location"]).context["answer"].day == today()


@pytest.mark.parametrize(
    "query", ["competence/?level=commune", "ess_company/?utm=1", "scic_capital/?on=2026-01-01"]
)
def test_a_link_that_says_too_little_only_fills_the_form(query: str, client: Client) -> None:
    response = client.get(f"/droit/regles/{query}")
    assert (response.status_code, response.context["answer"], response.context["form"].errors) == (
        200,
        None,
        False,
    )


@pytest.mark.parametrize("frame", ["", "/metropole-exemple"])
def test_the_pages_of_the_room_lead_to_each_other(frame: str, client: Client) -> None:
    if frame:
        AuthorityFactory(slug="metropole-exemple")
    value = f"{frame}/droit/valeurs/procurement.no_publicity.supplies_services/"
    rule = f"{frame}/droit/regles/procurement_threshold/"
    for page in (f"{frame}/droit/", f"{frame}/droit/regles/", f"{frame}/droit/changements/", value, rule):
        found = client.get(page).content.decode()
        tabs = found[found.index('<nav class="tabs"') :]
        tabs = tabs[: tabs.index("</nav>")]
        assert re.findall(r'href="([^"]+)"', tabs) == [
            f"{frame}/droit/{part}" for part in ("", "regles/", "changements/")
        ]
        assert tabs.count("aria-current") == 1
    assert f'href="{rule}">Quelle procédure pour cet achat' in client.get(value).content.decode()
    asked = f"{rule}?nature=supplies&amount=50000&on=2026-05-01"
    assert f'href="{value}"' in client.get(asked).content.decode()
