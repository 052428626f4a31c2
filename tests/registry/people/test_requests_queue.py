"""The queue of requests: whole at any size, in one order, read a page at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from essor.accounts.models import Authority, User
from essor.kernel.periods import today
from essor.registry import requests_queue as queue
from essor.registry.holding import held_by, holds
from essor.registry.models import Claim, Correction, HidingRequest
from tests.factories import TerritoryFactory, UserFactory
from tests.people_factories import ClaimFactory, CorrectionFactory, HidingFactory
from tests.registry.people.conftest import Scene, signed_in
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, PlaceFactory

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def fill(scene: Scene, count: int, **values: Any) -> None:
    Correction.objects.bulk_create(
        Correction(
            organisation=scene.organisation, field="name", before="A", value=f"Nom {number}", evidence="vu",
            created_at=DAY + timedelta(hours=number), **values,
        )
        for number in range(count)
    )  # fmt: skip


def read(scene: Scene, *kinds: str, part: str = queue.WAITING) -> queue.Requests:
    return queue.Requests(scene.authority, kinds, part, today())


def test_more_than_five_hundred_requests_are_all_counted_and_listed(scene: Scene) -> None:
    fill(scene, 520)
    assert queue.waiting_counts(scene.authority)[queue.CORRECTION] == read(scene).count() == 520
    pages = [read(scene)[start : start + 50] for start in range(0, 550, 50)]
    listed = [line.pk for page in pages for line in page]
    assert listed == list(Correction.objects.order_by("created_at").values_list("pk", flat=True))
    html = text_of(signed_in(scene.agent).get("/ici/demandes/?page=11"))
    assert "520 demandes" in html.replace("\xa0", " ")


def test_kinds_are_put_in_one_order_of_time(scene: Scene) -> None:
    user: User = UserFactory()
    claim = ClaimFactory(organisation=scene.organisation, user=user, created_at=DAY + timedelta(hours=2))
    hiding = HidingFactory(organisation=scene.organisation, created_at=DAY + timedelta(hours=1))
    late = CorrectionFactory(organisation=scene.organisation, created_at=DAY + timedelta(hours=3))
    HidingFactory()  # of elsewhere
    expected = [("masquage", hiding.pk), ("rattachement", claim.pk), ("correction", late.pk)]
    assert [(line.kind, line.pk) for line in read(scene)[0:10]] == expected
    assert [(line.kind, line.pk) for line in read(scene)[1:2]] == expected[1:2]
    assert [line.kind for line in read(scene, "masquage", "correction")[0:9]] == ["masquage", "correction"]
    assert (read(scene, "autre").count(), read(scene, "autre")[0:9]) == (0, [])

    for rank, row in enumerate((late, hiding)):
        type(row).objects.filter(pk=row.pk).update(
            state="refused", reason="non", decided_at=DAY + timedelta(days=rank)
        )
    Claim.objects.filter(pk=claim.pk).update(state=Claim.State.REFUSED, decided_at=DAY, reason="non")
    HidingRequest.objects.filter(pk=hiding.pk).update(decided_at=DAY + timedelta(days=9))
    decided = [line.kind for line in read(scene, part=queue.DECIDED)[0:9]]
    assert decided[0] == "masquage"
    assert sorted(decided) == ["correction", "masquage", "rattachement"]


def test_a_page_of_the_queue_asks_few_queries(scene: Scene, django_assert_max_num_queries: Any) -> None:
    fill(scene, 60)
    with django_assert_max_num_queries(2):
        assert len(read(scene)[0:50]) == 50


def test_the_territory_holds_what_is_seated_or_present_there(scene: Scene) -> None:
    elsewhere = TerritoryFactory()
    away = FactsFactory(commune=elsewhere).organisation
    present = FactsFactory(commune=elsewhere).organisation
    left = FactsFactory(commune=elsewhere).organisation
    here = scene.facts.commune
    PlaceFactory(organisation=present, commune=here)
    PlaceFactory(organisation=left, commune=here, present=False)
    for each in (away, present, left):
        CorrectionFactory(organisation=each)
    held = Correction.objects.filter(held_by(scene.authority)).values_list("organisation_id", flat=True)
    assert set(held) == {present.pk}
    seen = [holds(scene.authority, each.pk) for each in (scene.organisation, present, away, left)]
    assert seen == [True, True, False, False]
    assert not holds(Authority(territory=None), scene.organisation.pk)
