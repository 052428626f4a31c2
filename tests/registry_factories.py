"""Made-up organisations as an edition leaves them: facts, numbers, establishments, tags."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import factory
from factory.django import DjangoModelFactory

from essor.kernel.text import fold
from essor.registry.enums import Verdict
from essor.registry.models import (
    Alert,
    Edition,
    EditionChange,
    Establishment,
    EstablishmentFacts,
    Identifier,
    Merge,
    OrganisationFacts,
    OrganisationLink,
    OrganisationTag,
    Switch,
    TagProof,
)
from essor.registry.nomenclatures import sector_of
from essor.registry.rules_history import ORGANISATION, kind_of
from tests.factories import EditionFactory, OrganisationFactory, TerritoryFactory

_loads = count()

BY_STATUS = [
    {"code": "legal_form", "state": "met", "source": "sirene", "value": "9220"},
    {"code": "activity", "state": "met", "source": "sirene"},
    {"code": "ess_flag", "state": "unknown", "source": "sirene"},
]
MANIFEST = {
    "sources": [
        {
            "role": "legal_units", "name": "StockUniteLegale_utf8.parquet", "kind": "parquet", "sha256": "ab" * 32,
            "size": 12_400_000, "date": "2026-11-01", "rows": 200_000,
        },
        {
            "role": "establishments", "name": "StockEtablissement_utf8.parquet", "kind": "parquet",
            "sha256": "cd" * 32, "size": 24_000_000, "date": "2026-11-01", "rows": 300_000,
        },
        {
            "role": "ess_list", "name": "liste-ess-france.csv", "kind": "csv", "sha256": "ef" * 32, "size": 90_000,
            "date": "2026-10-28", "rows": 6_000,
        },
    ],
    "counts": {
        "legal_units": 200_000, "candidates": 60_000, "ess_units": 32_000, "organisations": 20_000,
        "employers": 5_000, "verdict:ess_by_status": 19_000, "verdict:to_check": 120, "wrong_sirets": 3,
    },
    "rejected": {"StockEtablissement_utf8.parquet": 3},
}  # fmt: skip


def edition_in_force(**values: Any) -> Edition:
    """The edition in force, each at its own moment so that nothing cached for another one is read."""
    moment = datetime(2026, 11, 2, 8, microsecond=next(_loads), tzinfo=UTC)
    return EditionFactory(
        **{"state": Edition.State.IN_FORCE, "loaded_at": moment, "manifest": MANIFEST, **values}
    )


class FactsFactory(DjangoModelFactory[OrganisationFacts]):
    """An association of the register, ESS by its status; `siren` gives it its number."""

    class Meta:
        model = OrganisationFacts
        skip_postgeneration_save = True

    class Params:
        to_check = factory.Trait(verdict=Verdict.TO_CHECK.value)

    name = factory.Sequence(lambda n: f"Association des Pommiers {n}")
    organisation = factory.SubFactory(OrganisationFactory, name=factory.SelfAttribute("..name"))
    search_text = factory.LazyAttribute(
        lambda row: " ".join(fold(text) for text in (row.name, row.acronym, row.usual_name) if text)
    )
    acronym = ""
    usual_name = ""
    legal_category = "9220"
    naf = "88.99B"
    sector = factory.LazyAttribute(lambda row: found.code if (found := sector_of(row.naf)) else "")
    family = "association"
    verdict = Verdict.ESS_BY_STATUS.value
    size_band = "NN"
    is_employer = factory.LazyAttribute(lambda row: row.size_band not in ("NN", "00"))
    created_on = date(2001, 3, 4)
    conditions = factory.LazyFunction(lambda: [dict(each) for each in BY_STATUS])
    row_hash = ""

    @factory.post_generation
    def siren(self: OrganisationFacts, create: bool, wanted: str | None, **_: Any) -> None:
        """`siren="123456782"`: the number of the organisation."""
        if wanted:
            Identifier.objects.create(
                organisation=self.organisation, scheme=Identifier.Scheme.SIREN, value=wanted
            )

    @factory.post_generation
    def tags(self: OrganisationFacts, create: bool, wanted: list[str] | None, **_: Any) -> None:
        """`tags=["aci"]`: running tags brought by a directory."""
        for code in wanted or []:
            OrganisationTag.objects.create(organisation=self.organisation, code=code, source="siae")


class PlaceFactory(DjangoModelFactory[EstablishmentFacts]):
    """An establishment of `organisation`, its head office."""

    class Meta:
        model = EstablishmentFacts

    class Params:
        organisation = factory.SubFactory(OrganisationFactory)
        siret = factory.Sequence(lambda n: f"{n:014}")

    establishment = factory.LazyAttribute(
        lambda row: Establishment.objects.create(organisation=row.organisation, siret=row.siret)
    )
    is_head_office = True
    address = "3 RUE DES LILAS"
    postal_code = "31000"
    qpv = factory.LazyFunction(list)
    row_hash = ""


class SwitchFactory(DjangoModelFactory[Switch]):
    """A moment when an edition came into force."""

    class Meta:
        model = Switch

    edition = factory.SubFactory(EditionFactory)
    at = datetime(2026, 11, 2, 8, tzinfo=UTC)


class ChangeFactory(DjangoModelFactory[EditionChange]):
    """What an edition changed in an organisation, the kind as the rules say it."""

    class Meta:
        model = EditionChange

    edition = factory.SubFactory(EditionFactory)
    switch = factory.LazyAttribute(
        lambda row: row.edition.switches.first() or SwitchFactory(edition=row.edition)
    )
    subject = "organisation"
    field = "size_band"
    before = "01"
    after = "02"
    kind = factory.LazyAttribute(
        lambda row: kind_of(row.field, row.before, row.after, place=row.subject != ORGANISATION).value
    )


class AlertFactory(DjangoModelFactory[Alert]):
    """An alert that an edition raised in a commune."""

    class Meta:
        model = Alert

    switch = factory.SubFactory(SwitchFactory)
    edition = factory.SelfAttribute("switch.edition")
    kind = "jobs_lost"
    territory = factory.SubFactory(TerritoryFactory)
    key = factory.Sequence(lambda n: f"essai:{n}")
    sentence = factory.Sequence(lambda n: f"Alerte d’essai {n}.")
    created_at = datetime(2026, 11, 2, 9, tzinfo=UTC)


class MergeFactory(DjangoModelFactory[Merge]):
    """A merge without any row that passed: only what tells of it."""

    class Meta:
        model = Merge

    absorbed = factory.LazyAttribute(
        lambda row: FactsFactory(present=False, organisation__merged_into_id=row.kept_id).organisation
    )
    absorbed_was_present = True


class LinkFactory(DjangoModelFactory[OrganisationLink]):
    """A takeover: `source` is the predecessor, `target` the successor."""

    class Meta:
        model = OrganisationLink

    kind = OrganisationLink.Kind.TAKEOVER
    day = date(2026, 1, 1)


class TagFactory(DjangoModelFactory[OrganisationTag]):
    """A running tag put by people."""

    class Meta:
        model = OrganisationTag

    code = "ei"
    source = "authority:1"


class ProofFactory(DjangoModelFactory[TagProof]):
    """What proves a tag put by an authority."""

    class Meta:
        model = TagProof

    tag = factory.SubFactory(TagFactory)
    origin = "Convention avec l’État"
