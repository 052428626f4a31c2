"""Reads of people and authorities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from essor.accounts.enums import ELECTED
from essor.accounts.models import (
    Authority,
    InstallationRole,
    Invitation,
    Mandate,
    Membership,
    RoleGrant,
    Service,
    User,
)
from essor.kernel import audit
from essor.kernel.jobs import label_of
from essor.kernel.models import AuditEntry, Job, JobState, OutboxMessage
from essor.kernel.text import fold


def accent_of(slug: str) -> str | None:
    """Accent of the authority with this slug, None when there is none."""
    return Authority.objects.values_list("accent", flat=True).filter(slug=slug).first()


def names_of(ids: Iterable[int]) -> Mapping[int, str]:
    """Names of people by their ids, for the audit log."""
    return dict(User.objects.filter(pk__in=list(ids)).values_list("pk", "full_name"))


@dataclass(frozen=True)
class TeamFilter:
    """What members are asked for; empty means no limit. `past` asks for those who left."""

    words: str = ""
    roles: tuple[str, ...] = ()
    services: tuple[int, ...] = ()
    past: bool = False


@dataclass(frozen=True)
class Member:
    """A membership with what counts on the day (or counted, for one that is past)."""

    membership: Membership
    roles: list[RoleGrant] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)

    @property
    def role_labels(self) -> list[str]:
        """French labels of the roles."""
        return [grant.label for grant in self.roles]


def team(authority: Authority, day: date, wanted: TeamFilter) -> QuerySet[Membership]:
    """Memberships of an authority that count on the day, or the last one of each person who left; by name."""
    rows = Membership.objects.filter(authority=authority)
    if wanted.past:
        later = Membership.objects.filter(
            Q(end__isnull=True) | Q(end__gt=OuterRef("end")), authority=authority, user=OuterRef("user")
        )
        rows = rows.past(day).filter(~Exists(later))
    else:
        rows = rows.not_past(day)
    if wanted.services:
        rows = rows.filter(service_id__in=wanted.services)
    if wanted.roles:
        rows = rows.filter(_with_role(wanted, day))
    for word in fold(wanted.words).split():
        rows = rows.filter(Q(user__sort_key__contains=word) | Q(user__email__contains=word))
    return rows.select_related("user", "service").order_by("user__sort_key", "pk")


def _with_role(wanted: TeamFilter, day: date) -> Q:
    """The memberships that bear one of the roles: on the day, or at any time for those who left."""
    grants = RoleGrant.objects.filter(membership=OuterRef("pk"), role__in=wanted.roles)
    mandates = Mandate.objects.filter(membership=OuterRef("pk"))
    if not wanted.past:
        grants, mandates = grants.on(day), mandates.on(day)
    found = Q(Exists(grants))
    return found | Q(Exists(mandates)) if ELECTED in wanted.roles else found


def with_roles(rows: QuerySet[Membership], day: date, *, past: bool) -> list[Member]:
    """The memberships with their roles and mandates, in two more queries whatever their number."""
    grants, mandates = RoleGrant.objects.order_by("role"), Mandate.objects.order_by("start")
    if not past:
        grants, mandates = grants.not_past(day), mandates.not_past(day)
    loaded = rows.prefetch_related(
        Prefetch("grants", queryset=grants, to_attr="shown_grants"),
        Prefetch("mandates", queryset=mandates, to_attr="shown_mandates"),
    )
    return [Member(row, row.shown_grants, row.shown_mandates) for row in loaded]


def services_of(authority: Authority, day: date) -> QuerySet[Service]:
    """Running and coming services of an authority."""
    return Service.objects.not_past(day).filter(authority=authority).order_by("sort_key")


def waiting_invitations(authority: Authority) -> QuerySet[Invitation]:
    """Invitations neither accepted nor cancelled (some may be too old), latest first."""
    rows = Invitation.objects.filter(authority=authority, accepted_at__isnull=True, revoked_at__isnull=True)
    return rows.select_related("service").order_by("-created_at", "-pk")


def grants_of(membership: Membership) -> QuerySet[RoleGrant]:
    """All the roles of a membership, latest first."""
    return membership.grants.order_by("-start", "role")


def mandates_of(membership: Membership) -> QuerySet[Mandate]:
    """All the mandates of a membership, latest first."""
    return membership.mandates.order_by("-start", "pk")


def other_memberships(membership: Membership) -> QuerySet[Membership]:
    """Other periods of the same person in the same authority (earlier services), latest first."""
    rows = Membership.objects.filter(user_id=membership.user_id, authority_id=membership.authority_id)
    return rows.exclude(pk=membership.pk).select_related("service").order_by("-start")


def story_of(user_id: int, authority_id: int) -> list[audit.Line]:
    """What was done to a person in one authority: what others did stays theirs."""
    entries = AuditEntry.objects.about("accounts.user", str(user_id)).filter(authority_id=authority_id)
    return audit.lines(entries[:100])


def services_with_people(authority: Authority, day: date) -> QuerySet[Service]:
    """Running and coming services, each with `people`, how many are in it on the day."""
    inside = Q(memberships__start__lte=day) & (Q(memberships__end__isnull=True) | Q(memberships__end__gt=day))
    return services_of(authority, day).annotate(people=Count("memberships", filter=inside))


def running_memberships(user: User, day: date) -> list[Member]:
    """Memberships of a person that count on the day or will, with roles and mandates."""
    rows = Membership.objects.not_past(day).filter(user=user).select_related("authority", "service")
    return with_roles(rows.order_by("authority__sort_key", "start"), day, past=False)


def has_second_factor(user: User) -> bool:
    """True when the person set up a code generator."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def people(words: str, states: set[str], day: date) -> QuerySet[User]:
    """Accounts by name: all words, in the name or the address; `inactifs` and `roles` narrow them."""
    rows = User.objects.order_by("sort_key", "pk")
    for word in fold(words).split():
        rows = rows.filter(Q(sort_key__contains=word) | Q(email__contains=word))
    if "inactifs" in states:
        rows = rows.filter(is_active=False)
    if "roles" in states:
        rows = rows.filter(Exists(InstallationRole.objects.on(day).filter(user=OuterRef("pk"))))
    return rows


