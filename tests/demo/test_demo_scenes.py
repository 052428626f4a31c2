"""What people did in the demonstration: each thing that the guided tour shows is there, made by the real actions."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from essor.accounts.models import Authority, User
from essor.demo import cli
from essor.demo.accounts import FIRST_DAY, ORGANISATION_MEMBER, seed_people
from essor.demo.scenes.directory import NAME
from essor.demo.scenes.law import PARAMETER, PREMISES, STUDY
from essor.demo.scenes.logos import SHAPES, SIZE, draw_logo
from essor.demo.scenes.work import ENDS_IN, LABEL
from essor.indicators.models import BoardItem, Observation
from essor.kernel import outbox
from essor.kernel.models import AuditEntry, Job, JobState, OutboxMessage
from essor.kernel.periods import today
from essor.kit.course.models import Attestation, CourseChoice, LessonProgress
from essor.kit.diagnosis.models import AgreedValue, Campaign, Respondent
from essor.kit.diagnosis.results import results
from essor.registry import editions, going_back, models, profiles
from essor.registry.actions import attach_person
from essor.registry.queries_duplicates import proposals
from essor.registry.queries_links import contradicted
from essor.registry.search import wiring
from essor.rulebook.models import LocalLegalValue, Note
from essor.territories.actions import load_reference
from essor.territories.models import Qpv

TABLES = (
    models.Alert, models.Claim, models.Correction, models.DirectoryRow, models.HidingRequest, models.LocalLabel,
    models.Merge, models.Organisation, models.OrganisationAddition, models.OrganisationLink, models.ProfileEntry,
    models.SavedSearch, models.SearchSynonym, models.StateDeclaration, models.TagProof, AuditEntry, OutboxMessage,
    LocalLegalValue, Note, Attestation, CourseChoice, LessonProgress, User, Campaign, Respondent, AgreedValue,
)  # fmt: skip


def states(model):
    """How many rows of each state."""
    found: dict[str, int] = {}
    for state in model.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_demonstration_shows_what_the_register_does(settings, tmp_path, reference_subset):
    settings.DEMO, settings.DATA_DIR, settings.EDITIONS_DIR = True, tmp_path, tmp_path / "editions"
    load_reference(folder=reference_subset)
    cli.make_register(0.02)
    cli.play_scenes()
    cli.make_index()
    department = Authority.objects.get(slug="haute-garonne")

    _register()
    _two_editions()
    _member()
    _profiles()
    _requests()
    _work(department)
    _directory()
    _searches()
    _law()
    _diagnosis()
    _indicators()
    assert wiring.problem() == ""
    assert models.SearchPending.objects.count() == 0
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    _nothing_leaves()

    before = [table.objects.count() for table in TABLES]
    seed_people()
    cli.play_scenes()
    assert [table.objects.count() for table in TABLES] == before


def _indicators():
    series = Observation.objects.filter(
        code="registre.organisations", parts="", territory__kind="departement"
    )
    assert [row.start.isoformat() for row in series.order_by("start")] == ["2026-08-01", "2026-11-01"]
    assert Observation.objects.filter(code="collecte.tonnes_reemployees").count() == 6
    assert BoardItem.objects.count() == 4


def _register():
    edition = models.Edition.objects.get(state=models.Edition.State.IN_FORCE)
    assert edition.scope == "departement:31"
    added = models.OrganisationFacts.Origin.AGENT
    described = models.OrganisationFacts.objects.filter(present=True).exclude(origin=added)
    assert described.count() == edition.manifest["counts"]["organisations"]
    assert editions.rejected_rows(edition)[1] == 40
    assert Qpv.objects.count() == 24
    assert {file.problem for file in editions.available_sources()} == {""}


def _member():
    assert models.OrganisationMembership.objects.count() == 4
    member = models.OrganisationMembership.objects.get(user__email=ORGANISATION_MEMBER)
    assert member.organisation.tags.filter(code="aci").exists()
    with pytest.raises(ValidationError, match="déjà"):
        attach_person(None, member.organisation, member.user, day=FIRST_DAY)


def _two_editions():
    now = going_back.in_force()
    assert now.day.isoformat() == "2026-11-01"
    assert going_back.previous_of(now).day.isoformat() == "2026-08-01"
    kinds = set(models.EditionChange.objects.values_list("kind", flat=True))
    assert {"new", "closed", "moved", "renamed"} <= kinds
    assert models.Alert.objects.filter(withdrawn=False).exists()


def _profiles():
    written = models.ProfileEntry.objects.current()
    assert written.filter(field="logo", file__isnull=False).count() == 4
    places = [value for value in written.values_list("value", flat=True) if "http" in value or "@" in value]
    assert len(places) > 8
    assert all("example.org" in value for value in places)
    facts = {
        row.pk: row for row in models.OrganisationFacts.objects.filter(pk__in=written.values("organisation"))
    }
    told = [profiles.conflicts(profiles.entries_of(pk), row) for pk, row in facts.items()]
    assert sorted(map(len, told)) == [0, 0, 0, 1]


def _requests():
    assert states(models.Claim) == {"accepted": 1, "waiting": 2, "refused": 1}
    assert states(models.Correction) == {
        "absorbed": 1, "disputed": 1, "accepted": 1, "refused": 1, "waiting": 3,
    }  # fmt: skip
    report = models.Correction.objects.get(origin=models.Correction.Origin.VISITOR)
    assert report.reporter_email == "passante@example.org"
    assert states(models.HidingRequest) == {"accepted": 1, "waiting": 1}
    assert models.HidingRequest.objects.get(state="accepted").scope == models.HidingRequest.Scope.ADDRESS


def _work(department):
    assert models.OrganisationAddition.objects.filter(legal_form="collective").count() == 1
    assert models.Merge.objects.filter(undone_at__isnull=True).count() == 1
    assert len(proposals(department)) >= 1
    kinds = models.OrganisationLink.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["group", "transformation"]
    closed = models.StateDeclaration.objects.get().organisation
    assert contradicted(closed, going_back.in_force().day)
    label = models.LocalLabel.objects.get(name=LABEL, authority=department)
    codes = set(models.TagProof.objects.values_list("tag__code", flat=True))
    assert codes == {"ptce", "tiers_lieu", "regie_quartier", label.code}
    assert models.TagProof.objects.filter(tag__until=today() + ENDS_IN).count() == 1
    assert models.TagProof.objects.filter(document__isnull=False).count() == 4


def _directory():
    directory = models.Directory.objects.get(name=NAME)
    assert set(directory.mapping["columns"]) >= {"name", "number", "commune", "website"}
    rows = directory.rows.filter(present=True)
    confirmed = rows.filter(decision="confirmed").count()
    assert confirmed == pytest.approx(rows.count() / 2, abs=2)
    assert rows.filter(decision="pending").count() >= 8
    assert models.DirectoryEntry.objects.count() == confirmed


def _searches():
    agent = User.objects.get(email="agent@haute-garonne.example.org")
    kept = models.SavedSearch.objects.filter(user=agent)
    assert sorted(kept.values_list("alert", flat=True)) == ["edition", "none", "weekly"]
    assert models.SearchSynonym.objects.count() == 3


def _law():
    value = LocalLegalValue.objects.get()
    assert (value.parameter, value.withdrawn_at) == (PARAMETER, None)
    assert "Démonstration" in value.description
    kept = dict(Note.objects.values_list("title", "authority__slug"))
    assert kept == {PREMISES: "toulouse-metropole", STUDY: "haute-garonne"}
    assert Note.objects.get(title=STUDY).shown["verdict"]["label"] == "Procédure adaptée"


def _diagnosis():
    before, now = Campaign.objects.of(Authority.objects.get(slug="haute-garonne").pk).reverse()
    assert (before.is_agreed, now.is_agreed, before.values.count()) == (True, False, len(before.levers))
    found = results(now, "departement", today())
    assert (found.previous, found.agreed_count, found.begun) == (before, 6, 12)
    assert found.compared is not None
    assert found.compared.is_demo
    assert {"instance", "achats"} <= {row.lever.code for row in found.to_discuss}


def _nothing_leaves():
    assert OutboxMessage.objects.exists()
    assert outbox.send_due(timezone.now() + timedelta(days=1)) == outbox.Sending()
    assert mail.outbox == []
    addresses = OutboxMessage.objects.values_list("to", flat=True)
    assert all(address.endswith("example.org") for address in addresses)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_logo_is_a_small_square_png_always_the_same(shape):
    drawn = draw_logo(shape, "#0B5D5E")
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(drawn[16:20]), int.from_bytes(drawn[20:24])) == (SIZE, SIZE)
    assert len(drawn) < 20_000
    assert drawn == draw_logo(shape, "#0B5D5E")
    assert drawn != draw_logo(shape, "#8C2F39")
