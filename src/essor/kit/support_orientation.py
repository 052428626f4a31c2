"""The path of a project: asked once, worked out again from the directory of the day; what authorities see of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from essor.accounts.models import Authority
from essor.kernel.periods import today
from essor.kernel.questions.answers import shown
from essor.kernel.questions.conditions import is_answered
from essor.kernel.questions.definition import CHOICES, TEXTS, Question
from essor.kernel.questions.kinds import kind_of
from essor.kernel.questions.models import FormVersion
from essor.kit.enums_support import Axis, Profile, Role, Stage, Theme
from essor.kit.models import OrientationRequest, Supporter
from essor.kit.models.support import related
from essor.kit.orientation_form import own_of, version_for
from essor.kit.rules_orientation import Answers, Candidate, Path, path
from essor.territories.enums import Kind
from essor.territories.models import Territory

NEARNESS = {
    Kind.REGION: 1,
    Kind.DEPARTEMENT: 2,
    Kind.COLLECTIVITE: 2,
    Kind.EPCI: 3,
    Kind.EPT: 3,
    Kind.COMMUNE: 4,
}
OTHER_THEME = "other"
LATEST = 20  # texts shown to the agents


def answers_of(said: dict[str, Any]) -> Answers:
    """The answers as the rule takes them."""
    theme = said["theme"] if said["theme"] in Theme.values else ""
    return Answers(said["stage"], tuple(said["needs"]), said["profile"], theme, bool(said["employs"]))


def candidates(authority_id: int | None, territory: Territory | None) -> dict[int, Supporter]:
    """The open supporters that may be proposed there, by id, with their marks."""
    rows = Supporter.objects.opened().known_to(authority_id)
    if territory is not None:
        rows = rows.around(territory)
    return {each.pk: each for each in rows.select_related("territory").prefetch_related("marks")}


def as_candidate(supporter: Supporter) -> Candidate:
    """A supporter as the rule takes it."""
    marks = {axis: frozenset(supporter.marks_of(axis)) for axis in Axis.values}
    return Candidate(
        supporter.pk,
        supporter.name,
        roles=marks[Axis.ROLE],
        stages=marks[Axis.STAGE],
        profiles=marks[Axis.PROFILE],
        themes=marks[Axis.THEME],
        employers_only=supporter.employers_only,
        nearness=NEARNESS.get(Kind(supporter.territory.kind), 0) if supporter.territory else 0,
    )


def work_out(
    said: dict[str, Any], authority_id: int | None, territory: Territory | None
) -> tuple[Path, dict[int, Supporter]]:
    """The path of these answers today, and the supporters that it names."""
    known = candidates(authority_id, territory)
    found = path(answers_of(said), [as_candidate(each) for each in known.values()])
    return found, known


def kept_place(territory: Territory | None) -> Territory | None:
    """The place as it is kept: the intercommunalité of a commune, or its département."""
    if territory is None or territory.kind != Kind.COMMUNE:
        return territory
    return territory.epci or territory.departement or territory.collectivite


def ask(
    token: str,
    said: dict[str, Any],
    authority: Authority | None,
    place: Territory | None,
    version: FormVersion | None = None,
) -> OrientationRequest:
    """Keep what was asked under a version (the one in force when none is told); the same token twice is one request."""
    territory = kept_place(place)
    found, _known = work_out(said, authority.pk if authority else None, territory)
    request, _made = OrientationRequest.objects.get_or_create(
        token=token,
        defaults={
            "authority": authority,
            "form_version": version or version_for(authority),
            "territory": territory,
            "answers": said,
            "unmet": list(found.unmet),
            "asked_on": today(),
        },
    )
    return request


def seen_by(authority: Authority, day: date) -> QuerySet[OrientationRequest]:
    """The requests of the last year made in the frame of the authority, or on the common pages for its territory."""
    mine = Q(authority=authority)
    if authority.territory is not None:
        mine |= Q(authority__isnull=True, territory__in=related(authority.territory))
    return OrientationRequest.objects.filter(mine, asked_on__gt=day - timedelta(days=365)).select_related(
        "territory", "form_version"
    )


def summary(rows: QuerySet[OrientationRequest]) -> dict[str, Any]:
    """What was asked and what was missing: (label, number) lists, the most frequent first."""
    every = list(rows)
    return {
        "count": len(every),
        "stages": _counted((row.answers["stage"] for row in every), Stage),
        "needs": _counted((need for row in every for need in row.answers["needs"]), Role),
        "profiles": _counted((row.answers["profile"] for row in every), Profile),
        "own": own_counts(every),
        "unmet": _missing(every),
        "without_answer": sum(bool(row.unmet) for row in every),
    }


def own_asked(rows: Iterable[OrientationRequest]) -> dict[str, Question]:
    """The questions that authorities added, by code, over every version answered; the latest words win."""
    versions = {row.form_version_id: row.form_version for row in rows}
    found: dict[str, Question] = {}
    for _pk, version in sorted(versions.items()):
        found |= {question.code: question for question in own_of(version.form())}
    return found


def own_counts(rows: list[OrientationRequest]) -> list[dict[str, Any]]:
    """For each question that authorities added: (answer, number) of its choices, or the latest texts."""
    found = []
    for code, question in own_asked(rows).items():
        told = [row.answers[code] for row in rows if is_answered(row.answers.get(code))]
        if question.kind in TEXTS:
            found.append({"title": question.label, "texts": told[:LATEST], "rows": []})
            continue
        codes = Counter(one for value in told for one in (value if isinstance(value, list) else [value]))
        rows_ = [
            (kind_of(question).show(question, _whole(question, one)), n) for one, n in codes.most_common()
        ]
        found.append({"title": question.label, "texts": [], "rows": rows_})
    return found


def _whole(question: Question, one: Any) -> Any:
    """One answer of a question of several, as its kind shows it."""
    return [one] if question.kind == CHOICES else one


def own_facts(asked: OrientationRequest, *, private: bool) -> list[dict[str, str]]:
    """What was said to the authority's own questions; without `private`, what a shared page may show."""
    own = {question.code for question in own_of(asked.form_version.form())}
    return [
        {"label": row.label, "value": row.text}
        for row in shown(asked.form_version.form(), asked.answers, private=private)
        if row.question.code in own
    ]


def own_answers(asked: OrientationRequest, own: Mapping[str, Question]) -> list[str]:
    """The answers of a request to these questions, in French, in their order."""
    form = asked.form_version.form()
    said = {row.question.code: row.text for row in shown(form, asked.answers)}
    return [said.get(code, "") for code in own]


def _counted(codes: Any, words: Any) -> list[tuple[str, int]]:
    return [
        (str(words(code).label), number)
        for code, number in Counter(codes).most_common()
        if code in words.values
    ]


def _missing(rows: list[OrientationRequest]) -> list[dict[str, Any]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        for need in row.unmet:
            place = row.territory.name if row.territory else ""
            found[(need, row.answers["stage"], place)] += 1
    return [
        {"need": Role(need).label, "stage": Stage(stage).label, "place": place, "count": number}
        for (need, stage, place), number in found.most_common(50)
    ]
