"""The one way a file leaves the installation."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from essor.kernel import files
from essor.kernel.access import access
from essor.kernel.models import StoredFile

# Shown in the page; anything else is downloaded.
INLINE = frozenset({"image/png", "image/jpeg", "image/webp"})
# Even if a browser took the file for a page, nothing in it would run.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"


def reads_file(request: HttpRequest) -> bool:
    """Les personnes que l’usage du fichier désigne ; un fichier est privé sinon."""
    match = request.resolver_match
    stored = StoredFile.objects.filter(pk=match.kwargs["file_id"]).first() if match else None
    return stored is not None and files.may_read(request, stored)


@access(reads_file)
@require_GET
def serve_file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """The content, under its own type, never run as a page."""
    stored = get_object_or_404(StoredFile, pk=file_id)
    tag = f'"{stored.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    try:
        content = files.open_stored(stored)
    except FileNotFoundError as error:
        raise Http404(_("Le contenu de ce fichier n’est plus là.")) from error
    response = FileResponse(
        content,
        as_attachment=stored.content_type not in INLINE,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["Content-Length"] = str(stored.size)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = tag
    return response
