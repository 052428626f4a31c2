"""Recipes that come, are adopted, have a later version, and leave."""

import json
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from essor.kernel import audit
from essor.kit.adoption import actions
from essor.kit.adoption.actions import Filled, adopt, export_thing, later_of, leave, receive, renew
from essor.kit.adoption.directory_kind import DIRECTORY
from essor.kit.adoption.directory_kind import read as read_directory
from essor.kit.adoption.files import digest_of, read_file
from essor.kit.adoption.screens import as_yaml, between
from essor.kit.adoption.sectors_kind import SECTORS
from essor.kit.adoption.sectors_kind import read as read_sectors
from essor.kit.cli_recipes import app
from essor.kit.front_matter import ContentError
from essor.kit.models import Adoption, ReceivedRecipe, Supporter
from essor.kit.recipe import Recipe, export, recipe_of
from essor.kit.recipe_library import recipes
from essor.kit.sectors import sectors, sectors_of
from tests.factories import AuthorityFactory, MembershipFactory
from tests.kit_factories import SupporterFactory

CODE, METROPOLE, STARTING = (
    "politiques-sectorielles-departement",
    "politiques-sectorielles-metropole",
    "annuaire-accompagnement-demarrage",
)
FILLED = Filled("Nos politiques", "2026", "Une liste.", "Ici", "Délibération", ("departement",), ("K02",))


def changed(recipe: Recipe, *policies: dict[str, str], version: int = 2) -> Recipe:
    return recipe_of(export(recipe) | {"version": version, "parameters": {"policies": list(policies)}}, "x")


def content(recipe: Recipe) -> bytes:
    return as_yaml(export(recipe)).encode()


@pytest.mark.django_db
def test_adopting_a_list_of_policies() -> None:
    member = MembershipFactory(agent=True)
    made = adopt(member.user, member.authority, recipes()[CODE], "package")
    assert next(iter(sectors_of(member.authority_id).values())).label == "Action sociale et insertion sociale"
    assert made.thing == f"accounts.authority:{member.authority_id}"
    assert actions.thing_of(made) == member.authority
    assert audit.entries_for(made)[0].sentence.endswith(
        "a adopté la recette « Politiques sectorielles d’un département »"
    )
    with pytest.raises(ValidationError, match="déjà adopté"):
        adopt(member.user, member.authority, recipes()[CODE], "package")
    with pytest.raises(ValidationError, match="ne sait pas encore"):
        adopt(member.user, member.authority, recipes()["cit-er-44"], "package")


@pytest.mark.django_db
def test_adopting_a_directory_adds_whom_it_lacks() -> None:
    member = MembershipFactory(agent=True)
    SupporterFactory(authority=member.authority, name="Guichet ESS de la collectivité", offer="Le nôtre.")
    adopt(member.user, member.authority, recipes()[STARTING], "package")
    own = Supporter.objects.filter(authority=member.authority)
    assert own.count() == len(read_directory(recipes()[STARTING].body)) == 6
    assert own.get(name="Guichet ESS de la collectivité").offer == "Le nôtre."


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing_and_another_content_is_a_version() -> None:
    owner = AuthorityFactory()
    first = receive(None, owner, "a.yaml", content(recipes()[CODE]))
    again = receive(None, owner, "b.json", json.dumps(export(recipes()[CODE])).encode())
    assert (first.is_new, again.is_new, again.row.pk) == (True, False, first.row.pk)
    later = changed(recipes()[CODE], {"code": "eau", "label": "Eau"})
    assert receive(None, owner, "c.yaml", content(later)).is_new
    assert ReceivedRecipe.objects.filter(code=CODE).count() == 2
    told = {each.label: each for each in between(recipes()[CODE], later)}
    assert list(told) == ["Version de la recette", "Politiques"]
    assert actions.received_by(AuthorityFactory()) == []


@pytest.mark.django_db
def test_a_later_version_is_offered_never_imposed() -> None:
    owner = AuthorityFactory()
    first = changed(recipes()[METROPOLE], {"code": "eau", "label": "Eau"}, version=1)
    receive(None, owner, "a.yaml", content(first))
    made = adopt(None, owner, first, "file")
    assert later_of(made) is None
    second = changed(first, {"code": "eau", "label": "Eau et rivières"}, {"code": "air", "label": "Air"})
    receive(None, owner, "b.yaml", content(second))
    assert later_of(made) == second
    assert [each.label for each in sectors_of(owner.pk).values()] == ["Eau"]
    with pytest.raises(ValidationError, match="a changé"):
        renew(None, made, "autre")
    leave(None, made, digest_of(second))
    made.refresh_from_db()
    assert later_of(made) is None
    third = changed(first, {"code": "eau", "label": "Eau vive"}, version=3)
    receive(None, owner, "c.yaml", content(third))
    renew(None, made, digest_of(third))
    made.refresh_from_db()
    assert (made.version, later_of(made)) == (3, None)
    assert [each.label for each in sectors_of(owner.pk).values()] == ["Eau vive"]
    actions.end(None, made)
    adopt(None, owner, third, "file")
    assert Adoption.objects.filter(authority=owner).count() == 2


