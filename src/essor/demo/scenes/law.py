"""What the rulebook holds: a value added here, which no text of law holds, and two answers that agents keep."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from essor.accounts.models import Authority, User
from essor.demo.scenes.cast import Cast
from essor.law import parameters as law
from essor.law.certainty import Certainty
from essor.rulebook.actions_notes import Kept, keep_note
from essor.rulebook.actions_values import Draft, add_value
from essor.rulebook.asking import answer_of
from essor.rulebook.catalogue import catalogue
from essor.rulebook.models import LocalLegalValue, Note

PARAMETER = "local.demonstration.trois_devis"
PREMISES = "Démonstration : aide au loyer d’une ressourcerie"
STUDY = "Démonstration : étude de filière à 50 000 €"


def play() -> None:
    """Play the scene once."""
    cast = Cast()
    with transaction.atomic():
        if not LocalLegalValue.objects.filter(parameter=PARAMETER).exists():
            _value(cast.person("administration@essor.example.org"))
        if not Note.objects.filter(title__in=(PREMISES, STUDY)).exists():
            _notes(cast)


def _value(administrator: User) -> None:
    """A parameter of its own: the rules of the demonstration keep the values of the law."""
    draft = Draft(
        parameter=PARAMETER,
        start=date(2026, 1, 1),
        value=Decimal(4000),
        unit="currency-EUR",
        description="Démonstration : achat à partir duquel la collectivité demande trois devis (hors taxes)",
        reference="Délibération inventée pour la démonstration",
        certainty=Certainty.SEEN,
        reason="Montrer une valeur ajoutée ici.",
        note="Exemple inventé : aucune collectivité ne l’a décidé.",
    )
    add_value(administrator, draft)


def _notes(cast: Cast) -> None:
    """One of the métropole on the law of September 2026, one of the département on that of March."""
    premises = {
        "level": "metropole", "domain": "environment", "support": "business_premises", "on": "2026-09-15",
    }  # fmt: skip
    _keep(cast.metropolitan_agent, cast.metropolis, "competence", premises, Kept(PREMISES, "DEMO-2026-12"))
    study = {"nature": "services", "amount": 50000, "on": "2026-03-15"}
    _keep(cast.agent, cast.department, "procurement_threshold", study, Kept(STUDY, "DEMO-2026-31"))


def _keep(author: User, authority: Authority, rule: str, given: dict[str, Any], kept: Kept) -> None:
    with law.in_local_scope():
        keep_note(author, authority, answer_of(catalogue()[rule], given), kept)
