"""What people do with lists of aids: give one, and have it read."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.access import content_editor
from essor.formats.aids import MAX_BYTES
from essor.kernel import audit, files, jobs
from essor.kernel.models import Job, StoredFile
from essor.kernel.text import fold
from essor.kit.models.aids import AidImport

JOB = "kit.aids"
PURPOSE = "kit.aids"

audit.register("kit.aids.given", gettext_lazy("{actor} a déposé la liste d’aides « {source} » ({file})"))
audit.register(
    "kit.aids.read",
    gettext_lazy(
        "La liste d’aides « {source} » a été lue : {new} nouvelles, {changed} changées, {gone} retirées"
    ),
)


def reads_list(request: HttpRequest, stored: StoredFile) -> bool:
    """Les personnes chargées des contenus communs, et l’administration de l’installation."""
    return content_editor(request)


files.register_purpose(PURPOSE, reads_list)


def give_list(
    actor_id: int | None,
    source: str,
    upload: "File[bytes]",
    day: date,
    *,
    is_complete: bool = False,
    all_or_nothing: bool = False,
) -> Job:
    """Keep a file of aids and start its reading. `source` names the list: its next file takes the place of this one.

    `is_complete`: the aids that it no longer has are closed. `all_or_nothing`: a row that cannot be read refuses all.
    ValidationError in French when the file or the day is refused.
    """
    source = " ".join(source.split())
    if not fold(source):
        raise ValidationError({"source": _("Donnez un nom à cette liste.")})
    if day > timezone.localdate():
        raise ValidationError({"day": _("La date de la liste est dans l’avenir.")})
    with transaction.atomic():
        for unread in AidImport.objects.filter(source=source, read_at__isnull=True).select_related("file"):
            stored = unread.file
            unread.delete()
            if stored is not None:
                files.delete(stored)
        stored = files.store(
            upload, purpose=PURPOSE, allowed=("csv", "json"), max_bytes=MAX_BYTES, uploaded_by=actor_id
        )
        given = AidImport(
            source=source,
            file=stored,
            file_name=stored.name,
            day=day,
            is_complete=is_complete,
            all_or_nothing=all_or_nothing,
            given_at=timezone.now(),
        )
        given.full_clean(exclude=["counts", "rejected"])
        given.save()
        audit.record(
            "kit.aids.given", actor_id=actor_id, subject=given, data={"source": source, "file": stored.name}
        )
        return jobs.start(JOB, {"import": given.pk}, actor_id=actor_id)
