"""The kind « annuaire de l’accompagnement »: supporters that an authority keeps, proposed to another.

Contacts leave only when the agent ticks them: an address may be that of a person.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kernel.periods import today
from essor.kernel.text import sort_key
from essor.kit.actions_support import Described, write
from essor.kit.enums_support import CHOICES, Axis
from essor.kit.front_matter import ContentError, Reader
from essor.kit.models.support import Supporter
from essor.kit.recipe_kinds import Option, RecipeKind, Reference

MOST = 300
AXES = {
    Axis.ROLE: "roles",
    Axis.STAGE: "stages",
    Axis.PROFILE: "profiles",
    Axis.THEME: "themes",
    Axis.GOAL: "odd",
}
TEXTS = {"conditions": 2000, "documents": 1000, "website": 300, "email": 254, "phone": 30, "contact": 300}
CONTACTS = ("email", "phone", "contact")
# First words of addresses that nobody owns: « contact@… » leaves unless the agent says no.
GENERIC = re.compile(
    r"(contact|accueil|info|infos|bonjour|secretariat|courrier|mairie|hello|association|federation)@",
    re.IGNORECASE,
)


def read(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The supporters of a body. ContentError, in French, at the first fault."""
    reader = Reader(body, _("paramètres"))
    rows = [_row(each, rank) for rank, each in enumerate(reader.items("supporters"), 1)]
    reader.end()
    if not 1 <= len(rows) <= MOST:
        raise reader.fail("supporters", len(rows), _("Écrivez de 1 à %s acteurs.") % MOST)
    names = [sort_key(row["name"]) for row in rows]
    double = next((row["name"] for row in rows if names.count(sort_key(row["name"])) > 1), "")
    if double:
        raise reader.fail("supporters", double, _("Un acteur n’est écrit qu’une fois."))
    return rows


def _row(data: Any, rank: int) -> dict[str, Any]:
    reader = Reader(data, _("acteur %s") % rank)
    row: dict[str, Any] = {
        "name": reader.text("name", longest=200),
        "offer": reader.text("offer", longest=2000),
        **{name: reader.text(name, required=False, longest=longest) for name, longest in TEXTS.items()},
        **{
            AXES[Axis(axis)]: list(reader.choices(AXES[Axis(axis)], words.values))
            for axis, words in CHOICES.items()
        },
        "employers_only": reader.raw("employers_only") is True,
        "everywhere": reader.raw("everywhere") is True,
        "source": reader.text("source", longest=300),
    }
    reader.end()
    for name, check, remedy in (
        ("website", URLValidator(["http", "https"]), _("Écrivez une adresse qui commence par https://.")),
        ("email", validate_email, _("Écrivez une adresse électronique.")),
    ):
        try:
            if row[name]:
                check(row[name])
        except ValidationError as error:
            raise reader.fail(name, row[name], remedy) from error
    for axis in ("roles", "stages"):
        if not row[axis]:
            raise reader.fail(axis, "", _("Choisissez au moins une réponse."))
    return row


def problems(body: Mapping[str, Any]) -> list[str]:
    """The faults of a body."""
    try:
        read(body)
    except ContentError as error:
        return [str(error)]
    return []


def adopt(
    authority: Authority, actor: User | None, body: Mapping[str, Any], reference: Reference
) -> Authority:
    """Add to the directory of the authority the supporters that it does not have; those of the same name stay."""
    own = Supporter.objects.filter(authority=authority, closed_on__isnull=True)
    known = set(own.values_list("sort_key", flat=True))
    for row in read(body):
        if sort_key(row["name"]) in known:
            continue
        values = {name: row[name] for name in ("name", "offer", *TEXTS, "employers_only", "source")}
        values["territory"] = None if row["everywhere"] else authority.territory
        values["source_day"] = today()
        write(
            Supporter(authority=authority),
            Described(values, {axis: row[name] for axis, name in AXES.items()}),
        )
    return authority


def export(authority: Authority, options: Collection[str]) -> dict[str, Any]:
    """The supporters that the authority keeps; contacts of those ticked only."""
    return {"supporters": [_written(each, options) for each in _rows(authority)]}


def _rows(authority: Authority) -> list[Supporter]:
    rows = Supporter.objects.filter(authority=authority, closed_on__isnull=True)
    return list(rows.prefetch_related("marks")[:MOST])


def _written(supporter: Supporter, options: Collection[str]) -> dict[str, Any]:
    ticked = str(supporter.pk) in options
    texts = [name for name in TEXTS if ticked or name not in CONTACTS]
    row: dict[str, Any] = {
        "name": supporter.name,
        "offer": supporter.offer,
        **{name: getattr(supporter, name) for name in texts},
        **{name: sorted(supporter.marks_of(axis)) for axis, name in AXES.items()},
        "employers_only": supporter.employers_only,
        "everywhere": supporter.territory_id is None,
        "source": supporter.source,
    }
    return {name: value for name, value in row.items() if value not in ("", [], False)}


def options(authority: Authority) -> Sequence[Option]:
    """The contacts that may leave, those of an organisation ticked."""
    return [
        Option(str(each.pk), f"{each.name} — {told}", bool(GENERIC.match(each.email)) and not each.contact)
        for each in _rows(authority)
        if (told := ", ".join(getattr(each, name) for name in CONTACTS if getattr(each, name)))
    ]


def tell(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Each supporter: what it brings, to whom, when."""
    return {row["name"]: _lines(row) for row in read(body)}


def _lines(row: Mapping[str, Any]) -> list[str]:
    marks = [
        f"{Axis(axis).label} : {', '.join(str(CHOICES[axis](code).label) for code in row[AXES[Axis(axis)]])}"
        for axis in CHOICES
        if row[AXES[Axis(axis)]]
    ]
    texts = [
        (name, ", ".join(filter(None, map(str.strip, row[name].splitlines())))) for name in TEXTS if row[name]
    ]
    told = [_("À préparer : %s") % text if name == "documents" else text for name, text in texts]
    return [row["offer"], *marks, *told]


def find(authority: Authority, key: str) -> Authority | None:
    """The directory of an authority is one thing: the authority's own."""
    return authority if key == str(authority.pk) else None


def things(authority: Authority) -> Sequence[tuple[str, str]]:
    """The directory of the authority, once it keeps somebody."""
    kept = Supporter.objects.filter(authority=authority, closed_on__isnull=True).exists()
    return [(str(authority.pk), _("Notre annuaire de l’accompagnement"))] if kept else []


DIRECTORY = RecipeKind(
    code="support_directory",
    problems=problems,
    adopt=adopt,
    find=find,
    export=export,
    options=options,
    tell=tell,
    things=things,
    page="kit:support",
    effect=gettext_lazy(
        "Les acteurs que votre annuaire n’a pas y sont ajoutés, sur votre territoire. Ceux du même nom restent "
        "tels que vous les avez écrits."
    ),
    fiches=("K21",),
)
