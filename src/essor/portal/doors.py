"""The doors of a home: where a visitor, or a person at work, may begin. Each is shown to those who may open it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from essor.accounts.access import installation_admin, team_manager, team_reader
from essor.kernel.access import Predicate, everyone


@dataclass(frozen=True)
class Door:
    """A place to begin: what it is called, what one finds there, its address (« registry:list » in either frame)."""

    title: str | Promise
    text: str | Promise
    url_name: str
    access: Predicate = everyone


@dataclass(frozen=True)
class Opened:
    """A door with its address in the frame of the request."""

    title: str
    text: str
    url: str


REGISTER = Door(
    _("Parcourir le registre"),
    _("Les organisations de l’ESS par famille, activité et commune, chacune avec ses sources."),
    "registry:list",
)
ASSESSMENT = Door(
    _("Suis-je de l’ESS ?"),
    _("Quelques questions, un verdict expliqué, les textes qui le fondent."),
    "registry:self-assessment",
)
QUESTIONS = Door(
    _("Poser une question au droit"),
    _("Qui peut aider qui, subvention ou marché, quel seuil : la réponse du jour, avec ses textes."),
    "rulebook:rules",
)
KIT = Door(
    _("Ouvrir la boîte à outils"),
    _("Ce que d’autres collectivités ont fait, ce que le droit permet à la vôtre, et par où commencer."),
    "kit:contents",
)
PUBLIC = (REGISTER, ASSESSMENT, QUESTIONS, KIT)
AT_WORK = (
    Door(
        _("Chercher une organisation"),
        _("Sa fiche, ses établissements, pourquoi elle est de l’ESS."),
        "registry:list",
    ),
    Door(
        _("Voir l’équipe"),
        _("Qui fait quoi dans la collectivité, avec rôles et mandats."),
        "team",
        team_reader,
    ),
    Door(_("Inviter des personnes"), _("Une ou plusieurs adresses à la fois."), "team-invite", team_manager),
    QUESTIONS,
    ASSESSMENT,
    KIT,
    Door(
        _("Administrer l’installation"),
        _("Collectivités, comptes, travaux, journal."),
        "installation",
        installation_admin,
    ),
)


def address(request: HttpRequest, name: str) -> str:
    """Address of a page in the request's authority when it has one there, else its common one; "" for none."""
    authority = getattr(request, "authority", None)
    frame = {"authority": authority.slug} if authority else {}
    tries = ([(f"authority-{name}", frame), (name, frame)] if frame else []) + [(name, {})]
    for url_name, kwargs in tries:
        try:
            return reverse(url_name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return ""


def opened(request: HttpRequest, doors: Iterable[Door]) -> list[Opened]:
    """The doors that the person may open, with their addresses."""
    found = [(door, address(request, door.url_name)) for door in doors if door.access(request)]
    return [Opened(str(door.title), str(door.text), url) for door, url in found if url]
