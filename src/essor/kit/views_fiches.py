"""The fiches: their contents, one fiche, one or all of them printed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.accounts.access import agent_of_authority
from essor.kernel.access import access, everyone
from essor.kernel.goals import GOALS
from essor.kernel.limits import limited
from essor.kernel.periods import day_of, today
from essor.kit import fiche_links as links
from essor.kit import legal_values, library, markdown
from essor.kit.diagnosis.grid import grid
from essor.kit.editing.actions import Thing
from essor.kit.editing.in_force import notes_of
from essor.kit.editing.screens import preview
from essor.kit.editing.views import notice
from essor.kit.fiche import Fiche
from essor.kit.goals.links import shown_goals
from essor.kit.level_answers import USUAL, answers, level_of
from essor.kit.library import Asked
from essor.kit.models.content import ContentKind
from essor.kit.printing import kit_pdf
from essor.kit.recipe_library import recipes_of
from essor.kit.sectors import Policy, sectors_of
from essor.kit.territory_figures import figures
from essor.kit.words import FIELDS, LEVELS
from essor.law.rules import rule


@access(everyone)
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """All the fiches by field of action, or those that answer a search."""
    asked = _asked(request)
    found = library.found(_for_fiches(request, asked))
    context = {
        "page_title": _("Boîte à outils"),
        "asked": asked,
        "groups": _groups(request, found),
        "count": len(found),
        "count_words": _("fiche,fiches"),
        "facets": _facets(asked, _policies(request)),
        "facets_hold_query": False,
        "chips": _chips(request, asked),
        "canonical_url": links.canonical(request, "contents"),
    }
    return render(request, "kit/contents.html", context)


def _groups(request: HttpRequest, found: list[Fiche]) -> list[tuple[Any, list[tuple[Fiche, str]]]]:
    """The fiches found, by field of action, each with its address."""
    by_field: dict[str, list[tuple[Fiche, str]]] = {}
    for each in found:
        by_field.setdefault(each.field, []).append(
            (each, links.address(request, "kit:fiche", code=each.code))
        )
    return [(FIELDS[code], rows) for code, rows in by_field.items()]


def _asked(request: HttpRequest) -> Asked:
    goals = [
        int(each)
        for each in request.GET.getlist("odd")
        if each.isascii() and each.isdigit() and len(each) < 3
    ]
    return Asked(
        words=" ".join(request.GET.get("q", "").replace("\x00", "").split())[:80],
        sectors=tuple(each for each in _policies(request) if each in request.GET.getlist("secteur")),
        levels=tuple(each for each in LEVELS if each in request.GET.getlist("niveau")),
        goals=tuple(goal for goal in GOALS if goal in goals),
    )


def _policies(request: HttpRequest) -> Mapping[str, Policy]:
    """The sector policies of the frame: those of its authority, Essor's on the common pages."""
    authority = getattr(request, "authority", None)
    return sectors_of(authority.pk if authority else None)


def _for_fiches(request: HttpRequest, asked: Asked) -> Asked:
    """What is asked, in the sectors that fiches bear: a policy of one's own stands for none of them."""
    if not asked.sectors:
        return asked
    policies = _policies(request)
    return replace(asked, sectors=tuple(policies[code].seed or code for code in asked.sectors))


def _facets(asked: Asked, policies: Mapping[str, Policy]) -> list[dict[str, Any]]:
    every = library.fiches().values()
    choices: list[tuple[str, str, list[tuple[Any, str, int]], tuple[Any, ...]]] = [
        (
            "secteur",
            _("Politique"),
            [
                (each.code, each.label, sum(each.seed in fiche.sectors for fiche in every))
                for each in policies.values()
            ],
            asked.sectors,
        ),
        (
            "niveau",
            _("Niveau de collectivité"),
            [
                (code, str(label), sum(code in fiche.levels for fiche in every))
                for code, label in LEVELS.items()
            ],
            asked.levels,
        ),
        (
            "odd",
            _("Objectif de développement durable"),
            [
                (goal, f"{goal}. {label}", sum(goal in fiche.goals for fiche in every))
                for goal, label in GOALS.items()
            ],
            asked.goals,
        ),
    ]
    return [
        {
            "name": name,
            "label": label,
            "folded": None if name == "niveau" else not chosen,
            "options": [
                {"value": code, "label": words, "count": count, "selected": code in chosen}
                for code, words, count in options
                if count
            ],
        }
        for name, label, options, chosen in choices
    ]


