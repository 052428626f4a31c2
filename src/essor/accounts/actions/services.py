"""What is done to the services of an authority."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor, actor_id, must_manage_team, told
from essor.accounts.actions.team import close, must_end_after_start
from essor.accounts.models import Authority, Membership, Service
from essor.kernel import audit
from essor.kernel.text import sort_key


def _log(actor: Actor, code: str, service: Service, data: dict[str, str]) -> None:
    audit.record(
        code, actor_id=actor_id(actor), subject=service, authority_id=service.authority_id, data=data
    )


@transaction.atomic
def create_service(actor: Actor, authority: Authority, name: str, *, day: date) -> Service:
    """A new service from the day."""
    must_manage_team(actor, authority, day)
    service = Service(authority=authority, name=name, start=day)
    _checked(service)
    service.save()
    _log(actor, "accounts.service.created", service, {"name": service.name})
    return service


@transaction.atomic
def rename_service(actor: Actor, service: Service, name: str, *, day: date) -> None:
    """Another name for the same service."""
    must_manage_team(actor, service.authority, day)
    before, service.name = service.name, name
    _checked(service)
    service.save()
    _log(actor, "accounts.service.renamed", service, {"name": service.name, "before": before})


def _checked(service: Service) -> None:
    """Clean the name, then check it against the authority's other services; the key is what the constraint compares."""
    service.clean()
    service.sort_key = sort_key(service.name)
    service.full_clean()


@transaction.atomic
def close_service(actor: Actor, service: Service, *, end: date, day: date) -> None:
    """Close a service from `end`; refused while people are in it on that day."""
    must_manage_team(actor, service.authority, day)
    must_end_after_start(service, end)
    if Membership.objects.not_past(end).filter(service=service).exists():
        raise ValidationError(
            _("Des personnes sont encore dans ce service : changez-les d’abord de service.")
        )
    name = service.name
    audit.record(
        "accounts.service.closed",
        actor_id=actor_id(actor),
        subject=service,
        authority_id=service.authority_id,
        data={"name": name, "since": told(end)},
    )
    close(service, end)
