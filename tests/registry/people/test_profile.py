"""The profile: who writes it, what the page says, what an edition leaves alone, what is shown as a conflict."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from essor.kernel.models import AuditEntry
from essor.registry import actions_profile as actions
from essor.registry import profiles
from essor.registry.changes import organisations_changed
from essor.registry.models import OrganisationFacts, ProfileEntry
from tests.people_factories import EntryFactory
from tests.registry.people.conftest import Scene, signed_in
from tests.registry.test_views_list import text_of

pytestmark = pytest.mark.django_db
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)


def page(client: Client, scene: Scene) -> str:
    return text_of(client.get(f"/registre/{scene.organisation.pk}/"))


def form(scene: Scene, **values: str) -> dict[str, str]:
    entries = profiles.entries_of(scene.organisation.pk)
    return {
        **{field: entry.value for field, entry in entries.items()},
        "seen": str(max((entry.pk for entry in entries.values()), default=0)),
        **values,
    }


def test_a_member_describes_and_everybody_reads(client: Client, scene: Scene) -> None:
    heard: list[frozenset[int] | None] = []
    listen = lambda sender, ids, **_: heard.append(ids)  # noqa: E731
    organisations_changed.connect(listen)
    address = f"/registre/{scene.organisation.pk}/profil/"
    sent = form(
        scene, description="Nous logeons <b>des gens</b>.", offer="Chambres", keywords="logement, foyer",
        phone="0561000000", email="contact@foyer.example", website="foyer.example", hours="Lundi\nMardi",
        links="https://reseau.example/foyer", languages="Occitan",
    )  # fmt: skip
    try:
        assert signed_in(scene.member).post(address, sent).status_code == 302
    finally:
        organisations_changed.disconnect(listen)

    said = page(client, scene)
    for words in (
        "Nous logeons <b>des gens</b>.", "Chambres", "logement", "05 61 00 00 00", "contact@foyer.example",
        "Occitan", "reseau.example", "Dit par l’organisation, le", "Aller sur foyer.example",
    ):  # fmt: skip
        assert words in said, words
    assert heard == [frozenset({scene.organisation.pk})]
    assert profiles.search_text([scene.organisation.pk]) == {
        scene.organisation.pk: "Nous logeons <b>des gens</b>.\nChambres\nlogement, foyer"
    }
    sentence = AuditEntry.objects.get(code="registry.profile.written")
    assert sentence.data["fields"].startswith("présentation")
    assert OrganisationFacts.objects.get(pk=scene.facts.pk).website == "www.foyer-du-lac.example"


def test_an_agent_of_the_territory_writes_in_its_authority_s_name(client: Client, scene: Scene) -> None:
    actions.write_profile(scene.agent, scene.organisation, {"description": "Un foyer."})
    assert "Dit par Département d’ici, le" in page(client, scene)
    for other in (scene.stranger, scene.person):
        with pytest.raises(PermissionDenied):
            actions.write_profile(other, scene.organisation, {"description": "Faux"})


def test_a_preview_keeps_nothing(scene: Scene) -> None:
    client = signed_in(scene.member)
    address = f"/registre/{scene.organisation.pk}/profil/"
    shown = client.post(address, form(scene, description="Essai d’aperçu", preview="1"))
    assert "Aperçu, rien n’est encore publié Essai d’aperçu" in text_of(shown)
    assert not ProfileEntry.objects.exists()


def test_a_preview_says_what_would_be_refused(scene: Scene) -> None:
    address = f"/registre/{scene.organisation.pk}/profil/"
    shown = signed_in(scene.member).post(address, form(scene, phone="12", offer="Des vélos", preview="1"))
    said = text_of(shown)
    assert "Aperçu, rien n’est encore publié Des vélos" in said.replace(
        "Ce que l’organisation vend ou propose Des", "Des"
    )
    assert list(shown.context["form"].errors) == ["phone"]


def test_a_change_keeps_the_former_text_with_its_dates(scene: Scene) -> None:
    actions.write_profile(scene.member, scene.organisation, {"needs": "Un local", "offer": "Tout"})
    actions.write_profile(scene.member, scene.organisation, {"needs": "Deux locaux", "offer": ""})
    history = profiles.history_of(scene.organisation, "needs")
    assert [(row.value, row.replaced_at is None) for row in history] == [
        ("Deux locaux", True),
        ("Un local", False),
    ]
    assert list(profiles.entries_of(scene.organisation.pk)) == ["needs"]
    assert actions.write_profile(scene.member, scene.organisation, {"needs": "Deux locaux"}) == []


def test_what_another_person_wrote_meanwhile_is_not_lost(scene: Scene) -> None:
    stale = form(scene, needs="Un camion")
    actions.write_profile(scene.agent, scene.organisation, {"needs": "Un four", "offer": "Du pain"})
    answer = signed_in(scene.member).post(f"/registre/{scene.organisation.pk}/profil/", stale)
    assert answer.status_code == 422
    assert "Elle dit maintenant : « Un four »" in answer.content.decode()
    assert profiles.entries_of(scene.organisation.pk)["needs"].value == "Un four"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("phone", "douze", "05 61 00 00 00"),
        ("website", "javascript:alert(1)", "www.exemple.fr"),
        ("email", "pas une adresse", "adresse"),
        ("links", "a.example\nftp://b.example", "Ligne 2"),
        ("logo", "Un logo sans fichier", "Choisissez le fichier"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_remedy(
    scene: Scene, field: str, value: str, said: str
) -> None:
    answer = signed_in(scene.member).post(
        f"/registre/{scene.organisation.pk}/profil/", form(scene, **{field: value})
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ProfileEntry.objects.exists()


def test_a_logo_is_checked_described_and_public(client: Client, scene: Scene, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(ValidationError, match="Décrivez le logo"):
        actions.write_profile(scene.member, scene.organisation, {}, logo=SimpleUploadedFile("logo.png", PNG))
    wrong = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")
    with pytest.raises(ValidationError, match="ne correspond pas"):
        actions.write_profile(scene.member, scene.organisation, {"logo": "Un lac"}, logo=wrong)

    logo = SimpleUploadedFile("logo.png", PNG)
    actions.write_profile(scene.member, scene.organisation, {"logo": "Un lac"}, logo=logo)

    stored = profiles.entries_of(scene.organisation.pk)["logo"].file
    shown = client.get(f"/registre/{scene.organisation.pk}/").content.decode()
    assert f'src="/fichiers/{stored.pk}/"' in " ".join(shown.split())
    assert 'alt="Un lac"' in shown
    given = client.get(f"/fichiers/{stored.pk}/")
    assert (given.status_code, given["Content-Type"]) == (200, "image/png")
    scene.organisation.is_public = False
    scene.organisation.save()
    assert client.get(f"/fichiers/{stored.pk}/").status_code == 302  # to sign in: no longer public
    given.close()


def test_open_data_that_change_are_shown_as_a_conflict(client: Client, scene: Scene) -> None:
    actions.write_profile(scene.member, scene.organisation, {"website": "foyer.example"})
    assert "ont changé" not in page(signed_in(scene.member), scene)
    OrganisationFacts.objects.filter(pk=scene.facts.pk).update(website="www.nouveau.example")

    assert "Les données publiques ont changé" in page(signed_in(scene.member), scene)
    assert "Les données publiques ont changé" in page(signed_in(scene.agent), scene)
    public = page(client, scene)
    assert ("ont changé" in public, "Aller sur foyer.example" in public) == (False, True)

    address = f"/registre/{scene.organisation.pk}/profil/"
    assert (
        "La page dit « https://foyer.example », les données publiques disent « www.nouveau.example »"
        in text_of(signed_in(scene.member).get(address))
    )
    sent = {"field": "website", "choice": "keep"}
    assert signed_in(scene.member).post(f"{address}conflit/", sent).status_code == 302
    assert "ont changé" not in page(signed_in(scene.member), scene)
    assert "Aller sur foyer.example" in page(client, scene)

    OrganisationFacts.objects.filter(pk=scene.facts.pk).update(website="www.encore.example")
    signed_in(scene.agent).post(f"{address}conflit/", {"field": "website", "choice": "take"})
    assert "Aller sur encore.example" in page(client, scene)


def test_words_for_the_search_come_in_one_query(scene: Scene, django_assert_num_queries) -> None:
    for field in ("description", "needs", "phone"):
        EntryFactory(organisation=scene.organisation, field=field, value=field)
    other = EntryFactory(organisation__is_public=False)
    with django_assert_num_queries(1):
        found = profiles.search_text([scene.organisation.pk, other.organisation_id, 999])
    assert found == {scene.organisation.pk: "description\nneeds"}
