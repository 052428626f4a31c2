"""What people do with partner directories: give a file, say its columns, confirm or refuse what is proposed."""

from collections.abc import Mapping as AnyMapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.checks import Actor, actor_id
from essor.accounts.models import Authority
from essor.formats.identifiers import clean_number, siren_trouble
from essor.kernel import audit, files, jobs
from essor.kernel.models import Job
from essor.kernel.text import fold
from essor.registry import changes
from essor.registry.directories.access import PURPOSE, must_import
from essor.registry.directories.apply import refresh_tags, write_entries
from essor.registry.directories.mapping import REQUIRED, Mapping
from essor.registry.directories.queries import DECISION, OUTCOME, current_import, reachable
from essor.registry.directories.reading import MAX_BYTES
from essor.registry.models import Directory, DirectoryEntry, DirectoryImport, DirectoryRow, Identifier
from essor.registry.provenance import LABELS

JOB = "registry.directory"
MANY = 20_000

for code, sentence in {
    "registry.directory.created": gettext_lazy("{actor} a créé l’annuaire partenaire « {name} »"),
    "registry.directory.given": gettext_lazy("{actor} a déposé un fichier de l’annuaire « {name} » ({file})"),
    "registry.directory.imported": gettext_lazy(
        "L’annuaire « {name} » a été lu : {new} nouvelles lignes, {changed} changées, {left} parties"
    ),
    "registry.directory.confirmed": gettext_lazy(
        "{actor} a confirmé que l’annuaire « {name} » parle de cette organisation"
    ),
    "registry.directory.unconfirmed": gettext_lazy(
        "{actor} a retiré cette organisation de l’annuaire « {name} »"
    ),
    "registry.directory.decided": gettext_lazy(
        "{actor} a décidé d’une ligne de l’annuaire « {name} » : {decision}"
    ),
    "registry.directory.accepted": gettext_lazy(
        "{actor} a confirmé {count} lignes de l’annuaire « {name} » reconnues par leur identifiant"
    ),
}.items():
    audit.register(code, sentence)


def create_directory(
    actor: Actor, authority: Authority | None, name: str, *, preset: str = "", code: str = "", day: date
) -> Directory:
    """A directory of the authority, or of the installation; ValidationError when its name or code is taken."""
    must_import(actor, authority, day)
    name = " ".join(name.split())
    if not fold(name):
        raise ValidationError({"name": _("Donnez un nom à l’annuaire.")})
    if Directory.objects.filter(authority=authority, name__iexact=name).exists():
        raise ValidationError({"name": _("Un annuaire porte déjà ce nom : déposez-y le nouveau fichier.")})
    wanted = code or "-".join(
        filter(None, (fold(name).replace(" ", "-"), authority.slug if authority else ""))
    )
    with transaction.atomic():
        row = Directory(
            code=_free_code(wanted[:36].strip("-")), name=name, preset=preset, authority=authority
        )
        row.full_clean()
        row.save()
        audit.record(
            "registry.directory.created",
            actor_id=actor_id(actor),
            subject=row,
            authority_id=row.authority_id,
            data={"name": name},
        )
    return row


def _free_code(wanted: str) -> str:
    """The code, or the first numbered one that is free: never that of a source of open data."""
    taken = {*Directory.objects.filter(code__startswith=wanted).values_list("code", flat=True), *LABELS}
    code, number = wanted, 2
    while code in taken:
        code, number = f"{wanted}-{number}", number + 1
    return code


def give_file(actor: Actor, directory: Directory, upload: "File[bytes]", day: date) -> DirectoryImport:
    """Keep a file of the directory, private, until its columns are said; ValidationError in French when refused.

    `day`: the date of the list, at the latest today and not before the one in use.
    """
    today = timezone.localdate()
    must_import(actor, directory.authority, today)
    if day > today:
        raise ValidationError({"day": _("La date de la liste est dans l’avenir.")})
    current = current_import(directory)
    if current and day < current.day:
        message = _("La liste en service est plus récente : elle est du %(day)s.")
        raise ValidationError({"day": message % {"day": current.day.strftime("%d/%m/%Y")}})
    with transaction.atomic():
        for unread in directory.imports.filter(state=DirectoryImport.State.GIVEN).select_related("file"):
            unread.delete()
            if unread.file is not None:
                files.delete(unread.file)
        stored = files.store(
            upload,
            purpose=PURPOSE,
            allowed=("csv", "xlsx"),
            max_bytes=MAX_BYTES,
            authority_id=directory.authority_id,
            uploaded_by=actor_id(actor),
        )
        given = DirectoryImport.objects.create(
            directory=directory, file=stored, file_name=stored.name, day=day, created_by_id=actor_id(actor)
        )
        audit.record(
            "registry.directory.given",
            actor_id=actor_id(actor),
            subject=directory,
            authority_id=directory.authority_id,
            data={"name": directory.name, "file": stored.name},
        )
    return given


def start_import(
    actor: Actor, given: DirectoryImport, mapping: Mapping, *, accept_leaving: bool = False
) -> Job:
    """Keep what was said of the columns for the next time, and start the reading in the background."""
    directory = given.directory
    must_import(actor, directory.authority, timezone.localdate())
    if not mapping.columns.get(REQUIRED):
        raise ValidationError(_("Dites quelle colonne porte le nom de la structure."))
    chosen = list(mapping.columns.values())
    doubled = next((column for column in chosen if chosen.count(column) > 1), None)
    if doubled:
        raise ValidationError(_("La colonne « %(name)s » est choisie deux fois.") % {"name": doubled})
    with transaction.atomic():
        directory.mapping = mapping.to_dict()
        directory.save(update_fields=["mapping"])
        return jobs.start(
            JOB,
            {"import": given.pk, "mapping": mapping.to_dict(), "accept_leaving": accept_leaving},
            actor_id=actor_id(actor),
            authority_id=directory.authority_id,
        )