@pytest.mark.django_db
def test_what_leaves_is_adopted_elsewhere() -> None:
    here, there = AuthorityFactory(slug="ici"), AuthorityFactory()
    adopt(None, here, recipes()[METROPOLE], "package")
    left = export_thing(None, here, SECTORS, str(here.pk), FILLED)
    assert left.code == "nos-politiques-ici"
    came = receive(None, there, "x.yaml", content(left))
    adopt(None, there, actions.recipe_of_row(came.row), "file")
    told = [
        [(each.code, each.label, each.seed) for each in sectors_of(one.pk).values()] for one in (here, there)
    ]
    assert told[0] == told[1]
    assert export_thing(None, there, SECTORS, str(there.pk), FILLED).body == left.body


@pytest.mark.django_db
def test_contacts_leave_only_when_ticked() -> None:
    owner = AuthorityFactory(slug="ici")
    generic = SupporterFactory(authority=owner, name="Guichet", email="contact@guichet.example.org")
    person = SupporterFactory(
        authority=owner, name="Relais", email="lea.dupont@relais.example.org", phone="0102030405"
    )
    assert [(each.code, each.usual) for each in DIRECTORY.options(owner)] == [  # type: ignore[misc]
        (str(generic.pk), True),
        (str(person.pk), False),
    ]
    rows = export_thing(None, owner, DIRECTORY, str(owner.pk), FILLED).body["supporters"]
    assert [row.get("email") for row in rows] == [None, None]
    ticked = Filled(
        **{**{n: getattr(FILLED, n) for n in FILLED.__dataclass_fields__}, "options": {str(generic.pk)}}
    )
    rows = export_thing(None, owner, DIRECTORY, str(owner.pk), ticked).body["supporters"]
    assert [(row.get("email"), row.get("phone")) for row in rows] == [
        ("contact@guichet.example.org", None),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("name", "given_content", "told"),
    [
        ("a.yaml", b"\xff", "UTF-8 (octet 1)"),
        ("a.yaml", b"code: [", "a.yaml, ligne 2, colonne 1"),
        ("a.json", b'{"code": }', "a.json, ligne 1, colonne 10"),
        ("a.json", b"{" + b'"a":{' * 5000, "a.json"),
        ("a.yaml", b"[" * 400_000, "trop de niveaux"),
        ("a.yaml", b"x" * 600_000, "trop gros"),
        ("../../a.yaml", b"a: &x [1]\nb: *x", "a.yaml : les renvois YAML"),
        ("a.yaml", b"code: !!python/object:os.system x", "ne se lit pas"),
        ("a.yaml", b'code: "\\0"', "signe qui n"),
        ("a.yaml", b"- 1", "lignes"),
        ("a.yaml", b"amount: .nan", "ni un texte, ni un nombre"),
        ("a.yaml", b"code: ../x", "champ « code »"),
    ],
)
@pytest.mark.django_db
def test_a_hostile_file_is_told_in_french(name: str, given_content: bytes, told: str) -> None:
    with pytest.raises(ContentError) as caught:
        receive(None, None, name, given_content)
    assert told in str(caught.value).replace("\u00a0", " ")
    assert not ReceivedRecipe.objects.exists()


@pytest.mark.parametrize(
    ("policies", "told"),
    [
        ([], "de 1 à 80"),
        ([{"code": "Eau", "label": "Eau"}], "politique 1, champ « code »"),
        ([{"code": "eau", "label": "Eau"}, {"code": "eau", "label": "Air"}], "qu’une fois"),
        ([{"code": "eau", "label": "Eau", "seed": "rien"}], "champ « seed »"),
        ([3], "politique 1"),
    ],
)
def test_a_body_is_checked_by_its_kind(policies: list[object], told: str) -> None:
    assert told in SECTORS.problems({"policies": policies})[0].replace("\u00a0", " ")


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(given_content: bytes) -> None:
    with pytest.raises(ContentError):
        read_file("a.yaml", given_content)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
        st.tuples(NAMES, st.sampled_from(["", *sectors()])),
        min_size=1,
        max_size=8,
    ).filter(lambda found: len({label for label, _seed in found.values()}) == len(found))
)
def test_a_list_goes_round_through_its_file(policies: dict[str, tuple[str, str]]) -> None:
    rows = [{"code": code, "label": label, "seed": seed} for code, (label, seed) in policies.items()]
    recipe = changed(recipes()[CODE], *rows)
    back = recipe_of(yaml.safe_load(content(recipe)), "x")
    assert back == recipe
    assert [code for code, _said in read_sectors(back.body)] == list(policies)


@pytest.mark.django_db
def test_the_command_line(tmp_path: Path) -> None:
    AuthorityFactory(slug="ici", kind="departement")
    run = CliRunner().invoke
    path = tmp_path / "recette.yaml"
    made = run(app, ["adopt", CODE, "--authority", "ici", "--json"])
    assert json.loads(made.stdout)["code"] == CODE
    assert run(app, ["adopt", CODE, "--authority", "ici"]).exit_code == 1
    assert run(app, ["adopt", "inconnue", "--authority", "ici"]).exit_code == 1
    assert run(app, ["diff", CODE, "--authority", "ailleurs"]).exit_code == 1
    assert json.loads(run(app, ["diff", CODE, "--authority", "ici", "--json"]).stdout)["differences"] == []
    asked = [
        "export",
        "sectors",
        "--authority",
        "ici",
        "--summary",
        "Une liste.",
        "--year",
        "2026",
        "-o",
        str(path),
    ]
    assert run(app, asked).exit_code == 0
    assert json.loads(run(app, ["import", str(path), "--json"]).stdout)["new"] is True
    assert json.loads(run(app, ["import", str(path), "--json"]).stdout)["new"] is False
    assert run(app, ["import", str(tmp_path / "rien.yaml")]).exit_code == 1
