"""Two people who agree a value, or open a campaign, at the same moment: one is kept, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from essor.kernel.periods import today
from essor.kit.diagnosis.actions import Opening, open_campaign
from essor.kit.diagnosis.actions_agree import Agreement, agree
from essor.kit.diagnosis.models import AgreedValue, Campaign
from tests.diagnosis_factories import LEVERS, campaign_of
from tests.factories import AuthorityFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: object) -> list[str]:
    """What each says when all start together: "" when it was done."""
    start = Barrier(len(acts))

    def run(act: object) -> str:
        start.wait(10)
        try:
            act()  # type: ignore[operator]
        except ValidationError as error:
            return " ".join(error.messages)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_one_lever_agreed_twice_at_once_keeps_one_value() -> None:
    actor = UserFactory()
    campaign = campaign_of(AuthorityFactory(), actor)
    told = at_once(
        lambda: agree(actor, campaign, "instance", Agreement(2)),
        lambda: agree(actor, campaign, "instance", Agreement(4)),
    )
    assert told[0] == ""
    assert "vient d’inscrire" in told[1]
    assert AgreedValue.objects.get().revision == 1


def test_two_campaigns_opened_at_once_are_one() -> None:
    actor, authority = UserFactory(), AuthorityFactory()
    asked = Opening("x", today() + timedelta(days=3), LEVERS)
    told = at_once(*[lambda: open_campaign(actor, authority, asked, today())] * 2)
    assert told[0] == ""
    assert "déjà en cours" in told[1]
    assert Campaign.objects.count() == 1
