"""Two agents at once: one decides, the other is told. Two connections of the real database, on either engine."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from essor.registry import actions_claims, actions_corrections, actions_profile, actions_tags
from essor.registry.actions_tags import Proof
from essor.registry.models import (
    Claim,
    Correction,
    OrganisationMembership,
    OrganisationTag,
    ProfileEntry,
    TagProof,
)
from tests.people_factories import ClaimFactory, CorrectionFactory
from tests.registry.people.conftest import make_scene

pytestmark = pytest.mark.django_db(transaction=True)


def race(*acts: Callable[[], object]) -> list[str]:
    """Do all at the same moment, each on its own connection: « done » or « refused »."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait(timeout=30)
            act()
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_agents_accept_the_same_claim_at_once() -> None:
    scene = make_scene()
    claim = ClaimFactory(organisation=scene.organisation, user=scene.person)
    assert race(
        lambda: actions_claims.accept_claim(scene.agent, scene.authority, Claim.objects.get(pk=claim.pk)),
        lambda: actions_claims.accept_claim(scene.other_agent, scene.other, Claim.objects.get(pk=claim.pk)),
    ) == ["done", "refused"]
    assert OrganisationMembership.objects.filter(user=scene.person).count() == 1
    assert Claim.objects.get().state == "accepted"


def test_one_accepts_while_the_other_refuses() -> None:
    scene = make_scene()
    one, same = CorrectionFactory(organisation=scene.organisation), Correction.objects.select_related()
    assert race(
        lambda: actions_corrections.accept_correction(scene.agent, scene.authority, same.get(pk=one.pk)),
        lambda: actions_corrections.refuse_correction(
            scene.other_agent, scene.other, same.get(pk=one.pk), "non"
        ),
    ) == ["done", "refused"]
    assert Correction.objects.get().state in {"accepted", "refused"}


def test_two_corrections_of_a_fact_accepted_at_once_leave_one_standing() -> None:
    scene = make_scene()
    rows = [CorrectionFactory(organisation=scene.organisation, value=name) for name in ("Un", "Deux")]
    race(
        *[
            lambda row=row: actions_corrections.accept_correction(  # type: ignore[misc]
                scene.agent, scene.authority, Correction.objects.get(pk=row.pk)
            )
            for row in rows
        ]
    )
    assert Correction.objects.standing().count() == 1


def test_two_people_write_the_profile_at_once_and_nothing_is_lost() -> None:
    scene = make_scene()
    assert race(
        lambda: actions_profile.write_profile(scene.member, scene.organisation, {"needs": "Un four"}),
        lambda: actions_profile.write_profile(scene.agent, scene.organisation, {"needs": "Un camion"}),
    ) == ["done", "done"]
    assert sorted(ProfileEntry.objects.values_list("value", flat=True)) == ["Un camion", "Un four"]
    assert ProfileEntry.objects.current().count() == 1


def test_two_agents_renew_a_tag_at_once_and_the_second_is_told() -> None:
    scene = make_scene()
    tag = actions_tags.put_tag(None, scene.authority, scene.organisation, "ei", Proof("Convention"))
    shown = tag.proof.version

    def renew(origin: str) -> Callable[[], object]:
        return lambda: actions_tags.renew_tag(
            scene.agent, scene.authority, OrganisationTag.objects.get(pk=tag.pk), Proof(origin), seen=shown
        )

    assert race(renew("Avenant 1"), renew("Avenant 2")) == ["done", "refused"]
    proof = TagProof.objects.get()
    assert (proof.version, proof.origin[:7]) == (shown + 1, "Avenant")


def test_renewing_a_tag_ended_meanwhile_says_so() -> None:
    scene = make_scene()
    tag = actions_tags.put_tag(None, scene.authority, scene.organisation, "ei", Proof("Convention"))
    actions_tags.withdraw_tag(None, scene.authority, tag, reason="Fin")
    with pytest.raises(ValidationError, match=r"elle vaut maintenant jusqu’au .* « Convention »"):
        actions_tags.renew_tag(None, scene.authority, tag, Proof("Autre"), seen=tag.proof.version)
    assert TagProof.objects.get().origin == "Convention"
