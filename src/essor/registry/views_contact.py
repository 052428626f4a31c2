"""The contact card of an organisation."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.formats import vcard
from essor.kernel.access import access, everyone
from essor.kernel.limits import limited
from essor.registry import links, queries, words
from essor.registry import queries_organisation as reads
from essor.registry.people_parts import PeoplePart


@access(everyone)
@limited("contact", "60/m/ip,1000/d/ip", reading=True, visitors_only=True)
@require_safe
def contact_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, address and site of an organisation for an address book; nothing of a person."""
    found, edition = reads.find_organisation(pk), queries.edition_in_force()
    if found is None or not found.in_force or edition is None:
        raise Http404(_("Aucune organisation du registre n’a cette adresse."))
    people = PeoplePart(request, found)  # corrections, the profile's website, what is hidden
    places = reads.establishments_of(found.organisation)[:1]
    people.lay_on(places)
    seat = places[0] if places else None
    about = [words.activity_label(found.facts.naf), f"SIREN {found.siren}" if found.siren else ""]
    card = vcard.Card(
        name=found.facts.name,
        page=links.canonical(request, "organisation", pk),
        day=edition.day.isoformat(),
        street=seat.address if seat else "",
        postal_code=seat.postal_code if seat else "",
        city=seat.commune.name if seat and seat.commune else "",
        latitude=seat.latitude if seat else None,
        longitude=seat.longitude if seat else None,
        website=words.safe_website(found.facts.website),
        note="\n".join(line for line in about if line),
    )
    response = HttpResponse(vcard.write(card), content_type=vcard.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="organisation-{pk}.vcf"'
    return response