def _chips(request: HttpRequest, asked: Asked) -> list[dict[str, str]]:
    chosen = [
        *([("q", asked.words, asked.words, _("Recherche"))] if asked.words else []),
        *(("secteur", code, _policies(request)[code].label, "") for code in asked.sectors),
        *(("niveau", code, str(LEVELS[code]), "") for code in asked.levels),
        *(("odd", str(goal), str(GOALS[goal]), _("ODD %s") % goal) for goal in asked.goals),
    ]
    return [
        {"label": label, "name": name, "remove_url": links.without(request, key, value)}
        for key, value, label, name in chosen
    ]


def fiche_or_404(code: str) -> Fiche:
    """The fiche of a code. Http404, in French, when there is none."""
    try:
        return library.fiches()[code.upper()]
    except KeyError:
        raise Http404(
            _("Cette fiche n’existe pas : choisissez-la dans le sommaire de la boîte à outils.")
        ) from None


@access(everyone)
@require_safe
def fiche(request: HttpRequest, code: str) -> HttpResponse:
    """One fiche: the stake, what a level may do, levers, examples, who helps, figures of the territory."""
    shown = fiche_or_404(code)
    level = asked_level(request, shown)
    write = legal_values.as_html(today(), shown.source.guide.day, links.law_page(request))
    lead = links.target_address(request)
    territory = _territory(request)
    context = {
        "page_title": shown.title,
        "fiche": shown,
        "field": FIELDS[shown.field],
        "body": markdown.to_html(shown.body, lead, write),
        "answers": [
            {**each, "url": links.rule_case(request, "competence", each["case"])}
            for each in answers(shown, level, today())
        ],
        "level": LEVELS[level],
        "levels": [(each, label, each == level) for each, label in LEVELS.items()],
        "levers": [(lever, links.screen_address(request, lever)) for lever in shown.levers],
        "examples": [
            (example, markdown.to_html(markdown.parse(example.text), lead, write))
            for example in shown.examples
        ],
        "rules": [
            (rule(name).title, links.address(request, "rulebook:rule", rule=name)) for name in shown.rules
        ],
        "recipes": [
            (each, links.address(request, "kit:recipe", code=each.code)) for each in recipes_of(code)
        ],
        "see": [
            (library.fiches()[each], links.address(request, "kit:fiche", code=each)) for each in shown.see
        ],
        "sectors": [each for each in _policies(request).values() if each.seed in shown.sectors],
        "goals": shown_goals(request, shown.goals),
        "diagnosis": [
            (lever.title, f"{links.address(request, 'kit:diagnosis-grid')}#levier-{lever.code}")
            for lever in grid().of_fiche(code)
        ],
        "figures": figures(shown, territory),
        "territory": territory,
        "registry_url": links.address(request, "registry:list"),
        "contents_url": links.address(request, "kit:contents"),
        "pdf_url": links.address(request, "kit:fiche-pdf", code=code),
        "canonical_url": links.canonical(request, "fiche", code=code),
        **notice(request, Thing(ContentKind.FICHE, code)),
        **_note(request, code),
    }
    return render(request, "kit/fiche.html", context)


def _note(request: HttpRequest, code: str) -> dict[str, Any]:
    """What the authority of the frame says of the fiche, and for its agents where to say it."""
    authority = getattr(request, "authority", None)
    if authority is None:
        return {}
    note = notes_of(authority.pk).get(code)
    may = agent_of_authority(request)
    return {
        "note": preview(request, note.text) if note else "",
        "note_day": day_of(note.at) if note else None,
        "note_url": links.address(request, "kit-authority:note", code=code) if may else "",
    }


def _territory(request: HttpRequest) -> Any:
    authority = getattr(request, "authority", None)
    return authority.territory if authority else None


def asked_level(request: HttpRequest, fiche: Fiche | None = None) -> str:
    """The level asked by the address, else the authority’s, else the département, or the fiche’s first."""
    asked = request.GET.get("niveau", "")
    if asked in LEVELS:
        return asked
    authority = getattr(request, "authority", None)
    level = level_of(authority.kind) if authority else ""
    return level or (USUAL if fiche is None or USUAL in fiche.levels else fiche.levels[0])


@access(everyone)
@limited("kit-pdf", "60/h/ip", visitors_only=True)
@require_safe
def fiche_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """A fiche as a PDF."""
    shown = fiche_or_404(code)
    return _pdf(kit_pdf(request, [shown], asked_level(request, shown)), f"fiche-{code.lower()}")


@access(everyone)
@limited("kit-pdf", "60/h/ip", visitors_only=True)
@require_safe
def whole_pdf(request: HttpRequest) -> HttpResponse:
    """The whole kit as a PDF, in the order of the contents."""
    return _pdf(kit_pdf(request, list(library.fiches().values()), asked_level(request)), "boite-a-outils-ess")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
