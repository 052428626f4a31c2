"""The page of an organisation: identity, why, establishments, what changed, who sees what."""

from datetime import date

import pytest
from django.test import Client

from essor.kernel.lever import Lever, Panel
from essor.registry import views_organisation
from essor.registry.models import OrganisationFacts
from tests.factories import (
    AuthorityFactory,
    EditionFactory,
    MembershipFactory,
    OrganisationFactory,
    TerritoryFactory,
)
from tests.registry.test_views_list import text_of
from tests.registry_factories import ChangeFactory, FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db


def page(client: Client, facts: OrganisationFacts) -> str:
    return text_of(client.get(f"/registre/{facts.pk}/"))


def test_identity_is_said_in_words(client: Client) -> None:
    edition_in_force()
    facts = FactsFactory(
        name="Foyer du Lac",
        acronym="FDL",
        siren="123456782",
        naf="88.99B",
        size_band="03",
        size_year=2024,
        purpose="Accueillir",
        website="www.foyer.example",
        created_on=date(2001, 3, 1),
    )
    facts.organisation.identifiers.create(scheme="rna", value="W312000123")

    said = page(client, facts)

    for words in (
        "Foyer du Lac",
        "FDL",
        "SIREN 123 456 782",
        "W312000123",
        "Association déclarée",
        "(88.99B)",
        "1er mars 2001",
        "6 à 9 salariés (2024)",
        "Accueillir",
        "Aller sur foyer.example",
    ):
        assert words in said, words


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://x", "//evil.example/a b", "ftp://a.example"]
)
def test_an_unsafe_website_is_not_linked(client: Client, address: str) -> None:
    edition_in_force()
    facts = FactsFactory(website=address)

    assert "Aller sur" not in page(client, facts)


def test_each_condition_says_state_source_date_and_reference(client: Client) -> None:
    edition_in_force()
    facts = FactsFactory(
        conditions=[
            {"code": "legal_form", "state": "met", "source": "sirene", "value": "9220"},
            {"code": "activity", "state": "met", "source": "sirene"},
            {"code": "ess_flag", "state": "not_met", "source": "sirene", "value": "N"},
            {"code": "ess_list", "state": "met", "source": "ess_list"},
        ]
    )

    said = page(client, facts)

    for words in (
        "Pourquoi elle est de l’ESS",
        "ESS par statut.",
        "Remplie Forme juridique",
        "Source : Sirene (Insee), 1er novembre 2026",
        "Loi n° 2014-856 du 31 juillet 2014",
        "Source : Liste des entreprises de l’ESS (ESS France), 28 octobre 2026",
        "L’organisation figure sur la liste d’ESS France.",
        "à vérifier",
        "périmètre « 2026-11 »",
    ):
        assert words in said, words


def test_the_edition_prevails_over_what_the_rules_would_say_today(client: Client) -> None:
    edition_in_force()
    facts = FactsFactory(to_check=True, family="")

    said = page(client, facts)

    assert "Pourquoi elle est à vérifier" in said
    assert "Les sources ne suffisent pas pour conclure" in said


def test_establishments_say_where_they_are_and_how_sure(client: Client) -> None:
    edition_in_force()
    facts = FactsFactory()
    commune = TerritoryFactory(name="Auterive", code="31033")
    PlaceFactory(
        organisation=facts.organisation,
        siret="12345678200017",
        commune=commune,
        postal_code="31190",
        longitude=1.4,
        latitude=43.3,
        position_quality="street",
        qpv=[
            {"generation": 2015, "code": "QP031001", "relation": "in", "certainty": "sure", "distance": 0},
            {
                "generation": 2024,
                "code": "QN03101A",
                "relation": "near",
                "certainty": "uncertain",
                "distance": 200,
            },
        ],
    )
    PlaceFactory(organisation=facts.organisation, name="Fermé", present=False)

    said = page(client, facts)

    assert "1 établissement" in said
    assert "3 RUE DES LILAS, 31190 Auterive" in said
    assert "SIRET 123 456 782 00017" in said
    assert "position connue à la rue" in said
    assert "Dans le quartier prioritaire QP031001 (périmètre de 2015) À moins de 300 m" in said
    assert "QN03101A (périmètre de 2024) à vérifier" in said
    assert "Fermé" not in said


