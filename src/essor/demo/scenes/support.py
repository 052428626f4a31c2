"""Local supporters that the agent keeps (invented), and what project holders asked."""

from datetime import timedelta

from django.db import transaction

from essor.demo.scenes.cast import Cast
from essor.kernel.periods import today
from essor.kit.actions_support import Described, add_supporter
from essor.kit.enums_support import Axis, Profile, Role, Stage, Theme
from essor.kit.models import Supporter
from essor.kit.support_orientation import ask

SOURCE = "Exemple inventé de la démonstration"
# Name, what it brings, documents, roles, stages, profiles, themes.
LOCAL = (
    ("La Fabrique du Confluent", "Incubateur : six mois pour passer d’une idée à une première activité.",
     "Note de projet\nÉquipe", [Role.INCUBATE], [Stage.IDEA, Stage.EMERGENCE], [], []),
    ("Club d’épargne des Coteaux", "Une quinzaine de personnes qui prêtent à des projets du département.",
     "Plan de financement", [Role.FINANCE], [Stage.LAUNCH, Stage.GROWTH], [], []),
    ("Halle partagée de la Lèze", "Ateliers et bureaux à loyer modéré pour transformer et vendre des produits locaux.",
     "Surface et usage souhaités", [Role.HOUSE], [Stage.LAUNCH, Stage.GROWTH], [], [Theme.FOOD, Theme.CIRCULAR]),
)  # fmt: skip
ASKED = (
    (Stage.IDEA, [Role.INFORM, Role.INCUBATE], Profile.INHABITANT, Theme.LOCAL, False),
    (Stage.LAUNCH, [Role.FINANCE, Role.HOUSE], Profile.ASSOCIATION, Theme.MOBILITY, False),
    (Stage.LAUNCH, [Role.HOUSE], Profile.COOPERATIVE, Theme.FOOD, True),
    (Stage.DIFFICULTY, [Role.HOUSE, Role.ADVISE], Profile.ASSOCIATION, Theme.SOCIAL, True),
    (Stage.SCALE, [Role.FINANCE], Profile.COMPANY, Theme.CIRCULAR, True),
)


def play() -> None:
    """Play the scene once."""
    if Supporter.objects.filter(authority__isnull=False).exists():
        return
    with transaction.atomic():
        cast = Cast()
        for name, offer, documents, roles, stages, profiles, themes in LOCAL:
            values = {
                "name": name,
                "offer": offer,
                "documents": documents,
                "territory": cast.department.territory,
                "source": SOURCE,
                "source_day": today() - timedelta(days=20),
            }
            marks = {Axis.ROLE: roles, Axis.STAGE: stages, Axis.PROFILE: profiles, Axis.THEME: themes}
            add_supporter(cast.agent, cast.department, Described(values, marks))
        for number, (stage, needs, profile, theme, employs) in enumerate(ASKED):
            said = {
                "stage": str(stage),
                "needs": [str(need) for need in needs],
                "profile": str(profile),
                "theme": str(theme),
                "employs": employs,
            }
            ask(f"demonstration-{number:08}", said, cast.department, cast.department.territory)
