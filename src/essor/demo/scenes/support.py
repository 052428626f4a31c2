"""Local supporters that the agent keeps (invented), and what project holders asked."""

from datetime import timedelta

from django.db import transaction

from essor.demo.scenes.cast import Cast
from essor.kernel.periods import today
from essor.kernel.questions import versions
from essor.kernel.questions.definition import CHOICE, TEXT, Choice, Question
from essor.kernel.questions.editing import add
from essor.kit.actions_support import Described, add_supporter
from essor.kit.enums_support import Axis, Profile, Role, Stage, Theme
from essor.kit.models import Supporter
from essor.kit.orientation_form import package_form
from essor.kit.rules_orientation_form import with_private_texts
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

# The two questions that the département adds, and what is answered.
RADIUS = (
    ("commune", "Ma commune"),
    ("canton", "Quelques communes autour"),
    ("departement", "Tout le département"),
)
TOLD = (
    "Une cuisine aux normes pour deux matinées par semaine.",
    "Un conseil sur le bail avant de signer.",
    "Trouver deux autres associations pour partager un poste.",
)


def _own_questions(cast: Cast) -> None:
    draft = versions.open_draft(package_form(), cast.department.pk)
    section = package_form().sections[0].code
    choices = tuple(Choice(code, label) for code, label in RADIUS)
    form = add(draft.form(), section, Question("rayon", CHOICE, "Jusqu’où irez-vous ?", choices=choices))
    form = add(
        form,
        section,
        Question(
            "besoin_libre",
            TEXT,
            "Qu’est-ce qui vous débloquerait ?",
            "Une phrase suffit. Lue par les agents du Département seulement.",
        ),
    )
    changed = versions.change_draft(draft, with_private_texts(form), draft.revision)
    versions.publish(changed, cast.agent.pk)


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
        _own_questions(cast)
        for number, (stage, needs, profile, theme, employs) in enumerate(ASKED):
            said = {
                "stage": str(stage),
                "needs": [str(need) for need in needs],
                "profile": str(profile),
                "theme": str(theme),
                "employs": employs,
                "rayon": RADIUS[number % len(RADIUS)][0],
                "besoin_libre": TOLD[number % len(TOLD)],
            }
            ask(f"demonstration-{number:08}", said, cast.department, cast.department.territory)
