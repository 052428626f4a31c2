"""Texts of the kit that the editors corrected, what authorities add, policies and recipes that they made their own."""

from django.db import transaction

from essor.accounts.models import Service
from essor.demo.scenes.cast import Cast
from essor.kit.adoption.actions import adopt, receive
from essor.kit.adoption.screens import as_yaml
from essor.kit.editing.actions import Thing, correct, write_note
from essor.kit.models import ContentVersion
from essor.kit.models.adoption import RecipeOrigin
from essor.kit.models.content import ContentKind
from essor.kit.policies import actions as policies
from essor.kit.recipe import export, recipe_of
from essor.kit.recipe_library import recipes

NOTES = (
    ("K05", "## Qui appeler\n\n- La mission ESS du Département, qui reçoit les projets le premier mardi du mois.\n"
     "- La [Fabrique du Confluent](https://fabrique.example.org), pour un premier accompagnement.\n\n"
     "## Un exemple d’ici\n\nExemple inventé : trois cafés associatifs partagent une comptable depuis 2024."),
    ("K21", "Exemple inventé : notre **annuaire** est dans « Qui accompagne ? » ; dites-nous ce qui manque. "
     "Voir aussi [les tiers-lieux](fiche:K05)."),
)  # fmt: skip


def play() -> None:
    """Play the scene once."""
    if ContentVersion.objects.exists():
        return
    with transaction.atomic():
        cast = Cast()
        _corrections(cast)
        for code, text in NOTES:
            write_note(cast.agent, Thing(ContentKind.NOTE, code, cast.department), text, seen=0)
        _policies(cast)
        _received(cast)


def _corrections(cast: Cast) -> None:
    """A fiche corrected twice, one whose package text changed since, a recipe."""
    editor = cast.person("administration@essor.example.org")
    fiche = Thing(ContentKind.FICHE, "K05")
    first = fiche.package_text.replace("## Points d’attention", "## Avant de commencer", 1)
    number = correct(editor, fiche, first, "Un titre plus clair pour qui débute.", seen=0)
    second = f"{first.rstrip()}\n- Démonstration : dites dès le départ qui tiendra la permanence d’accueil.\n"
    correct(editor, fiche, second, "Question souvent posée par les porteurs de projet.", seen=number)

    other = Thing(ContentKind.FICHE, "K13")
    lines = other.package_text.rstrip().splitlines()
    lines[3] = (
        'summary: "Aider les communes à aider l’ESS (résumé d’une version passée, pour la démonstration)."'
    )
    older = "\n".join(lines[:-1]) + "\n"
    ours = f"{older}- Démonstration : un point ajouté ici, avant la nouvelle version d’Essor.\n"
    correct(editor, other, ours, "Un point qui manquait.", seen=0, base_text=older)

    recipe = Thing(ContentKind.RECIPE, "cit-er-44")
    needs = "needs:\n- L’accord de la commission permanente, à demander trois mois avant (ajout de démonstration)\n"
    correct(editor, recipe, recipe.package_text.replace("needs:\n", needs, 1), "Étape oubliée.", seen=0)


def _policies(cast: Cast) -> None:
    """The département starts from a recipe, then uses its own words."""
    adopt(cast.agent, cast.department, recipes()["politiques-sectorielles-departement"], RecipeOrigin.PACKAGE)
    service = Service.objects.get(authority=cast.department, name="Insertion et emploi")
    policies.change(
        cast.agent,
        cast.department,
        "insertion",
        policies.Said("Insertion, emploi et lutte contre la pauvreté", "insertion", service),
    )
    policies.add(cast.agent, cast.department, policies.Said("Montagne et vallées", "developpement-local"))
    policies.merge(cast.agent, cast.department, "sport", "jeunesse")


def _received(cast: Cast) -> None:
    """The métropole receives the list of another one, adopts it, then receives what it became."""
    first = export(recipes()["politiques-sectorielles-metropole"]) | {
        "code": "politiques-metropole-inventee",
        "title": "Politiques de la métropole des Trois Vallées",
        "origin": "Métropole des Trois Vallées (inventée pour la démonstration)",
        "source": {"document": "Exemple inventé pour la démonstration"},
    }
    first.pop("warning", None)
    owner, agent = cast.metropolis, cast.metropolitan_agent
    receive(agent, owner, "trois-vallees.yaml", as_yaml(first).encode())
    told = [*first["parameters"]["policies"], {"code": "eau", "label": "Eau et rivières"}]
    later = first | {"version": 2, "parameters": {"policies": told}}
    adopt(agent, owner, recipe_of(first, "démonstration"), RecipeOrigin.FILE)
    receive(agent, owner, "trois-vallees-2.yaml", as_yaml(later).encode())
