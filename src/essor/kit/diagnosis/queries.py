"""Reads of the campaigns: an authority’s, one of them, who may be invited, who answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from essor.accounts.enums import AGENT, ELECTED
from essor.accounts.models import Authority, Mandate, RoleGrant, User
from essor.accounts.models.dated import running
from essor.kit.diagnosis.enums import Role
from essor.kit.diagnosis.models import Campaign, Respondent


def campaigns_of(authority: Authority) -> QuerySet[Campaign]:
    """Campaigns of an authority, the latest first, each with `agreed_count`, its number of agreed values."""
    return Campaign.objects.of(authority.pk).annotate(agreed_count=Count("values"))


def team_roles(authority: Authority, day: date) -> Mapping[int, str]:
    """Who may be invited in the team on the day: agents and elected members, by account; a mandate wins over a role."""
    inside = running(day, "membership__")
    agents = RoleGrant.objects.on(day).filter(inside, membership__authority=authority, role=AGENT)
    elected = Mandate.objects.on(day).filter(inside, membership__authority=authority)
    found = dict.fromkeys(agents.values_list("membership__user_id", flat=True), str(Role.AGENT))
    found |= dict.fromkeys(elected.values_list("membership__user_id", flat=True), str(Role.ELECTED))
    return found


def invitable(campaign: Campaign, day: date) -> list[tuple[User, str]]:
    """Members of the team not invited yet, with the role in which they would answer, by name."""
    roles = team_roles(campaign.authority, day)
    known = set(campaign.respondents.exclude(user=None).values_list("user_id", flat=True))
    people = User.objects.filter(pk__in=set(roles) - known, is_active=True).order_by("sort_key", "pk")
    return [(user, roles[user.pk]) for user in people]


def role_of(roles: frozenset[str]) -> str:
    """In which role a member of the team answers."""
    return str(Role.ELECTED if ELECTED in roles else Role.AGENT)


@dataclass(frozen=True)
class Turnout:
    """How many of a role were asked, began, finished."""

    role: str
    asked: int
    begun: int
    finished: int


def turnout(rows: Sequence[Respondent]) -> list[Turnout]:
    """By role, how far people are (with their responses): counts only, never what one of them said."""
    return [
        Turnout(
            str(label),
            sum(row.role == role for row in rows),
            sum(row.role == role and row.has_begun for row in rows),
            sum(row.role == role and row.has_finished for row in rows),
        )
        for role, label in Role.choices
        if any(row.role == role for row in rows)
    ]
