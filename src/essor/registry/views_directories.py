"""Screens of the partner directories: the list, a new one, its page, its columns, the reading."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.models import Authority, User
from essor.formats.problems import InputProblem
from essor.formats.rows import Row
from essor.kernel.access import access
from essor.kernel.job_views import context_of
from essor.kernel.models import Job, JobState
from essor.registry import links
from essor.registry.directories import actions, queries
from essor.registry.directories.access import imports_directories
from essor.registry.directories.importing import local_copy
from essor.registry.directories.mapping import PRESETS, Mapping, guess_kind_tags, kept_or_guessed
from essor.registry.directories.reading import distinct_values, preview
from essor.registry.forms_directories import FileForm, MappingForm, NewDirectoryForm
from essor.registry.models import Directory, DirectoryImport
from essor.registry.words import tag_label

REJECTED_SHOWN = 100
LAST_IMPORTS = 10


def authority_of(request: HttpRequest) -> Authority | None:
    """The authority of the frame, None on the common pages."""
    found: Authority | None = getattr(request, "authority", None)
    return found


def directory_of(request: HttpRequest, pk: int) -> Directory:
    """The directory of this frame, 404 otherwise: one of another authority is not there."""
    rows = Directory.objects.select_related("authority__territory")
    return get_object_or_404(rows, pk=pk, authority=authority_of(request))


def person_of(request: HttpRequest) -> User:
    """The person, known to be signed in by the predicate."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def crumbs(request: HttpRequest, here: str, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the register to here, through what lies between."""
    first = [
        (_("Registre de l’ESS"), links.address(request, "list")),
        (_("Annuaires partenaires"), links.address(request, "directories")),
    ]
    return [{"label": label, "url": url} for label, url in [*first, *more, (here, "")]]


@access(imports_directories)
@require_safe
def directories(request: HttpRequest) -> HttpResponse:
    """The directories of the frame, with what waits."""
    found = list(queries.directories_of(authority_of(request)))
    counts = queries.counts_of(found)
    imports = {
        each.directory_id: each
        for each in DirectoryImport.objects.filter(
            directory__in=found, state=DirectoryImport.State.CURRENT
        ).defer("rejected")
    }
    context = {
        "page_title": _("Annuaires partenaires"),
        "crumbs": crumbs(request, "")[:1],
        "lines": [
            {"directory": each, "counts": counts[each.pk], "current": imports.get(each.pk)} for each in found
        ],
        "framed": authority_of(request) is not None,
    }
    return render(request, "registry/directories/list.html", context)


@access(imports_directories)
@require_http_methods(["GET", "HEAD", "POST"])
def directory_new(request: HttpRequest) -> HttpResponse:
    """A new directory with its first file."""
    form = NewDirectoryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, preset = form.called()
        said, person = form.cleaned_data, person_of(request)
        try:
            with transaction.atomic():  # without its file, the directory would be empty
                made = actions.create_directory(
                    person, authority_of(request), name, preset=preset, day=timezone.localdate()
                )
                actions.give_file(person, made, said["file"], said["day"])
            return redirect(links.address(request, "directory-mapping", made.pk))
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "page_title": _("Ajouter un annuaire"),
        "lead": _("Déposez la liste d’un partenaire : vous direz ensuite ce que contient chaque colonne."),
        "form": form,
        "submit_label": _("Déposer et voir les colonnes"),
        "cancel_url": links.address(request, "directories"),
    }
    return render(request, "kernel/form_page.html", context)


