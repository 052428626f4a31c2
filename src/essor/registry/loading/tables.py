"""Columns of the staged tables, and the pieces of SQL that both databases share."""

from dataclasses import dataclass

# Kinds of columns: text, int, real, bool, day, json.
Columns = dict[str, str]

ORGANISATION_FACTS: Columns = {
    "name": "text",
    "acronym": "text",
    "usual_name": "text",
    "search_text": "text",
    "legal_category": "text",
    "naf": "text",
    "naf25": "text",
    "sector": "text",
    "family": "text",
    "verdict": "text",
    "size_band": "text",
    "size_year": "int",
    "is_employer": "bool",
    "created_on": "day",
    "purpose": "text",
    "website": "text",
    "commune_id": "int",
    "head_office_outside": "bool",
    "conditions": "json",
    "row_hash": "text",
}
ESTABLISHMENT_FACTS: Columns = {
    "is_head_office": "bool",
    "in_territory": "bool",
    "name": "text",
    "address": "text",
    "postal_code": "text",
    "commune_id": "int",
    "naf": "text",
    "size_band": "text",
    "created_on": "day",
    "longitude": "real",
    "latitude": "real",
    "position_source": "text",
    "position_quality": "text",
    "position_error": "int",
    "qpv": "json",
    "row_hash": "text",
}
TAG: Columns = {"code": "text", "source": "text", "since": "day", "until": "day"}


@dataclass(frozen=True, eq=False)
class StagedTable:
    """One staged table: the columns that `rows` fills, then those that `prepare` computes."""

    name: str
    filled: Columns
    computed: Columns
    indexes: tuple[str, ...] = ()

    @property
    def columns(self) -> Columns:
        """All the columns, `n` (the row's number, from 1) first."""
        return {"n": "key", **self.filled, **self.computed}


ORGANISATIONS = StagedTable(
    "organisation",
    {"siren": "text", "rna": "text", "sort_key": "text", **ORGANISATION_FACTS},
    {"organisation_id": "int", "change": "text"},
    ("siren", "organisation_id"),
)
ESTABLISHMENTS = StagedTable(
    "establishment",
    {"siren": "text", "siret": "text", **ESTABLISHMENT_FACTS},
    {"organisation_id": "int", "establishment_id": "int", "change": "text"},
    ("siret", "establishment_id", "organisation_id"),
)
TAGS = StagedTable("tag", {"siren": "text", **TAG}, {"organisation_id": "int"}, ("siren", "organisation_id"))
DIFFERENCES = StagedTable(
    "difference",
    {},
    {
        "organisation_id": "int",
        "subject": "text",
        "field": "text",
        "kind": "text",
        "before": "text",
        "after": "text",
        "family": "text",
        "commune_id": "int",
    },
)
LEAVING = StagedTable("leaving", {}, {"organisation_id": "int", "establishment_id": "int"})
# Among the organisations that the register knows, those that Sirene says closed.
CLOSED = StagedTable("closed", {"siren": "text"}, {}, ("siren",))
ALL = (ORGANISATIONS, ESTABLISHMENTS, TAGS, DIFFERENCES, LEAVING, CLOSED)
