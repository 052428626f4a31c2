"""The rows of an export, read a few hundred at a time in the order of the names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext_lazy as _

from essor.registry import words
from essor.registry.enums import SizeBand
from essor.registry.filters import Filters
from essor.registry.models import (
    EstablishmentFacts,
    Identifier,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from essor.registry.queries import matching_ids, public_facts, tags_of
from essor.territories.models import Territory

CHUNK = 1000
_IN = "in"
Value = str | int | float | date | None


@dataclass(frozen=True)
class Row:
    """An organisation with what goes beside it."""

    facts: OrganisationFacts
    siren: str
    rna: str
    tags: list[OrganisationTag]
    places: list[EstablishmentFacts]  # in the territory, the head office first
    address: str  # of the organisation's page

    @property
    def seat(self) -> EstablishmentFacts | None:
        """The head office when it is in the territory, else the first establishment there."""
        return self.places[0] if self.places else None

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude of the seat, else of the first establishment that has them."""
        for place in self.places:
            if place.longitude is not None and place.latitude is not None:
                return place.longitude, place.latitude
        return None


@dataclass(frozen=True)
class Column:
    """A column: its name in files, what it says, how a row gives it."""

    name: str
    says: str
    value: Callable[[Row], Value]


def _commune(row: Row) -> Territory | None:
    return row.facts.commune


def _size(row: Row) -> str:
    band = SizeBand.of(row.facts.size_band)
    return str(band.label) if band and band is not SizeBand.NN else ""


def _quality(row: Row) -> str:
    placed = next((place for place in row.places if place.longitude is not None), None)
    return words.POSITION_QUALITIES.get(placed.position_quality, "") if placed else ""


def _quarters(row: Row) -> str:
    """Codes of the priority neighbourhoods where an establishment stands, by the outlines of 2024."""
    codes = {
        str(each.get("code"))
        for place in row.places
        for each in place.qpv
        if isinstance(each, dict) and each.get("relation") == _IN and each.get("generation") == 2024
    }
    return ", ".join(sorted(code for code in codes if code))


def _tags(row: Row) -> str:
    return ", ".join(dict.fromkeys(words.tag_label(tag.code) for tag in row.tags))


