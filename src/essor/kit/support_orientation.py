"""The path of a project: asked once, worked out again from the directory of the day; what authorities see of it."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from essor.accounts.models import Authority
from essor.kernel.periods import today
from essor.kit.enums_support import Axis, Profile, Role, Stage, Theme
from essor.kit.models import OrientationRequest, Supporter
from essor.kit.models.support import related
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
    token: str, said: dict[str, Any], authority: Authority | None, place: Territory | None
) -> OrientationRequest:
    """Keep what was asked; the same token twice is the same request."""
    territory = kept_place(place)
    found, _known = work_out(said, authority.pk if authority else None, territory)
    request, _made = OrientationRequest.objects.get_or_create(
        token=token,
        defaults={
            "authority": authority,
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
        "territory"
    )


def summary(rows: QuerySet[OrientationRequest]) -> dict[str, Any]:
    """What was asked and what was missing: (label, number) lists, the most frequent first."""
    every = list(rows)
    return {
        "count": len(every),
        "stages": _counted((row.answers["stage"] for row in every), Stage),
        "needs": _counted((need for row in every for need in row.answers["needs"]), Role),
        "profiles": _counted((row.answers["profile"] for row in every), Profile),
        "unmet": _missing(every),
        "without_answer": sum(bool(row.unmet) for row in every),
    }


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