def decide(
    actor: Actor, row: DirectoryRow, decision: str, organisation_id: int | None = None
) -> DirectoryRow:
    """A person's decision on a row: confirmed (with the organisation), refused, absent, later, or pending again.

    Raises `PermissionDenied`, or `ValidationError` when the organisation is not one that the directory may speak of.
    """
    directory = row.directory
    must_import(actor, directory.authority, timezone.localdate())
    confirmed = decision == DECISION.CONFIRMED
    if decision not in DECISION.values:
        raise ValidationError(_("Cette décision n’existe pas."))
    if confirmed and not reachable(directory).filter(pk=organisation_id).exists():
        raise ValidationError(
            _("Cette organisation n’est pas dans le registre du territoire : choisissez-en une autre.")
        )
    with transaction.atomic():
        # The directory first, as the reading of a file does: neither undoes what the other wrote.
        Directory.objects.select_for_update().get(pk=directory.pk)
        kept = DirectoryRow.objects.select_related("directory").get(pk=row.pk)
        before = DirectoryEntry.objects.filter(row=kept).values_list("organisation_id", flat=True).first()
        kept.decision, kept.changed = decision, False
        kept.organisation_id = organisation_id if confirmed else None
        kept.decided_at = None if decision == DECISION.PENDING else timezone.now()
        kept.decided_by_id = None if decision == DECISION.PENDING else actor_id(actor)
        kept.save()
        touched = _follow(kept)
        _log(actor, kept, before)
        if touched:
            changes.tell(touched)
    return kept


def _follow(row: DirectoryRow) -> set[int]:
    """Bring the entry and the tags to what the decision says; gives the organisations that changed."""
    if row.decision == DECISION.CONFIRMED:
        current = current_import(row.directory)
        touched = write_entries([row], current.day if current else timezone.localdate())
    else:
        entries = DirectoryEntry.objects.filter(row=row)
        touched = set(entries.values_list("organisation_id", flat=True))
        entries.delete()
    refresh_tags(row.directory, touched)
    return touched


def _log(actor: Actor, row: DirectoryRow, before: int | None) -> None:
    """One entry an act: on the organisation when it gains or loses the directory, else on the directory."""
    common: dict[str, Any] = {"actor_id": actor_id(actor), "authority_id": row.directory.authority_id}
    data: AnyMapping[str, Any] = {"name": row.directory.name}
    if before and before != row.organisation_id:
        subject = f"registry.organisation:{before}"
        audit.record("registry.directory.unconfirmed", subject=subject, data=data, **common)
    if row.organisation_id and before != row.organisation_id:
        subject = f"registry.organisation:{row.organisation_id}"
        audit.record("registry.directory.confirmed", subject=subject, data=data, **common)
    if not row.organisation_id:
        told = {**data, "decision": str(row.get_decision_display())}
        audit.record("registry.directory.decided", subject=row.directory, data=told, **common)


def accept_identified(actor: Actor, directory: Directory) -> int:
    """Confirm at once the waiting rows that their number recognises; gives how many. Rows decided before stay."""
    must_import(actor, directory.authority, timezone.localdate())
    current = current_import(directory)
    if current is None:
        return 0
    with transaction.atomic():
        Directory.objects.select_for_update().get(pk=directory.pk)
        waiting = DirectoryRow.objects.filter(
            directory=directory, present=True, decision=DECISION.PENDING, outcome=OUTCOME.IDENTIFIER
        )
        rows = list(waiting[:MANY])
        allowed = set(reachable(directory).values_list("pk", flat=True))
        now = timezone.now()
        accepted = []
        for row in rows:
            organisation = row.candidates[0]["organisation"]
            if organisation in allowed:
                row.organisation_id, row.decision, row.changed = organisation, DECISION.CONFIRMED, False
                row.decided_at, row.decided_by_id = now, actor_id(actor)
                accepted.append(row)
        columns = ["organisation", "decision", "changed", "decided_at", "decided_by_id"]
        DirectoryRow.objects.bulk_update(accepted, columns, batch_size=500)
        touched = write_entries(accepted, current.day)
        refresh_tags(directory, touched)
        if accepted:
            audit.record(
                "registry.directory.accepted",
                actor_id=actor_id(actor),
                subject=directory,
                authority_id=directory.authority_id,
                data={"name": directory.name, "count": len(accepted)},
            )
        if touched:
            changes.tell(touched)
    return len(accepted)


def organisation_of_siren(directory: Directory, text: str) -> int:
    """The organisation that a person names by its SIREN; ValidationError when it is not one of the territory's."""
    number = clean_number(text)
    trouble = siren_trouble(number)
    if trouble:
        raise ValidationError(f"« {text[:30]} » : {trouble[0]} {trouble[1]}")
    known = Identifier.objects.filter(scheme=Identifier.Scheme.SIREN, value=number)
    found = reachable(directory).filter(organisation__in=known.values("organisation")).first()
    if found is None:
        raise ValidationError(
            _("Le SIREN %(number)s n’est pas dans le registre du territoire.") % {"number": number}
        )
    return int(found.pk)