COLUMNS: tuple[Column, ...] = (
    Column("identifiant", _("Numéro de l’organisation dans ce registre ; il ne change jamais."), lambda r: r.facts.pk),
    Column("siren", _("Numéro SIREN, neuf chiffres ; vide quand il n’y en a pas."), lambda r: r.siren),
    Column("rna", _("Numéro au répertoire national des associations (W et neuf signes)."), lambda r: r.rna),
    Column("nom", _("Dénomination."), lambda r: r.facts.name),
    Column("sigle", _("Sigle."), lambda r: r.facts.acronym),
    Column("nom_usuel", _("Nom sous lequel elle est connue."), lambda r: r.facts.usual_name),
    Column("famille", _("Famille de l’ESS (loi du 31 juillet 2014, article 1)."), lambda r: r.facts.get_family_display()),
    Column("situation", _("Ce que la qualification conclut : ESS par statut, déclarée, à vérifier."), lambda r: r.facts.get_verdict_display()),
    Column("categorie_juridique", _("Catégorie juridique de l’Insee, quatre chiffres."), lambda r: r.facts.legal_category),
    Column("code_naf", _("Activité principale, NAF rév. 2."), lambda r: r.facts.naf),
    Column("activite", _("Activité principale en mots."), lambda r: words.activity_label(r.facts.naf)),
    Column("secteur", _("Secteur en mots du métier : un regroupement propre à Essor."), lambda r: words.sector_label(r.facts.sector)),
    Column("code_effectif", _("Tranche d’effectif de l’Insee (NN : inconnue)."), lambda r: r.facts.size_band),
    Column("effectif", _("Tranche d’effectif en mots ; vide quand elle est inconnue."), _size),
    Column("annee_effectif", _("Année de la tranche d’effectif."), lambda r: r.facts.size_year),
    Column("employeuse", _("oui ou non."), lambda r: str(_("oui") if r.facts.is_employer else _("non"))),
    Column("date_creation", _("Date de création (AAAA-MM-JJ dans le CSV et le GeoJSON)."), lambda r: r.facts.created_on),
    Column("etiquettes", _("Étiquettes en cours, séparées par des virgules."), _tags),
    Column("siret", _("SIRET du siège, ou du premier établissement du territoire."), lambda r: (r.seat.establishment.siret or "") if r.seat else ""),
    Column("adresse", _("Adresse de cet établissement."), lambda r: r.seat.address if r.seat else ""),
    Column("code_postal", _("Code postal de cet établissement."), lambda r: r.seat.postal_code if r.seat else ""),
    Column("code_commune", _("Code Insee de la commune de l’organisation."), lambda r: c.code if (c := _commune(r)) else ""),
    Column("commune", _("Commune de l’organisation."), lambda r: c.name if (c := _commune(r)) else ""),
    Column("intercommunalite", _("EPCI à fiscalité propre de cette commune."), lambda r: c.epci.name if (c := _commune(r)) and c.epci else ""),
    Column("departement", _("Département de cette commune."), lambda r: c.departement.name if (c := _commune(r)) and c.departement else ""),
    Column("siege_hors_territoire", _("oui quand le siège est hors du territoire du registre."), lambda r: str(_("oui") if r.facts.head_office_outside else _("non"))),
    Column("etablissements", _("Nombre d’établissements dans le territoire."), lambda r: len(r.places)),
    Column("quartier_prioritaire", _("Codes des quartiers prioritaires de 2024 où elle a un établissement."), _quarters),
    Column("longitude", _("Longitude du siège, ou du premier établissement situé (degrés, WGS 84)."), lambda r: r.position[0] if r.position else None),
    Column("latitude", _("Latitude de la même position."), lambda r: r.position[1] if r.position else None),
    Column("precision_position", _("Précision de cette position."), _quality),
    Column("site_web", _("Site de l’organisation."), lambda r: words.safe_website(r.facts.website)),
    Column("page", _("Adresse de sa page dans ce registre, avec l’explication de son appartenance à l’ESS."), lambda r: r.address),
)  # fmt: skip


def ordered_ids(filters: Filters) -> np.ndarray:
    """Ids of the set shown, by name. All the names are read in order from their index: 250 000 ids take 2 MB."""
    wanted = matching_ids(filters)
    every = Organisation.objects.order_by("sort_key", "pk").values_list("pk", flat=True)
    order = np.fromiter(every.iterator(chunk_size=10_000), dtype=np.int64)
    return order[np.isin(order, wanted)]


def rows_of(ids: np.ndarray, filters: Filters, address: Callable[[int], str]) -> Iterator[Row]:
    """The rows of these ids in their order; an organisation that left the register meanwhile is left out."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK].tolist()
        facts = public_facts().filter(pk__in=chunk).select_related("commune__epci", "commune__departement")
        found = {each.pk: each for each in facts.defer("conditions", "search_text", "purpose")}
        numbers, places = _numbers(chunk), _places(chunk)
        tags = tags_of(chunk, filters)
        for pk in chunk:
            if pk in found:
                own = numbers.get(pk, {})
                yield Row(
                    found[pk],
                    own.get(Identifier.Scheme.SIREN, ""),
                    own.get(Identifier.Scheme.RNA, ""),
                    tags.get(pk, []),
                    places.get(pk, []),
                    address(pk),
                )


def _numbers(chunk: list[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    rows = Identifier.objects.filter(organisation__in=chunk).order_by("pk")
    for organisation, scheme, value in rows.values_list("organisation_id", "scheme", "value"):
        found.setdefault(organisation, {}).setdefault(scheme, value)
    return found


def _places(chunk: list[int]) -> dict[int, list[EstablishmentFacts]]:
    found: dict[int, list[EstablishmentFacts]] = {}
    rows = EstablishmentFacts.objects.filter(
        present=True, in_territory=True, establishment__organisation__in=chunk
    ).select_related("establishment")
    for row in rows.order_by("-is_head_office", "postal_code", "pk"):
        found.setdefault(row.establishment.organisation_id, []).append(row)
    return found
