"""The report of a campaign and the blank questionnaire, as PDF."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from essor.accounts.models import Authority
from essor.kernel.documents import render_pdf
from essor.kernel.french import day as in_french
from essor.kernel.french import number
from essor.kernel.periods import today
from essor.kit.diagnosis.enums import STAGE_WORDS, STAGES
from essor.kit.diagnosis.grid import GridLever, grid
from essor.kit.diagnosis.results import LeverResult, Results
from essor.kit.diagnosis.rules import SMALLEST_GROUP
from essor.kit.library import fiches
from essor.kit.recipe_library import recipes

SHOWN_PRIORITIES = 8


def report_pdf(found: Results) -> bytes:
    """The report: where the authority stands, the picture, gaps, priorities, each lever, the plan of next steps."""
    campaign = found.campaign
    data = {
        **_head(campaign.authority, _("Autodiagnostic de la politique d’ESS")),
        "lead": _cover(found),
        "day": _("au %s") % in_french(campaign.agreed_on or found.day),
        "radar": found.radar.as_svg_file() if found.radar else "",
        "radar_title": found.radar.title if found.radar else "",
        "radar_note": found.radar.note if found.radar else "",
        "radar_columns": list(found.radar.columns) if found.radar else [],
        "radar_rows": [list(row) for row in found.radar.rows] if found.radar else [],
        "gaps": [_gap(row) for row in found.to_discuss],
        "priorities": [
            {"title": row.lever.title, "told": priority.told, "step": _step(row)}
            for priority, row in found.priorities[:SHOWN_PRIORITIES]
        ],
        "has_previous": found.previous is not None,
        "others": found.compared.origin if found.compared else "",
        "axes": [
            {"title": axis.title, "levers": [_lever(row, found) for row in rows]}
            for axis, rows in found.by_axis
        ],
        "plan": [_planned(row) for row in found.rows.values() if row.stage],
        "left_out": [
            {"title": grid().levers[code].title, "why": why}
            for code, why in campaign.left_out.items()
            if code in grid().levers
        ],
        "method": _method(found),
    }
    return render_pdf("kit/diagnosis.typ", data, campaign.title)


def _head(authority: Authority | None, kind: str) -> dict[str, Any]:
    return {
        "authority": authority.name if authority else "Essor",
        "demo": settings.DEMO,
        "kind": kind,
        "source": grid().source.text,
    }


def _cover(found: Results) -> str:
    """One line that says where the diagnosis stands."""
    campaign = found.campaign
    people = ngettext("%(count)s personne a répondu", "%(count)s personnes ont répondu", found.begun) % {
        "count": found.begun
    }
    if campaign.agreed_on:
        return _(
            "%(people)s ; %(count)s leviers sur %(total)s ont une valeur convenue, arrêtée le %(day)s."
        ) % {
            "people": people,
            "count": found.agreed_count,
            "total": len(found.rows),
            "day": in_french(campaign.agreed_on),
        }
    return _("%(people)s ; %(count)s leviers sur %(total)s ont une valeur convenue. Document de travail.") % {
        "people": people,
        "count": found.agreed_count,
        "total": len(found.rows),
    }


def _method(found: Results) -> list[str]:
    return [
        _(
            "Un stade convenu en réunion l’emporte ; sinon, le stade est la médiane des réponses, ramenée au stade "
            "entier du dessous."
        ),
        _(
            "Les réponses d’une qualité (élus, agents, partenaires) ne sont montrées à part qu’à partir de "
            "%(smallest)s ; avec moins de %(smallest)s réponses en tout, aucune médiane n’est donnée."
        )
        % {"smallest": SMALLEST_GROUP},
        _(
            "Priorités : écart entre l’ambition et le stade, multiplié par la facilité du prochain pas (de 1 à 3 : une "
            "recette existe, le niveau a la compétence)."
        ),
        *(
            [
                _(
                    "Médianes des autres : %(origin)s, jamais moins de cinq collectivités, jamais un nom.%(demo)s"
                )
                % {
                    "origin": found.compared.origin,
                    "demo": _(" Médianes inventées pour la démonstration.") if found.compared.is_demo else "",
                }
            ]
            if found.compared
            else []
        ),
    ]


def _gap(row: LeverResult) -> dict[str, str]:
    seen = row.together
    told = row.gap or _("Les réponses vont de %(low)s à %(high)s, sans qu’une qualité l’explique.") % {
        "low": seen.low,
        "high": seen.high,
    }
    return {"title": row.lever.title, "told": told}


def _stage(stage: int | None) -> str:
    return f"{stage} · {STAGE_WORDS[stage]}" if stage else _("inconnu")


def _lever(row: LeverResult, found: Results) -> dict[str, Any]:
    agreed = row.agreed
    cells = [_stage(row.stage), str(row.ambition or "—")]
    if found.previous is not None:
        cells.append(_moved(row))
    if found.compared:
        cells.append(number(row.others[0]) if row.others else "—")
    return {
        "title": row.lever.title,
        "sentence": row.sentence or _("Trop peu de réponses pour dire un stade."),
        "cells": cells,
        "note": agreed.note if agreed else "",
        "state": _("convenu") if agreed else _("médiane des réponses"),
    }


def _moved(row: LeverResult) -> str:
    if row.previous is None:
        return "—"
    if not row.moved:
        return str(row.previous)
    return f"{row.previous} ({row.moved:+d})".replace("-", "−")


def _step(row: LeverResult) -> str:
    if row.agreed and row.agreed.step:
        return row.agreed.step
    return row.lever.step_from(row.stage).do if row.stage else ""


def _planned(row: LeverResult) -> dict[str, str]:
    """The next step of a lever: what, who, when, and where the kit tells it."""
    assert row.stage is not None  # noqa: S101 - the plan holds levers whose stage is known
    step, agreed = row.lever.step_from(row.stage), row.agreed
    where = [
        *(f"{code} · {fiches()[code].title}" for code in step.fiches),
        *(recipes()[code].title for code in step.recipes),
    ]
    return {
        "title": row.lever.title,
        "step": _step(row),
        "who": agreed.who if agreed else "",
        "when": in_french(agreed.due_on) if agreed and agreed.due_on else "",
        "where": " ; ".join(where),
    }


def blank_pdf(authority: Authority | None, levers: Sequence[str], title: str = "") -> bytes:
    """The questionnaire to fill by hand, in a meeting room."""
    known, kept = grid(), list(levers)
    asked = [(axis, rows) for axis in known.axes if (rows := known.of_axis(axis.code, kept))]
    data = {
        **_head(authority, _("Autodiagnostic de la politique d’ESS")),
        "lead": _(
            "Pour chaque levier : cochez le stade qui ressemble le plus à ce que l’on voit aujourd’hui."
        ),
        "day": _edition(today()),
        "axes": [
            {
                "title": f"{rank}. {axis.title}",
                "about": axis.about,
                "levers": [_to_fill(lever) for lever in rows],
            }
            for rank, (axis, rows) in enumerate(asked, 1)
        ],
    }
    return render_pdf("kit/diagnosis_blank.typ", data, title or _("Questionnaire à remplir en réunion"))


def _edition(day: date) -> str:
    return _("imprimé le %s") % in_french(day)


def _to_fill(lever: GridLever) -> dict[str, Any]:
    return {
        "title": lever.title,
        "question": lever.question,
        "stages": [f"{stage}. {lever.stage(stage)}" for stage in STAGES],
        "evidence": " ; ".join(lever.evidence),
    }
