"""Public aids (invented): a first list, a second one a month later, and the alerts of people of the département."""

import json
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from essor.demo.scenes.cast import Cast
from essor.kernel.jobs import run_now
from essor.kernel.periods import today
from essor.kit.actions_aids import give_list
from essor.kit.alerts.actions import Wanted, save_alert
from essor.kit.enums_aids import LinkState
from essor.kit.enums_support import Axis
from essor.kit.models import Aid, Supporter, SupportMark, WebLink

SOURCE = "Exemple inventé de la démonstration"
# Name, financer, audiences, nature, theme, perimeter, days until the deadline (None: none), call.
FIRST = (
    ("Aide aux circuits courts de la Lèze", "Conseil départemental", ["Associations", "Communes"], "Subvention",
     "Alimentation", "Haute-Garonne", 25, True),
    ("Prêt des tiers-lieux ruraux", "Caisse des territoires", ["Associations", "Entreprises privées"], "Prêt",
     "Tiers-lieux", "Occitanie", None, False),
    ("Fonds pour la rénovation des logements d’insertion", "Région", ["Associations"], "Subvention",
     "Logement et habitat", "Occitanie", 60, False),
    ("Conseil aux créatrices d’entreprise", "Métropole", ["Particuliers"], "Ingénierie technique",
     "Emploi", "Haute-Garonne", None, False),
    ("Ateliers vélo des quartiers", "Métropole", ["Associations"], "Subvention", "Mobilité partagée",
     "Haute-Garonne", 6, True),
    ("Lutte contre la précarité alimentaire", "État", ["Associations", "Communes"], "Subvention",
     "Précarité", "France", 90, False),
    ("Médiation numérique des villages", "État", ["Communes", "Associations"], "Subvention", "Numérique",
     "France", None, False),
)  # fmt: skip
SECOND = (
    ("Ressourceries et réemploi : appel à projets", "Agence de la transition", ["Associations", "Communes"],
     "Subvention", "Économie circulaire", "France", 45, True),
    ("Amorçage de l’innovation sociale", "Région", ["Associations", "Entreprises privées"], "Avance récupérable",
     "Économie sociale", "Occitanie", 28, True),
    ("Énergie citoyenne : études", "Conseil départemental", ["Associations", "Communes"], "Subvention",
     "Énergies renouvelables", "Haute-Garonne", None, False),
)  # fmt: skip
GOALS = {"La Fabrique du Confluent": ("8", "11"), "Halle partagée de la Lèze": ("2", "12")}
ALERTS = (
    ("agent@haute-garonne.example.org", Wanted("Associations de Haute-Garonne", "weekly", days_30=True),
     "pour=association&lieu=departement%3A31"),
    ("agent@haute-garonne.example.org", Wanted("Appels à projets", "daily", days_7=True), "appels=oui"),
)  # fmt: skip


def _row(number: int, said: tuple[Any, ...]) -> dict[str, Any]:
    name, financer, audiences, kind, theme, perimeter, days, is_call = said
    return {
        "id": number,
        "name": name,
        "url": f"https://aides.example.org/{number}/",
        "financers": [financer],
        "targeted_audiences": audiences,
        "aid_types": [kind],
        "categories": [theme],
        "perimeter": perimeter,
        "submission_deadline": (today() + timedelta(days=days)).isoformat() if days is not None else None,
        "is_call_for_project": is_call,
        "description": f"{name} : exemple inventé, pour montrer ce qu’une liste d’aides apporte.",
    }


def _give(rows: list[dict[str, Any]], days_ago: int) -> None:
    content = ContentFile(json.dumps({"results": rows}).encode(), name="aides-de-demonstration.json")
    run_now(give_list(None, SOURCE, content, today() - timedelta(days=days_ago)))


def play() -> None:
    """Play the scene once."""
    if Aid.objects.exists():
        return
    first = [_row(number, said) for number, said in enumerate(FIRST, 1)]
    _give(first, 45)
    cast = Cast()
    with transaction.atomic():
        for email, wanted, query in ALERTS:
            save_alert(cast.person(email), wanted, query, cast.department)
    _give([*first, *(_row(number, said) for number, said in enumerate(SECOND, len(FIRST) + 1))], 8)
    _links()
    for name, goals in GOALS.items():
        for supporter in Supporter.objects.filter(name=name):
            marks = [SupportMark(supporter=supporter, axis=Axis.GOAL, code=goal) for goal in goals]
            SupportMark.objects.bulk_create(marks)


def _links() -> None:
    """What a look at the links would tell: nothing goes out in the demonstration."""
    day = today() - timedelta(days=3)
    states = {"https://aides.example.org/2/": LinkState.DEAD, "https://aides.example.org/4/": LinkState.MOVED}
    for url, state in states.items():
        moved_to = "https://aides.example.org/conseil/" if state == LinkState.MOVED else ""
        told = "HTTP 404" if state == LinkState.DEAD else "HTTP 200"
        WebLink.objects.create(url=url, state=state, told=told, moved_to=moved_to, checked_on=day)
        Aid.objects.filter(link=url).update(link_state=state, link_checked_on=day)
