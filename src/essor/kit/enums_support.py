"""How support is described: what a supporter does, for whom, at which stage of a project, on which theme."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from essor.kernel import goals


class Role(models.TextChoices):
    """What a supporter does; the order is the one in which a project meets them."""

    INFORM = "inform", _("Informer et orienter")
    INCUBATE = "incubate", _("Faire naître et incuber")
    ADVISE = "advise", _("Conseiller et accompagner")
    FINANCE = "finance", _("Financer")
    HOUSE = "house", _("Héberger")


class Stage(models.TextChoices):
    """Where a project stands."""

    IDEA = "idea", _("Idée")
    EMERGENCE = "emergence", _("Émergence")
    LAUNCH = "launch", _("Lancement")
    GROWTH = "growth", _("Croissance")
    SCALE = "scale", _("Changement d’échelle")
    DIFFICULTY = "difficulty", _("Difficulté")


class Profile(models.TextChoices):
    """Who carries the project."""

    INHABITANT = "inhabitant", _("Habitante, habitant ou collectif")
    JOBSEEKER = "jobseeker", _("Personne en recherche d’emploi")
    YOUTH = "youth", _("Jeune de moins de 30 ans")
    ASSOCIATION = "association", _("Association")
    COOPERATIVE = "cooperative", _("Coopérative")
    COMPANY = "company", _("Entreprise commerciale de l’ESS")
    INSERTION = "insertion", _("Structure d’insertion ou du handicap")
    TAKEOVER = "takeover", _("Salariées et salariés qui reprennent leur entreprise")
    AUTHORITY = "authority", _("Collectivité")


class Theme(models.TextChoices):
    """The policies of the guides to which a project belongs."""

    SOCIAL = "social", _("Action sociale")
    AGEING = "ageing", _("Autonomie et grand âge")
    CHILDHOOD = "childhood", _("Enfance et famille")
    INSERTION = "insertion", _("Insertion et emploi")
    HOUSING = "housing", _("Habitat")
    MOBILITY = "mobility", _("Mobilité")
    ENERGY = "energy", _("Énergie")
    FOOD = "food", _("Agriculture et alimentation")
    TOURISM = "tourism", _("Tourisme")
    CULTURE = "culture", _("Culture, sport, jeunesse")
    DIGITAL = "digital", _("Numérique")
    CIRCULAR = "circular", _("Économie circulaire")
    COOPERATION = "cooperation", _("Coopération entre acteurs")
    BUYING = "buying", _("Commande publique")
    LOCAL = "local", _("Développement local et tiers-lieux")


class Axis(models.TextChoices):
    """What the marks of a supporter describe. Without mark of profile or theme, a supporter serves all of them; without
    goal, nobody has told which it serves.
    """

    ROLE = "role", _("Ce qu’il fait")
    STAGE = "stage", _("Moment du projet")
    PROFILE = "profile", _("Pour qui")
    THEME = "theme", _("Thème")
    GOAL = "goal", _("Objectif de développement durable")


# The choices of the axis of goals: their numbers, as codes.
Goal = models.TextChoices("Goal", {f"G{goal}": (str(goal), goals.title(goal)) for goal in goals.GOALS})

CHOICES: dict[str, type[models.TextChoices]] = {
    Axis.ROLE: Role,
    Axis.STAGE: Stage,
    Axis.PROFILE: Profile,
    Axis.THEME: Theme,
    Axis.GOAL: Goal,
}

# The words of the address of the list, in French.
PARAMETERS: dict[str, str] = {
    Axis.ROLE: "role",
    Axis.STAGE: "etape",
    Axis.PROFILE: "profil",
    Axis.THEME: "theme",
    Axis.GOAL: "odd",
}
