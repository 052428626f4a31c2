"""Lists of supporters brought by agents: looked at, written once, killed without harm; files of data·inclusion."""

import json
import signal
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from essor.accounts.models import Authority, Membership
from essor.kernel.jobs import reap, run_now
from essor.kernel.models import Job, StoredFile
from essor.kit.models import Supporter, SupporterImport
from essor.kit.support_seed import load_shipped
from essor.kit.supporter_import import actions, jobs
from essor.kit.supporter_import.actions import Given
from essor.territories.enums import Kind
from tests import processes
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.kit_factories import SupporterFactory

pytestmark = pytest.mark.django_db
HEAD = "Nom;Ce qu’il apporte;Ce qu’il fait;Moment du projet;Source;Où"
ROW = "{};Prête;Financer;Lancement;Son site;{}"


@pytest.fixture
def agent() -> Membership:
    departement = TerritoryFactory(kind=Kind.DEPARTEMENT, code="31", name="Haute-Garonne")
    TerritoryFactory(kind=Kind.COMMUNE, code="31555", name="Toulouse", departement=departement)
    TerritoryFactory(kind=Kind.COMMUNE, code="75056", name="Paris")
    TerritoryFactory(kind=Kind.REGION, code="11", name="Île-de-France")  # a national network acts there only
    return MembershipFactory(authority=AuthorityFactory(slug="ici", territory=departement), agent=True)


def table(*rows: str) -> ContentFile[bytes]:
    return ContentFile("\n".join((HEAD, *rows)).encode(), name="acteurs.csv")


def give(agent: Membership, file: ContentFile[bytes], **more: Any) -> SupporterImport:
    return actions.give_list(agent.user, agent.authority, Given(file, **more))


def write(agent: Membership, given: SupporterImport) -> Job:
    return run_now(actions.write_list(agent.user, given))


def names(authority: Authority) -> list[str]:
    return list(Supporter.objects.filter(authority=authority).values_list("name", flat=True))


def test_a_list_written_twice_changes_nothing(agent: Membership) -> None:
    rows = (ROW.format("Club", "Toulouse"), ROW.format("Atelier", ""))
    first = write(agent, give(agent, table(*rows)))
    assert (first.result or {})["new"] == 2
    before = list(Supporter.objects.order_by("pk").values())
    second = write(agent, give(agent, table(*rows)))
    assert ((second.result or {})["new"], (second.result or {})["same"]) == (0, 2)
    assert list(Supporter.objects.order_by("pk").values()) == before
    assert StoredFile.objects.count() == 0
    changed = write(agent, give(agent, table(ROW.format("CLUB", ""))))
    assert ((changed.result or {})["changed"], names(agent.authority)) == (1, ["Atelier", "CLUB"])


def test_valid_rows_are_kept_or_all_refused_as_chosen(agent: Membership) -> None:
    rows = (ROW.format("Club", "Toulouse"), ROW.format("Perdu", "Atlantide-sur-Mer"))
    refused = write(agent, give(agent, table(*rows), all_or_nothing=True))
    assert (refused.state, names(agent.authority)) == ("failed", [])
    assert "ligne 3" in refused.error
    assert "son territoire « Atlantide-sur-Mer » n’est pas connu" in refused.error
    kept = give(agent, table(*rows))
    assert (write(agent, kept).state, names(agent.authority)) == ("done", ["Club"])
    kept.refresh_from_db()
    assert len(kept.rejected) == 1


def test_an_agent_looks_before_writing(agent: Membership, client: Client) -> None:
    client.force_login(agent.user)
    assert (
        "Ce qu’il apporte"
        in b"".join(  # type: ignore[attr-defined]
            client.get("/ici/kit/accompagnement/listes/exemple/").streaming_content
        ).decode()
    )
    answer = client.post("/ici/kit/accompagnement/listes/", {"file": table(ROW.format("Club", ""))})
    page = client.get(answer["Location"])
    assert (page.context["new"], page.context["can_write"], Supporter.objects.count()) == (["Club"], True, 0)
    assert (
        client.post(answer["Location"], {"laisser": "oui"})["Location"] == "/ici/kit/accompagnement/listes/"
    )
    assert (SupporterImport.objects.count(), StoredFile.objects.count()) == (0, 0)
    wrong = client.post("/ici/kit/accompagnement/listes/", {"file": ContentFile(b"Nom\nA\n", "a.csv")})
    assert "il manque la colonne" in client.get(wrong["Location"]).content.decode()
    other = MembershipFactory(agent=True)
    assert client.get(f"/{other.authority.slug}/kit/accompagnement/listes/").status_code == 403