def add_errors(form: Any, error: ValidationError) -> None:
    """Put the errors of an action in the form: at the field of that name, else above; a file's stand at its field."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error("file" if "file" in form.fields else None, error)


@access(imports_directories)
@require_http_methods(["GET", "HEAD", "POST"])
def directory(request: HttpRequest, pk: int) -> HttpResponse:
    """A directory: what waits, what was decided, a newer file to give, rows set aside."""
    found = directory_of(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_file(person_of(request), found, form.cleaned_data["file"], form.cleaned_data["day"])
            return redirect(links.address(request, "directory-mapping", found.pk))
        except ValidationError as error:
            add_errors(form, error)
    current = queries.current_import(found)
    given = queries.given_import(found)
    context = {
        "page_title": found.name,
        "crumbs": crumbs(request, found.name),
        "directory": found,
        "current": current,
        "given": given,
        "job": _job_of(given) if given else None,
        "counts": queries.counts_of([found])[found.pk],
        "rejected": current.rejected[:REJECTED_SHOWN] if current else [],
        "imports": found.imports.defer("rejected")[:LAST_IMPORTS],
        "form": form,
        "tags": _tags_of(found),
    }
    return render(request, "registry/directories/directory.html", context)


def _tags_of(found: Directory) -> list[str]:
    mapping = Mapping.from_dict(found.mapping)
    return [tag_label(code) for code in sorted({*mapping.fixed_tags, *mapping.kind_tags.values()})]


def _job_of(given: DirectoryImport) -> Job | None:
    """The last work on a file, while it waits or runs, or when it failed."""
    rows = Job.objects.filter(kind=actions.JOB, params__import=given.pk).exclude(state=JobState.DONE)
    return rows.order_by("-created_at", "-pk").first()


@access(imports_directories)
@require_http_methods(["GET", "HEAD", "POST"])
def directory_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column of the file given holds, with its first rows."""
    found = directory_of(request, pk)
    given = queries.given_import(found)
    if given is None:
        return redirect(links.address(request, "directory", found.pk))
    context: dict[str, Any] = {
        "page_title": _("Que contient chaque colonne ?"),
        "crumbs": crumbs(request, _("Colonnes"), (found.name, links.address(request, "directory", found.pk))),
        "directory": found,
        "given": given,
    }
    job = _job_of(given)
    if job and job.state == JobState.FAILED:
        context["failed"] = job.error
    try:
        form, rows = _mapping_form(request, found, given)
    except InputProblem as problem:
        context["problem"] = str(problem)
        return render(request, "registry/directories/mapping.html", context, status=422)
    if request.method == "POST" and "relire" not in request.POST and form.is_valid():
        try:
            started = actions.start_import(
                person_of(request),
                given,
                form.mapping(),
                accept_leaving=bool(form.cleaned_data.get("accept_leaving")),
            )
            return redirect(links.address(request, "directory-work", found.pk, started.pk))
        except ValidationError as error:
            form.add_error(None, error)
    context |= {"form": form, "rows": _shown(form, rows), "columns": _columns(form, rows)}
    return render(request, "registry/directories/mapping.html", context)


def _mapping_form(
    request: HttpRequest, found: Directory, given: DirectoryImport
) -> tuple[MappingForm, list[Row]]:
    """The form, filled with the last time or guessed, or with what was posted. Raises InputProblem."""
    preset = next((each for each in PRESETS if each.code == found.preset), None)
    with local_copy(given) as path:
        columns, rows = preview(path)
        mapping = kept_or_guessed(found.mapping, columns, preset.fixed_tags if preset else ())
        kind = mapping.columns.get("kind", "")
        if request.method == "POST":
            kind = request.POST.get("column_kind", "")
        kinds = distinct_values(path, kind) if kind in columns else []
    form = MappingForm(
        request.POST if request.method == "POST" and _same_kind(request, kind) else None,
        columns=columns,
        mapping=_posted(request, columns) or mapping,
        kinds=kinds,
        kind_tags=guess_kind_tags(kinds, mapping.kind_tags),
        again=queries.current_import(found) is not None,
    )
    return form, rows


def _same_kind(request: HttpRequest, kind: str) -> bool:
    """Whether the tags posted were asked for the column of kinds that is chosen."""
    return "relire" not in request.POST and request.POST.get("asked_kind", "") == kind


def _posted(request: HttpRequest, columns: list[str]) -> Mapping | None:
    """The columns posted, when the form is only asked again with the kinds of another column."""
    if request.method != "POST":
        return None
    said = {
        name.removeprefix("column_"): value
        for name, value in request.POST.items()
        if name.startswith("column_") and value in columns
    }
    fixed = request.POST.get("fixed_tag", "")
    return Mapping.from_dict({"columns": said, "fixed_tags": [fixed] if fixed else []})


def _columns(form: MappingForm, rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.cells if name))


def _shown(form: MappingForm, rows: list[Row]) -> list[dict[str, Any]]:
    """The first rows, cell by cell, cut to what a table can show."""
    columns = _columns(form, rows)
    return [{"line": row.line, "cells": [row.get(column)[:80] for column in columns]} for row in rows]


@access(imports_directories)
@require_safe
@never_cache
def directory_work(request: HttpRequest, pk: int, job_id: int) -> HttpResponse:
    """The reading of a file, then the way to the confirmation."""
    found = directory_of(request, pk)
    job = get_object_or_404(Job, pk=job_id, kind=actions.JOB)
    if not found.imports.filter(pk=job.params.get("import")).exists():
        raise Http404(_("Ce travail n’est pas de cet annuaire."))
    context = context_of(job, timezone.now())
    context |= {
        "directory": found,
        "result": job.result or {},
        "crumbs": crumbs(request, _("Lecture"), (found.name, links.address(request, "directory", found.pk))),
    }
    partial = request.headers.get("HX-Request") == "true"
    return render(request, f"registry/directories/work{'_progress' if partial else ''}.html", context)
