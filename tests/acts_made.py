"""A lever for tests: its acts are rows of the table of jobs, that no work will ever take up."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, NullIf, TruncDate
from django.http import HttpRequest

from essor.indicators import catalogue
from essor.indicators.enums import Direction
from essor.indicators.from_acts import from_acts
from essor.indicators.rules_acts import IN_QUARTER, Counting, Measure
from essor.kernel import lever as faces
from essor.kernel.acts import Act, Scope
from essor.kernel.lever import Lever
from essor.kernel.models import Job, JobState

CODE = "essai"
AXES = ("politique", "service", "odd", "fiche", "famille")
KINDS = ("essai.grant", "essai.loan")


def columns(_scope: Scope) -> QuerySet[Job]:
    """The acts of the lever, in the columns of the contract."""
    return Job.objects.filter(kind__in=KINDS).annotate(
        lever=Value(CODE, output_field=CharField()),
        reference=F("run_token"),
        label=F("step"),
        organisation_id=NullIf(F("done"), Value(0)),
        territory_id=F("actor_id"),
        day=TruncDate("created_at"),
        amount_cents=F("total"),
        sector_policy=F("worker"),
        service_id=NullIf(F("attempts"), Value(0)),
        odd=F("task_id"),
        plan_action_id=Cast(Value(None), IntegerField()),
        provenance=Value("essai", output_field=CharField()),
    )


def act(authority: Any, day: date, **said: Any) -> Job:
    """An act, not saved: `organisation`, `territory`, `amount` in cents, `policy`, `service`, `odd`, `kind`."""
    return Job(
        kind=said.get("kind", KINDS[0]),
        state=JobState.DONE,
        authority_id=authority.pk,
        created_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        run_token=said.get("reference", f"{day:%Y%m%d}"),
        step=said.get("label", "Acte d’essai"),
        done=said.get("organisation") or 0,
        actor_id=said.get("territory"),
        total=said.get("amount"),
        worker=said.get("policy", ""),
        attempts=said.get("service") or 0,
        task_id=said.get("odd", ""),
    )


def make(*rows: Job) -> None:
    """Save acts."""
    Job.objects.bulk_create(rows)


def _url(_request: HttpRequest, found: Act) -> str:
    return f"/essai/{found.reference}/"


def indicator(code: str, label: str, unit: str, counting: Counting, **more: Any) -> Any:
    """An indicator of the lever, as a lever declares it."""
    return from_acts(
        f"essai.{code}", label, unit, counting, room_label="Essai", direction=Direction.UP, **more
    )


GRANTS = (KINDS[0],)
INDICATORS = (
    indicator("actes", "Aides accordées", "aides", Counting(CODE, GRANTS, dimensions=AXES)),
    indicator("montant", "Montant des aides", "€", Counting(CODE, GRANTS, Measure.AMOUNT, dimensions=AXES)),
    indicator(
        "organisations", "Organisations aidées", "organisations",
        Counting(CODE, GRANTS, Measure.ORGANISATIONS, dimensions=("odd", "famille")),
    ),
    indicator("part_qpv", "Part en quartier", "%", Counting(CODE, GRANTS, Measure.AMOUNT, IN_QUARTER)),
    indicator(
        "secret", "Aides à des personnes", "aides", Counting(CODE, GRANTS, dimensions=("politique",)), protected=True
    ),
)  # fmt: skip
LEVER = Lever(
    code=CODE, name="Essai", acts=columns, act_kinds=((KINDS[0], "Subvention"),), act_url=_url, indicators=INDICATORS,
    fiches=("K01", "K02"),
)  # fmt: skip


def install(monkeypatch: Any) -> None:
    """Put the lever among the faces for the time of a test."""
    monkeypatch.setitem(faces._levers, CODE, LEVER)
    catalogue.declared.cache_clear()


def uninstall() -> None:
    """Forget it: what was declared is read again without it."""
    catalogue.declared.cache_clear()