def test_a_list_that_nobody_writes_is_erased(agent: Membership) -> None:
    give(agent, table(ROW.format("Club", "")))
    SupporterImport.objects.update(given_at=timezone.now() - timedelta(days=8))
    assert jobs.leave_old(timezone.now()) == 1
    assert StoredFile.objects.count() == 0


STRUCTURES = [
    {"id": "d--1", "source": "dora", "nom": "Maison", "code_insee": "31555", "date_maj": "2025-02-14"},
    {"id": "d--2", "source": "dora", "nom": "Ailleurs", "code_insee": "75056"},
    {"id": "d--3", "source": "dora", "nom": "Garage", "code_insee": "31555"},
    {"id": "d--4", "source": "dora", "nom": "Perdue", "code_insee": "99999"},
]
SERVICES = [
    {"structure_id": "d--1", "nom": "Définir", "thematiques": ["creer-une-entreprise--definir-son-projet"],
     "type": "atelier", "publics": ["jeunes"], "frais": "gratuit"},
    {"structure_id": "d--2", "nom": "Définir", "thematiques": ["creer-une-entreprise--definir-son-projet"]},
    {"structure_id": "d--3", "nom": "Permis", "thematiques": ["mobilite--permis"], "type": "aide-financiere"},
    {"structure_id": "d--4", "nom": "Définir", "thematiques": ["creation-activite"]},
]  # fmt: skip


def inclusion(agent: Membership, **more: Any) -> SupporterImport:
    files = [ContentFile(json.dumps(rows).encode(), name="di.json") for rows in (STRUCTURES, SERVICES)]
    return give(agent, files[0], services=files[1], **more)


def test_data_inclusion_gives_those_that_help_projects_on_the_territory(agent: Membership) -> None:
    result = write(agent, inclusion(agent)).result or {}
    assert {name: count for name, count in result.items() if count} == {"new": 1, "outside": 1, "rejected": 1}
    house = Supporter.objects.get()
    marks = {axis: house.marks_of(axis) for axis in ("role", "stage", "profile", "theme")}
    assert marks == {"role": ["advise"], "stage": ["idea"], "profile": ["youth"], "theme": []}
    assert (house.source, str(house.source_day), house.territory.name) == (
        "data·inclusion (dora)",
        "2025-02-14",
        "Toulouse",
    )
    assert (write(agent, inclusion(agent)).result or {})["same"] == 1
    more = write(agent, inclusion(agent, themes=["mobilite"])).result or {}
    assert more["new"] == 1
    assert Supporter.objects.get(name="Garage").marks_of("theme") == ["mobility"]
    load_shipped()  # an upgrade closes only what the package itself brought
    assert Supporter.objects.get(name="Garage").closed_on is None


def test_what_a_person_corrected_is_left(agent: Membership) -> None:
    write(agent, inclusion(agent))
    Supporter.objects.update(is_corrected=True, offer="Mieux dit")
    assert (write(agent, inclusion(agent)).result or {})["corrected"] == 1
    assert Supporter.objects.get().offer == "Mieux dit"


HALF_WAY = """
import sys, time
from essor.kit.supporter_import import jobs
from essor.kit.models import Supporter
from essor.kernel.jobs import execute
def slow(given):
    print(Supporter.objects.count(), flush=True)
    time.sleep(60)
jobs.forget = slow
execute(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_list_killed_half_way_leaves_what_was_there(agent: Membership) -> None:
    SupporterFactory(authority=agent.authority, name="Ancien")
    job = actions.write_list(
        agent.user, give(agent, table(ROW.format("Club", ""), ROW.format("Atelier", "")))
    )
    worker = processes.python(HALF_WAY, str(job.pk))
    assert worker.stdout is not None
    assert worker.stderr is not None
    written = worker.stdout.readline()
    assert written == "3\n", worker.stderr.read()
    worker.send_signal(signal.SIGKILL)
    worker.communicate(timeout=10)
    connection.close()
    assert names(agent.authority) == ["Ancien"]
    reap(timezone.now())
    assert (run_now(Job.objects.get(pk=job.pk)).state, names(agent.authority)) == (
        "done",
        ["Ancien", "Atelier", "Club"],
    )