def test_many_establishments_are_folded(client: Client) -> None:
    edition_in_force()
    facts = FactsFactory()
    for _each in range(33):
        PlaceFactory(organisation=facts.organisation)

    assert "Voir les 3 autres établissements" in page(client, facts)
    assert "autres établissements" not in text_of(client.get(f"/registre/{facts.pk}/?etablissements=tous"))


def test_tags_say_their_source_and_their_end(client: Client) -> None:
    edition_in_force()
    facts = FactsFactory()
    facts.organisation.tags.create(code="esus", source="esus", until=date(2020, 1, 1))
    facts.organisation.tags.create(code="aci", source="siae", since=date(2024, 5, 1))

    said = page(client, facts)

    assert "Esus terminée le 1er janvier 2020 · Liste des entreprises agréées Esus" in said
    assert (
        "Atelier et chantier d’insertion depuis le 1er mai 2024 · Annuaire des structures de l’insertion"
        in said
    )


def test_what_editions_changed_is_told(client: Client) -> None:
    edition = edition_in_force()
    old, new = TerritoryFactory(name="Muret"), TerritoryFactory(name="Auterive")
    facts = FactsFactory()
    ChangeFactory(organisation=facts.organisation, edition=edition)
    ChangeFactory(
        organisation=facts.organisation, edition=edition, field="commune_id", before=old.pk, after=new.pk
    )
    ChangeFactory(
        organisation=facts.organisation,
        edition=EditionFactory(day=date(2026, 5, 1)),
        field="presence",
        before="",
        after="present",
    )

    said = page(client, facts)

    assert (
        "1er novembre 2026 Édition du 1er novembre 2026 Effectif : de 1 ou 2 vers 3 à 5 salariés "
        "Commune : de « Muret » à « Auterive »" in said
    )
    assert "1er mai 2026 Édition du 1er mai 2026 Entrée dans le registre" in said


def test_the_history_says_each_thing_in_words(client: Client) -> None:
    edition = edition_in_force()
    commune = TerritoryFactory(name="Auterive")
    facts = FactsFactory()
    PlaceFactory(organisation=facts.organisation, siret="12345678200017", commune=commune)
    siret = {"subject": "12345678200017", "commune": commune}
    for values in (
        {"field": "name", "before": "Amicale", "after": "Club"},
        {"field": "legal_category", "before": "9220", "after": "5458"},
        {"field": "naf", "before": "93.12Z", "after": ""},
        {"field": "size_band", "before": "NN", "after": "01"},
        {"field": "presence", "before": "left", "after": "present"},
        {"field": "presence", "before": "present", "after": "closed"},
        {**siret, "field": "presence", "before": "", "after": "present"},
        {**siret, "field": "is_head_office", "before": "false", "after": "true"},
        {**siret, "field": "address", "before": "1 rue", "after": "2 rue"},
        {"subject": "12345678200025", "field": "presence", "before": "present", "after": ""},
        {"subject": "12345678200033", "field": "address", "before": "secret", "after": "secret aussi"},
    ):
        ChangeFactory(organisation=facts.organisation, edition=edition, **values)

    said = page(client, facts)

    for words in (
        "Nom : de « Amicale » à « Club »",
        "Forme juridique : de « Association déclarée » à «",
        "Activité principale : « Activités de clubs de sports » n’est plus renseigné",
        "Effectif : aucun salarié ou effectif inconnu, puis 1 ou 2 salariés",
        "Retour dans le registre",
        "Sortie du registre : Sirene la dit fermée",
        "Nouvel établissement : Auterive (SIRET 123 456 782 00017)",
        "L’établissement 123 456 782 00017 devient le siège",
        "Adresse de l’établissement 123 456 782 00017 : de « 1 rue » à « 2 rue »",
        "Un établissement n’est plus dans le registre",
    ):
        assert words in said, words
    assert "secret" not in said
    assert "12345678200025" not in said.replace(" ", "")


