"""Where the kit gives addresses on the web: supporters, aids, fiches."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from essor.kit.library import fiches
from essor.kit.models.aids import Aid
from essor.kit.models.support import Supporter

WEB = ("https://", "http://")


@dataclass(frozen=True)
class Place:
    """A thing that gives an address: its kind, its key (id or code), its name."""

    kind: str
    key: str
    name: str
    url: str


def supporters(authority_id: int | None = None, *, every: bool = False) -> "QuerySet[Supporter]":
    """Open supporters with a site: those of the installation, of an authority, or of all."""
    rows = Supporter.objects.opened().exclude(website="")
    return rows if every else rows.filter(authority_id=authority_id)


def places(authority_id: int | None = None) -> Iterator[Place]:
    """Everything that this frame keeps: an authority, its own supporters; the installation, all that is common too."""
    for pk, name, url in supporters(authority_id).values_list("pk", "name", "website"):
        yield Place("supporter", str(pk), name, url)
    if authority_id is not None:
        return
    aids = Aid.objects.filter(gone_on__isnull=True).exclude(link="")
    for pk, name, url in aids.values_list("pk", "name", "link"):
        yield Place("aid", str(pk), name, url)
    for fiche in fiches().values():
        for url in dict.fromkeys(target for target in fiche.targets if target.startswith(WEB)):
            yield Place("fiche", fiche.code, fiche.title, url)
