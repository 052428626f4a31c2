"""After the second edition: what waits for the agents, and what they answered."""

from django.db import transaction

from essor.demo.scenes.cast import Cast, days_ago
from essor.registry.actions_claims import ask_agents, refuse_claim
from essor.registry.actions_corrections import (
    accept_correction,
    head_office,
    propose,
    refuse_correction,
    report,
)
from essor.registry.actions_privacy import accept_hiding, ask_hiding
from essor.registry.models import (
    CorrectedField,
    EstablishmentFacts,
    HidingRequest,
    OrganisationFacts,
    OrganisationMembership,
)

OTHER_ACTIVITY = "88.99B"
LARGER = {"01": "02", "02": "03", "03": "11", "11": "12"}


def play() -> None:
    """Play the scene once."""
    if HidingRequest.objects.exists():
        return
    with transaction.atomic():
        cast = Cast()
        _claims(cast)
        _corrections(cast)
        _reports(cast)
        _hidings(cast)


def _claims(cast: Cast) -> None:
    """One to examine in each of two territories, one refused."""
    asker = cast.person("demande@example.org")
    employer = cast.take(cast.of_metropolis().filter(is_employer=True), "formation", "aide à domicile")
    ask_agents(
        asker, employer, "Directeur adjoint", "La directrice m’a chargé de tenir la page.", now=days_ago(3)
    )
    refused = ask_agents(asker, cast.take(cast.free(), "crèche"), "Parent d’élève", now=days_ago(20))
    refuse_claim(
        cast.agent, cast.department, refused, "Demandez d’abord l’accord du bureau de la crèche.", now=days_ago(18)
    )  # fmt: skip
    ask_agents(
        cast.person("visite@example.org"), cast.take(cast.free(), "ressourcerie", "recyclerie"), "Trésorière",
        "Élue trésorière à l’assemblée générale de juin.", now=days_ago(6),
    )  # fmt: skip


def _corrections(cast: Cast) -> None:
    """Two that wait (size, activity), one accepted (address), one refused (name)."""
    member = cast.person("association@example.org")
    own = OrganisationMembership.objects.filter(user=member).select_related("organisation").first()
    if own is not None:
        facts = OrganisationFacts.objects.get(pk=own.organisation_id)
        propose(
            member, own.organisation, CorrectedField.SIZE, LARGER.get(facts.size_band, "12"),
            "Deux contrats signés en octobre : la déclaration sociale nominative le montre.", now=days_ago(2),
        )  # fmt: skip
    other = cast.take(
        cast.of_metropolis().exclude(naf=OTHER_ACTIVITY).filter(family="association"), "accueil"
    )
    propose(
        cast.metropolitan_agent, other, CorrectedField.ACTIVITY, OTHER_ACTIVITY,
        "L’objet des statuts : accompagnement de familles.", now=days_ago(5),
    )  # fmt: skip
    garden = cast.take(cast.free(), "jardin")
    place = head_office(garden)
    code = EstablishmentFacts.objects.get(establishment=place).postal_code if place else "31000"
    moved = propose(
        cast.agent, garden, CorrectedField.ADDRESS, f"4 chemin des Lucioles, {code}",
        "Nouvelle adresse sur le bulletin municipal.", now=days_ago(9),
    )  # fmt: skip
    accept_correction(cast.agent, cast.department, moved, "Vérifié auprès de l’association.", now=days_ago(8))
    renamed = propose(
        cast.agent, cast.take(cast.free(), "cinéma", "compagnie"), CorrectedField.NAME, "Les Tréteaux d’Automne",
        "C’est écrit ainsi sur l’affiche.", now=days_ago(15),
    )  # fmt: skip
    refuse_correction(
        cast.agent, cast.department, renamed, "L’affiche porte le nom du festival, pas celui de l’association.",
        now=days_ago(13),
    )  # fmt: skip


def _reports(cast: Cast) -> None:
    """What a visitor without account says."""
    report(
        cast.take(cast.of_metropolis(), "café", "boutique"), CorrectedField.ADDRESS,
        "Le local est vide depuis l’été : une affiche dit que l’association est partie deux rues plus loin.",
        "passante@example.org", now=days_ago(1),
    )  # fmt: skip


def _hidings(cast: Cast) -> None:
    """An address that is a home, hidden; a request to examine."""
    at_home = ask_hiding(
        cast.take(cast.free().filter(is_employer=False), "atelier"), HidingRequest.Scope.ADDRESS,
        "Le siège est au domicile de la présidente, qui demande que son adresse ne soit plus publiée.",
        "presidente@example.org", now=days_ago(25),
    )  # fmt: skip
    accept_hiding(
        cast.agent, cast.department, at_home, "Adresse d’un domicile (RGPD, article 21).", now=days_ago(24)
    )
    ask_hiding(
        cast.take(cast.of_metropolis().filter(is_employer=False), "refuge", "accueil"), HidingRequest.Scope.WHOLE,
        "L’association héberge des personnes menacées : sa localisation les met en danger.",
        "coordination@example.org", now=days_ago(2),
    )  # fmt: skip
