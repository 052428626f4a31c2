"""The self-diagnosis of the département: one agreed a year ago, one under way with gaps, medians invented elsewhere."""

import json
from datetime import timedelta
from typing import Any

from django.db import transaction

from essor.demo.scenes.cast import Cast, days_ago
from essor.kernel.periods import today
from essor.kernel.questions import responses
from essor.kit.diagnosis.actions import Invited, Opening, invite, join_by_link, open_campaign, share
from essor.kit.diagnosis.actions_agree import Agreement, agree, finish
from essor.kit.diagnosis.enums import Role
from essor.kit.diagnosis.grid import grid
from essor.kit.diagnosis.models import Campaign
from essor.kit.diagnosis.others import FORMAT, KIND, load
from essor.kit.diagnosis.questionnaire import AMBITION, OTHER, PROOF, STEP, UNKNOWN

SOURCE = "Collectivités de démonstration"
# What the département saw a year ago, by lever.
BEFORE = {
    "portage": 3, "pilotage": 2, "formation": 1, "observation": 2, "visibilite": 2, "achats": 3, "clauses": 3,
    "fournisseurs": 1, "alimentation": 3, "reemploi": 2, "numerique": 3, "habitat": 2, "accompagnement": 2,
    "animation": 3, "vie_locale": 2, "instance": 1, "citoyens": 2, "evaluation": 1, "accords": 2, "communes": 3,
    "quartiers": 2, "aides": 3, "scic_ptce": 2, "locaux": 2, "solidarites": 3, "fonds_europeens": 1,
    "cooperations": 1, "innovation": 3, "finance": 1, "entreprises": 1,
}  # fmt: skip
# What moved since, and where elected members, agents and partners do not see the same thing.
MOVED = {
    "formation": 1,
    "observation": 2,
    "clauses": 1,
    "instance": 1,
    "accords": 1,
    "scic_ptce": 1,
    "locaux": 1,
}
SEEN: dict[str, dict[str, int]] = {
    Role.ELECTED: {"instance": 1, "achats": 1, "evaluation": 2, "aides": 1},
    Role.AGENT: {"achats": -1, "aides": 1},
    Role.PARTNER: {"instance": -1, "aides": -1, "fournisseurs": 1, "locaux": -1},
}
PEOPLE = (Role.ELECTED,) * 3 + (Role.AGENT,) * 5 + (Role.PARTNER,) * 4
PROOFS = {
    "observation": "Registre relu avec les services au printemps, chiffres par canton dans le rapport d’orientation.",
    "instance": "Une réunion en mars, sans compte rendu diffusé.",
    "clauses": "Bilan des heures présenté en commission.",
    "locaux": "Ancien collège confié à une association, convention signée.",
}
OWN_STEPS = {
    "instance": "Écrire qui siège, et répondre aux douze propositions de mars",
    "aides": "Un seul dossier pour culture et insertion",
}
AGREED = {
    "portage": (3, 4, "La délégation est claire ; il manque un rapport annuel.", "Délégation à l’ESS", 150),
    "observation": (4, 5, "Les chiffres par canton ont servi au budget.", "Service ESS", 210),
    "clauses": (4, 4, "", "Commande publique", 120),
    "instance": (2, 4, "Les élus y voient une instance, les partenaires une réunion : on dit 2.", "Service ESS", 90),
    "achats": (3, 4, "Le guide existe, tous les services ne l’ouvrent pas.", "Commande publique", 180),
    "locaux": (3, 4, "", "Service ESS", 240),
}  # fmt: skip


def play() -> None:
    """Play the scene once."""
    if Campaign.objects.exists():
        return
    with transaction.atomic():
        cast = Cast()
        _medians()
        _year_ago(cast)
        _under_way(cast)


def _medians() -> None:
    """Medians as the file of another installation would bring them, marked as invented."""
    medians = {
        code: {"median": str(min(5, max(1, BEFORE[code] + (rank % 3) - 1))), "authorities": 5 + rank % 4}
        for rank, code in enumerate(grid().levers)
    }
    told = {
        "kind": KIND,
        "format": FORMAT,
        "source": SOURCE,
        "made_on": (today() - timedelta(days=40)).isoformat(),
        "demo": True,
        "medians": medians,
    }
    load(json.dumps(told), "demonstration.json")


def _year_ago(cast: Cast) -> None:
    day, met = today() - timedelta(days=400), days_ago(350)
    asked = Opening(f"Où en étions-nous en {day.year} ?", day + timedelta(days=30), list(grid().levers))
    campaign = open_campaign(cast.agent, cast.department, asked, day, now=days_ago(400))
    for code, stage in BEFORE.items():
        said = Agreement(stage, min(5, stage + 1), step=grid().levers[code].step_from(stage).do)
        agree(cast.agent, campaign, code, said, now=met)
    finish(cast.agent, campaign, day + timedelta(days=50), now=met)
    share(cast.agent, cast.department, day + timedelta(days=50))


def _under_way(cast: Cast) -> None:
    day = today() - timedelta(days=20)
    left = {"habitat": "Traité dans le plan départemental de l’habitat, révisé l’an prochain"}
    kept = [code for code in grid().levers if code not in left]
    asked = Opening(f"Où en sommes-nous en {day.year} ?", today() + timedelta(days=10), kept, left)
    campaign = open_campaign(cast.agent, cast.department, asked, day, now=days_ago(20))
    for number, role in enumerate(PEOPLE):
        _answers(campaign, number, role, day)
    team = [
        (cast.person("elue@haute-garonne.example.org"), str(Role.ELECTED)),
        (cast.person("responsable@haute-garonne.example.org"), str(Role.AGENT)),
    ]
    outsiders = [("reseau@example.org", str(Role.PARTNER)), ("incubateur@example.org", str(Role.PARTNER))]
    invite(cast.agent, campaign, Invited(team, outsiders), day)
    for code, (stage, ambition, note, who, days) in AGREED.items():
        step = OWN_STEPS.get(code) or grid().levers[code].step_from(stage).do
        agree(
            cast.agent,
            campaign,
            code,
            Agreement(stage, ambition, note, step, who, today() + timedelta(days=days)),
        )


def _answers(campaign: Campaign, number: int, role: str, day: Any) -> None:
    """What one person says: near what their role sees; every fourth does not know some levers."""
    values: dict[str, str] = {}
    for rank, code in enumerate(campaign.levers):
        if (rank + number) % 11 == 0:
            values[code] = UNKNOWN
            continue
        wobble = 1 if (rank * 7 + number * 5) % 9 == 0 else 0
        stage = BEFORE[code] + MOVED.get(code, 0) + SEEN[role].get(code, 0) + wobble
        stage = min(5, max(1, stage))
        values[code] = str(stage)
        values[f"{code}_{AMBITION}"] = str(min(5, max(stage, BEFORE[code] + 1 + rank % 3)))
        if (rank + number) % 3 == 0:
            values[f"{code}_{STEP}"] = str(stage)
        if number == 4 and code in PROOFS:
            values[f"{code}_{PROOF}"] = PROOFS[code]
        if number == 9 and code in OWN_STEPS:
            values[f"{code}_{OTHER}"] = OWN_STEPS[code]
    respondent = join_by_link(campaign, role, day)
    response = respondent.response
    if response is None:
        return
    saved = responses.save(response, "porter", values, response.revision)
    if number % 3:
        responses.submit(saved, saved.revision)
