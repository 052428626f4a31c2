"""Under which family INSEE counts an organisation in its statistics of the social economy, if it does. Pure.

INSEE starts from legal categories, then leaves activities out; it counts no commercial company of the ESS, and since
its series 2018-2020 a fifth family. The lists themselves were not read: `data/insee_families.yaml` says how sure it is.
Ours (`Family`) are those of the law: the two perimeters are never mixed in one series.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from essor.law import strict_yaml
from essor.law.labelled import Labelled
from essor.registry.enums import CategoryKind, Certainty, Family
from essor.registry.nomenclatures import naf_label, normalise_naf
from essor.registry.perimeter import Perimeter

FILE = "insee_families.yaml"


class InseeFamily(Labelled):
    """The families of INSEE's statistics (the fifth one since the series 2018-2020)."""

    ASSOCIATION = "association", "Associations"
    COOPERATIVE = "cooperative", "Coopératives"
    MUTUAL = "mutuelle", "Mutuelles"
    FOUNDATION = "fondation", "Fondations"
    OTHER = "autre_prive", "Autres organismes privés à but non lucratif"


# The family of the law that each of INSEE's corresponds to.
OURS: Mapping[InseeFamily, Family] = MappingProxyType(
    {
        InseeFamily.ASSOCIATION: Family.ASSOCIATION,
        InseeFamily.COOPERATIVE: Family.COOPERATIVE,
        InseeFamily.MUTUAL: Family.MUTUAL,
        InseeFamily.FOUNDATION: Family.FOUNDATION,
    }
)


@dataclass(frozen=True, slots=True)
class InseeAnswer:
    """The family, or None; why, in French; how sure it is."""

    family: InseeFamily | None
    reason: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Listed:
    """A legal category of INSEE's lists."""

    family: InseeFamily
    certainty: Certainty
    source: str


@dataclass(frozen=True)
class InseeTable:
    """INSEE's lists as Essor knows them: legal categories, beginnings of activities left out for some families."""

    version: str
    note: str
    categories: Mapping[str, Listed]
    excluded: tuple[str, ...]
    excluded_for: frozenset[InseeFamily]
    certainty: Certainty

    def leaves_out(self, activity: str, family: InseeFamily) -> bool:
        """True when this activity (NAF rév. 2, « 94.91Z ») is left out for the family."""
        return family in self.excluded_for and activity.startswith(self.excluded)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A legal category on both sides: our family and INSEE's, None where one does not count it."""

    code: str
    label: str
    ours: Family | None
    insee: InseeFamily | None
    certainty: Certainty
    source: str


@lru_cache(maxsize=1)
def insee_table() -> InseeTable:
    """The lists shipped with Essor."""
    text = resources.files("essor.registry").joinpath("data", FILE).read_text(encoding="utf-8")
    data = strict_yaml.load(text, FILE)
    found: dict[str, Listed] = {}
    for name, body in data["families"].items():
        listed = Listed(InseeFamily(name), Certainty(body["certainty"]), data["sources"][body["source"]])
        found |= dict.fromkeys(body["codes"], listed)
    out = data["exclusions"]
    return InseeTable(
        version=data["version"],
        note=data["note"].strip(),
        categories=MappingProxyType(found),
        excluded=tuple(out["prefixes"]),
        excluded_for=frozenset(InseeFamily(name) for name in out["families"]),
        certainty=Certainty(out["certainty"]),
    )


@lru_cache(maxsize=4096)
def insee_family(legal_category: str, activity: str = "") -> InseeAnswer:
    """The family under which INSEE counts a legal category (four digits) with that activity (NAF rév. 2, or empty).

    Answers for any text; a commercial company is never counted, whatever the law of 2014 says of it.
    """
    table, code = insee_table(), legal_category.strip()
    listed = table.categories.get(code)
    if listed is None:
        if code[:1] == "5":
            return InseeAnswer(
                None,
                "Société commerciale : l’Insee n’en compte aucune dans ses familles, même quand la loi de 2014 "
                "la reconnaît.",
                Certainty.SEEN,
            )
        return InseeAnswer(
            None,
            "Catégorie juridique absente des familles statistiques de l’Insee.",
            Certainty.MEMORY,
        )
    naf = normalise_naf(activity) or ""
    if naf and table.leaves_out(naf, listed.family):
        return InseeAnswer(
            None,
            f"Activité laissée hors du périmètre statistique : {naf} {naf_label(naf) or ''}".strip() + ".",
            Certainty.weakest(listed.certainty, table.certainty),
        )
    return InseeAnswer(
        listed.family,
        f"Catégorie juridique de la famille « {listed.family.label} » de l’Insee.",
        listed.certainty,
    )


def mapping(perimeter: Perimeter) -> tuple[Mapped, ...]:
    """Each legal category that the register or INSEE counts by its form, ours then theirs; sorted by our families.

    Commercial companies are left out of it: ours are of the ESS one by one, never by their form.
    """
    table = insee_table()
    found = []
    for code, category in sorted(perimeter.categories.items()):
        ours = category.family if category.kind is CategoryKind.BY_STATUS else None
        listed = table.categories.get(code)
        if ours is None and listed is None:
            continue
        certainty = listed.certainty if listed else Certainty.MEMORY
        found.append(
            Mapped(
                code,
                category.label,
                ours,
                listed.family if listed else None,
                Certainty.weakest(certainty, category.certainty),
                listed.source if listed else category.source,
            )
        )
    order = list(Family)
    return tuple(
        sorted(found, key=lambda each: (order.index(each.ours) if each.ours else len(order), each.code))
    )