def authorities_with_members(day: date) -> QuerySet[Authority]:
    """Authorities by name, each with `people`, how many count in its team on the day."""
    inside = Q(memberships__start__lte=day) & (Q(memberships__end__isnull=True) | Q(memberships__end__gt=day))
    return Authority.objects.select_related("territory").annotate(
        people=Count("memberships__user", filter=inside, distinct=True)
    )


def installation_roles(day: date) -> QuerySet[InstallationRole]:
    """Roles over the installation that count on the day or will, by name."""
    rows = InstallationRole.objects.not_past(day).select_related("user")
    return rows.order_by("role", "user__sort_key")


@dataclass(frozen=True)
class Health:
    """How the work behind the screens goes."""

    open_jobs: int
    failed_jobs: int
    mails_waiting: int
    mails_given_up: int


def health() -> Health:
    """Work waiting or running, failed in the last seven days, e-mails waiting and given up."""
    since = timezone.now() - timedelta(days=7)
    jobs = Job.objects.aggregate(
        open=Count("pk", filter=Q(state__in=[JobState.QUEUED, JobState.RUNNING])),
        failed=Count("pk", filter=Q(state=JobState.FAILED, created_at__gte=since)),
    )
    mails = OutboxMessage.objects.filter(sent_at__isnull=True).aggregate(
        waiting=Count("pk", filter=Q(next_try__isnull=False)),
        given_up=Count("pk", filter=Q(next_try__isnull=True)),
    )
    return Health(jobs["open"], jobs["failed"], mails["waiting"], mails["given_up"])


def latest_jobs(limit: int = 5) -> list[tuple[Job, str]]:
    """The latest works with their French labels."""
    return [(job, label_of(job)) for job in Job.objects.order_by("-created_at", "-pk")[:limit]]
