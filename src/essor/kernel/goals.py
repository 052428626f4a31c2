"""The seventeen goals of sustainable development (ODD): their short titles, and how a thing carries several. Pure.

A thing carries its goals as one text, « |8|11| », in the order of their numbers and each once; « » when none is told.
So does `acts.Act.odd`: a column that a database filters with `contains="|8|"`. An act that serves three goals counts
once for each of them: counts by goal are never added up.

Titles: the short French titles of the United Nations (Programme de développement durable à l’horizon 2030, résolution
A/RES/70/1 of 25 September 2015). Colours stand in `components.css`, beside a number and never alone.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

GOALS: dict[int, str | Promise] = {
    1: gettext_lazy("Pas de pauvreté"),
    2: gettext_lazy("Faim « zéro »"),
    3: gettext_lazy("Bonne santé et bien-être"),
    4: gettext_lazy("Éducation de qualité"),
    5: gettext_lazy("Égalité entre les sexes"),
    6: gettext_lazy("Eau propre et assainissement"),
    7: gettext_lazy("Énergie propre et d’un coût abordable"),
    8: gettext_lazy("Travail décent et croissance économique"),
    9: gettext_lazy("Industrie, innovation et infrastructure"),
    10: gettext_lazy("Inégalités réduites"),
    11: gettext_lazy("Villes et communautés durables"),
    12: gettext_lazy("Consommation et production responsables"),
    13: gettext_lazy("Lutte contre les changements climatiques"),
    14: gettext_lazy("Vie aquatique"),
    15: gettext_lazy("Vie terrestre"),
    16: gettext_lazy("Paix, justice et institutions efficaces"),
    17: gettext_lazy("Partenariats pour la réalisation des objectifs"),
}
# Long enough for all of them: the length of a column that carries goals.
LENGTH = 50


def title(goal: int) -> str:
    """« 8. Travail décent et croissance économique ». KeyError for a number that is no goal."""
    return f"{goal}. {GOALS[goal]}"


def written(goals: Iterable[int]) -> str:
    """Goals as a thing carries them. ValueError, in French, for a number that is no goal."""
    chosen = sorted(set(goals))
    wrong = next((goal for goal in chosen if goal not in GOALS), None)
    if wrong is not None:
        raise ValueError(_("« %(goal)s » n’est pas un ODD : de 1 à 17.") % {"goal": wrong})
    return f"|{'|'.join(str(goal) for goal in chosen)}|" if chosen else ""


def read(text: str) -> tuple[int, ...]:
    """The goals that a text carries, in order. ValueError, in French, when it is not written as `written` does."""
    try:
        goals = tuple(int(part) for part in text.strip("|").split("|")) if text else ()
    except ValueError:
        goals = (0,)
    if written(goal for goal in goals if goal in GOALS) != text:
        raise ValueError(_("« %(text)s » n’est pas une liste d’ODD.") % {"text": text[:LENGTH]})
    return goals


def count_by_goal(carried: Iterable[str]) -> dict[int, int]:
    """How many of these texts carry each of the seventeen goals; a text with three goals counts three times."""
    counts = dict.fromkeys(GOALS, 0)
    for text in carried:
        for goal in read(text):
            counts[goal] += 1
    return counts
