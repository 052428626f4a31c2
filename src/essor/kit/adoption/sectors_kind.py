"""The kind « liste de politiques sectorielles »: the list of one authority, taken by another."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kit.front_matter import ContentError, Reader
from essor.kit.policies.actions import MOST, Said, take
from essor.kit.recipe import CODE
from essor.kit.recipe_kinds import RecipeKind, Reference
from essor.kit.sectors import sectors, sectors_of


def read(body: Mapping[str, Any]) -> list[tuple[str, Said]]:
    """The policies of a body, in order. ContentError, in French, at the first fault."""
    reader = Reader(body, _("paramètres"))
    found: dict[str, Said] = {}
    for rank, each in enumerate(reader.items("policies"), 1):
        row = Reader(each, _("politique %s") % rank)
        code, label = row.text("code", longest=60), row.text("label", longest=120)
        seed = row.choice("seed", sectors(), required=False)
        row.end()
        if not CODE.fullmatch(code):
            raise row.fail("code", code, _("Écrivez des minuscules sans accent, des chiffres et des tirets."))
        if code in found or label in {said.label for said in found.values()}:
            raise row.fail("code", f"{code}, {label}", _("Une politique n’est écrite qu’une fois."))
        found[code] = Said(label, seed)
    reader.end()
    if not 1 <= len(found) <= MOST:
        raise reader.fail("policies", len(found), _("Écrivez de 1 à %s politiques.") % MOST)
    return list(found.items())


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
    """Give the authority the policies of a body."""
    take(actor, authority, read(body))
    return authority


def export(authority: Authority, options: Collection[str]) -> dict[str, Any]:
    """The list of an authority: codes, names, where each stands in Essor's list; services stay at home."""
    return {
        "policies": [
            {"code": each.code, "label": each.label, **({"seed": each.seed} if each.seed else {})}
            for each in sectors_of(authority.pk).values()
        ]
    }


def tell(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names, in order; where each stands in Essor's list when it bears another name there."""
    return {_("Politiques"): [_told(said) for _code, said in read(body)]}


def _told(said: Said) -> str:
    seed = sectors().get(said.seed)
    if seed is None:
        return _("%s (propre à cette liste)") % said.label
    return (
        said.label
        if seed.label == said.label
        else _("%(label)s (dans la liste d’Essor : %(seed)s)")
        % {
            "label": said.label,
            "seed": seed.label,
        }
    )


def find(authority: Authority, key: str) -> Authority | None:
    """The list of an authority is one thing: the authority's own."""
    return authority if key == str(authority.pk) else None


def things(authority: Authority) -> Sequence[tuple[str, str]]:
    """The list of the authority."""
    return [(str(authority.pk), _("Nos politiques sectorielles"))]


SECTORS = RecipeKind(
    code="sectors",
    problems=problems,
    adopt=adopt,
    find=find,
    export=export,
    tell=tell,
    things=things,
    page="kit-authority:policies",
    effect=gettext_lazy(
        "Vos politiques prennent ces noms et cet ordre. Celles que la liste n’a pas sont retirées, sans être "
        "effacées : les actes qui les portent les gardent. Les services responsables restent."
    ),
    fiches=("K02",),
)
