"""What people do with a list of supporters: give it, have it written into their directory, leave it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.access import content_editor
from essor.accounts.enums import AGENT
from essor.accounts.models import Authority, User
from essor.accounts.rights import rights_of
from essor.formats import data_inclusion
from essor.kernel import audit, files, jobs
from essor.kernel.models import Job, StoredFile
from essor.kit.supporter_import import table
from essor.kit.supporter_import.inclusion import FAMILIES, PROJECTS
from essor.kit.supporter_import.models import SupporterImport

JOB = "kit.supporters"
PURPOSE = "kit.supporters"
KEPT_DAYS = 7  # a list that nobody writes is left

audit.register("kit.supporters.given", gettext_lazy("{actor} a déposé la liste d’acteurs « {file} »"))
audit.register("kit.supporters.left", gettext_lazy("{actor} a laissé la liste d’acteurs « {file} »"))
audit.register(
    "kit.supporters.written",
    gettext_lazy("La liste d’acteurs « {file} » a été écrite : {new} ajoutés, {changed} changés"),
)


def reads_supporter_list(request: HttpRequest, stored: StoredFile) -> bool:
    """Les agentes et agents de la collectivité qui l’a déposée ; pour les pages communes, les personnes chargées des contenus."""  # noqa: E501 - a rule is one sentence
    if stored.authority_id is None:
        return content_editor(request)
    return rights_of(request).has(stored.authority_id, AGENT)


files.register_purpose(PURPOSE, reads_supporter_list)


@dataclass(frozen=True)
class Given:
    """A list as a person gives it: the file (structures, for data·inclusion), the services and the themes kept."""

    file: "File[bytes]"
    services: "File[bytes] | None" = None
    themes: Sequence[str] = field(default=PROJECTS)
    all_or_nothing: bool = False


def give_list(actor: User, authority: Authority | None, given: Given) -> SupporterImport:
    """Keep a list, to look at before it is written. ValidationError in French when a file or a theme is refused."""
    is_inclusion = given.services is not None
    unknown = sorted(set(given.themes) - FAMILIES.keys())
    if unknown:
        raise ValidationError({"themes": _("« %s » n’est pas une thématique connue.") % unknown[0]})
    if is_inclusion and not given.themes:
        raise ValidationError({"themes": _("Choisissez au moins une thématique.")})
    with transaction.atomic():
        stored = _store(given.file, actor, authority, is_inclusion=is_inclusion)
        services = _store(given.services, actor, authority, is_inclusion=True) if given.services else None
        form = SupporterImport.Form.DATA_INCLUSION if is_inclusion else SupporterImport.Form.TABLE
        row = SupporterImport.objects.create(
            authority=authority,
            form=form,
            file=stored,
            file_name=stored.name,
            services=services,
            themes=list(given.themes) if is_inclusion else [],
            all_or_nothing=given.all_or_nothing,
            given_at=timezone.now(),
        )
        _record("kit.supporters.given", actor.pk, row)
    return row


def _store(
    file: "File[bytes]", actor: User, authority: Authority | None, *, is_inclusion: bool
) -> StoredFile:
    return files.store(
        file,
        purpose=PURPOSE,
        allowed=("csv", "json") if is_inclusion else ("csv",),
        max_bytes=data_inclusion.MAX_BYTES if is_inclusion else table.MAX_BYTES,
        uploaded_by=actor.pk,
        authority_id=authority.pk if authority else None,
    )


def write_list(actor: User, given: SupporterImport) -> Job:
    """Start writing a list that was looked at. ValidationError when it is written already."""
    if given.written_at is not None:
        raise ValidationError(_("Cette liste est déjà écrite."))
    return jobs.start(JOB, {"import": given.pk}, actor_id=actor.pk, authority_id=given.authority_id)


def leave_list(actor: User, given: SupporterImport) -> None:
    """Leave a list: nothing is written, its files are erased."""
    with transaction.atomic():
        _record("kit.supporters.left", actor.pk, given)
        forget(given)
        given.delete()


def forget(given: SupporterImport) -> None:
    """Erase the files of a list. Call it in a transaction; the list is not saved."""
    stored = [each for each in (given.file, given.services) if each is not None]
    given.file = given.services = None
    if given.pk:
        SupporterImport.objects.filter(pk=given.pk).update(file=None, services=None)
    for each in stored:
        files.delete(each)


def _record(code: str, actor_id: int | None, given: SupporterImport) -> None:
    audit.record(
        code,
        actor_id=actor_id,
        subject=given,
        authority_id=given.authority_id,
        data={"file": given.file_name},
    )
