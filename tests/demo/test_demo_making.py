"""`essor demo` without its server: the steps that make the register, on the database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from essor.accounts.models import User
from essor.demo import accounts, cli
from essor.demo.accounts import FIRST_DAY, ORGANISATION_MEMBER, PASSWORD, PEOPLE, seed_people
from essor.registry import editions
from essor.registry.actions import attach_person
from essor.registry.models import Edition, OrganisationFacts, OrganisationMembership
from essor.territories.actions import load_reference
from essor.territories.models import Qpv


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_register_is_made_by_the_real_pipeline_and_the_member_attached(
    settings, tmp_path, reference_subset
):
    settings.DEMO, settings.DATA_DIR, settings.EDITIONS_DIR = True, tmp_path, tmp_path / "editions"
    load_reference(folder=reference_subset)
    cli.make_register(0.02)
    edition = Edition.objects.get(state=Edition.State.IN_FORCE)
    assert (edition.scope, edition.day.isoformat()) == ("departement:31", "2026-11-01")
    assert (
        OrganisationFacts.objects.filter(present=True).count() == edition.manifest["counts"]["organisations"]
    )
    assert editions.rejected_rows(edition)[1] == 40
    assert Qpv.objects.count() == 24
    assert {file.problem for file in editions.available_sources()} == {""}

    attached = OrganisationMembership.objects.count()
    member = OrganisationMembership.objects.get(user__email=ORGANISATION_MEMBER)
    assert member.organisation.tags.filter(code="aci").exists()
    seed_people()
    assert OrganisationMembership.objects.count() == attached == 4
    with pytest.raises(ValidationError, match="déjà"):
        attach_person(None, member.organisation, User.objects.get(email=ORGANISATION_MEMBER), day=FIRST_DAY)


def test_the_accounts_are_shown_whole_on_a_narrow_terminal(capsys):
    from rich.console import Console

    cli.show_accounts("http://127.0.0.1:8000/", Console(width=80).print)
    shown = capsys.readouterr().out
    assert "http://127.0.0.1:8000/" in shown
    assert PASSWORD in shown
    assert [person.email for person in PEOPLE if person.email not in shown] == []


def test_the_guide_gives_every_account_and_the_password():
    guide = Path(__file__).parents[2] / "docs" / "guide" / "demonstration.md"
    text = guide.read_text(encoding="utf-8")
    assert [p.email for p in PEOPLE if f"| {p.role} | {p.email} |" not in text] == []
    assert f"**`{PASSWORD}`**" in text
    assert all(f"`/{authority.slug}/`" in text for authority in accounts.AUTHORITIES)


@pytest.mark.slow
def test_it_is_refused_in_an_installation_that_is_not_a_demonstration(tmp_path):
    environment = {**os.environ, "ESSOR_DATA_DIR": str(tmp_path), "ESSOR_DEMO": "0"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "essor.config", "demo", "--no-serve"],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "ESSOR_DEMO=1" in done.stderr
    assert not (tmp_path / "essor.sqlite3").exists()
