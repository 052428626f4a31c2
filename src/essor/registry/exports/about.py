"""What goes with an export: its name, and the notice of what was asked and where it comes from."""

from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from essor.kernel.french import day
from essor.registry import list_query
from essor.registry.edition_words import scope_name
from essor.registry.exports.formats import LICENCE, LICENCE_URL, Notice
from essor.registry.filters import Filters
from essor.registry.models import Edition
from essor.registry.provenance import read_day, source_label


def filename(filters: Filters, edition: Edition) -> str:
    """« registre-ess-commune-31555-2026-11-22 »: territory and day."""
    place = filters.place.ref if filters.place else edition.scope
    safe = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in place)
    return f"registre-ess-{safe}-{timezone.localdate().isoformat()}"


def notice(filters: Filters, edition: Edition, count: int, page: str) -> Notice:
    """What was asked, edition, sources with their dates, licence. `page`: address of the list."""
    pairs, scope = list_query.to_pairs(filters, None), scope_name(edition.scope)
    lines = [
        (_("Territoire"), filters.place.name if filters.place else scope),
        (_("Recherche"), filters.text or _("Aucun mot")),
        (_("Organisations"), str(count)),
        (_("Page de cette liste"), f"{page}?{urlencode(pairs)}" if pairs else page),
        (_("Édition du registre"), f"{scope}, {edition.day.isoformat()}"),
        (_("Téléchargé le"), timezone.localdate().isoformat()),
        (_("Licence"), f"{LICENCE} – {LICENCE_URL}"),
    ]
    for source in edition.manifest.get("sources") or []:
        said = source_label(str(source.get("role", "")))
        on = read_day(source.get("date"))
        lines.append((_("Source"), f"{said}, {day(on)}" if on else said))
    return Notice(_("Registre de l’économie sociale et solidaire"), lines)