def test_an_esus_agreement_that_ended_since_the_edition_is_told_as_ended(client: Client) -> None:
    edition_in_force(day=date(2026, 1, 1))
    facts = FactsFactory()
    facts.organisation.tags.create(code="esus", source="esus", until=date(2026, 6, 1))

    said = page(client, facts)

    assert "Non remplie Entreprise solidaire d’utilité sociale (Esus)" in said
    assert "L’agrément a pris fin le 1er juin 2026." in said


def test_the_history_costs_the_same_whatever_its_length(
    client: Client, django_assert_max_num_queries
) -> None:
    edition = edition_in_force()
    facts = FactsFactory()
    for number in range(30):
        commune = TerritoryFactory()
        ChangeFactory(
            organisation=facts.organisation,
            edition=edition,
            field="presence",
            subject=f"{number:014}",
            before="present",
            after="",
            commune=commune,
        )
    page(client, facts)  # what is cached once
    with django_assert_max_num_queries(20):
        page(client, facts)


def test_an_unknown_or_hidden_organisation_is_not_found(client: Client, admin_client: Client) -> None:
    edition_in_force()
    hidden = FactsFactory(organisation=OrganisationFactory(is_public=False))
    bare = OrganisationFactory()

    for pk in (hidden.pk, bare.pk, 999_999):
        assert client.get(f"/registre/{pk}/").status_code == 404
        assert admin_client.get(f"/registre/{pk}/").status_code == 404


def test_a_gone_organisation_tells_its_history_to_the_authorities_that_hold_it(
    client: Client, agent_client: Client, admin_client: Client
) -> None:
    edition = edition_in_force()
    here = TerritoryFactory()
    facts = FactsFactory(name="Partie", present=False, commune=here)
    ChangeFactory(
        organisation=facts.organisation, edition=edition, field="presence", before="present", after=""
    )
    mine = Client()
    mine.force_login(MembershipFactory(agent=True, authority=AuthorityFactory(territory=here)).user)

    for stranger in (client, agent_client):  # an agent of another territory reads what a visitor reads
        answer = stranger.get(f"/registre/{facts.pk}/")
        assert answer.status_code == 404
        said = answer.content.decode()
        assert "n’est plus dans l’édition en vigueur" in said
        assert ("Sortie du registre" in said, "Partie" in said) == (False, False)
    for reader in (mine, admin_client):
        assert "Sortie du registre" in page(reader, facts)


def test_panels_of_levers_are_shown_to_those_who_may_see_them(
    client: Client, agent_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from essor.registry.access import everyone, reads_history

    template = "kernel/components/alert.html"
    panels = [
        Panel("Aides", template, everyone, lambda request, pk: {"text": f"aide {pk}"}),
        Panel("Notes", template, reads_history, lambda request, pk: {"text": "note interne"}),
        Panel("Vide", template, everyone, lambda request, pk: None),
    ]
    monkeypatch.setattr(views_organisation, "levers", lambda: [Lever("essai", "Essai", panels=panels)])
    edition_in_force()
    facts = FactsFactory()

    public = page(client, facts)
    assert (f"aide {facts.pk}" in public, "note interne" in public, "Vide" in public) == (True, False, False)
    assert "note interne" in page(agent_client, facts)


def test_reporting_an_error_says_what_to_do(client: Client) -> None:
    edition_in_force()
    facts = FactsFactory(name="Foyer du Lac", siren="123456782")

    said = text_of(client.get(f"/registre/{facts.pk}/signaler/"))

    assert "À propos de : Foyer du Lac" in said
    assert "123 456 782" in said


def test_the_number_of_queries_does_not_grow_with_establishments(
    client: Client, django_assert_max_num_queries
) -> None:
    edition_in_force()
    facts = FactsFactory()
    for _each in range(20):
        PlaceFactory(
            organisation=facts.organisation,
            commune=TerritoryFactory(),
            qpv=[{"generation": 2015, "code": "QP031001", "relation": "in", "certainty": "sure"}],
        )

    with django_assert_max_num_queries(14):
        client.get(f"/registre/{facts.pk}/")
