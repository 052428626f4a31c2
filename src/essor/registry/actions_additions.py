"""Adding an organisation that no source knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.checks import Actor, actor_id
from essor.accounts.models import Authority
from essor.formats.identifiers import is_rna, siren_trouble
from essor.kernel import audit
from essor.kernel.periods import today
from essor.kernel.text import fold
from essor.registry import changes, perimeter_store
from essor.registry.actions_tags import put_row
from essor.registry.enums import Verdict
from essor.registry.facts import Qualification
from essor.registry.models import (
    Establishment,
    EstablishmentFacts,
    Identifier,
    Organisation,
    OrganisationAddition,
    OrganisationFacts,
)
from essor.registry.nomenclatures import normalise_naf, sector_of
from essor.registry.pipeline.qualification import VALUED
from essor.registry.self_assessment import AssessmentError, assess, legal_category_of
from essor.registry.territory_rights import must_work_in, told_name
from essor.territories.models import Territory

audit.register("registry.organisation.added", gettext_lazy("{actor} a ajouté « {name} » au registre"))


@dataclass(frozen=True)
class NewOrganisation:
    """What an agent says of an organisation that no source knows. `answers`: codes of the self-assessment."""

    name: str
    legal_form: str
    commune: Territory
    statement: str
    sector: str = ""
    naf: str = ""
    acronym: str = ""
    purpose: str = ""
    website: str = ""
    address: str = ""
    postal_code: str = ""
    created_on: date | None = None
    siren: str = ""
    rna: str = ""
    source: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


def postal(address: str) -> str:
    """An address as Sirene writes it: capitals, no accent, so that the same place reads the same."""
    return fold(address).upper()[:300]


def add_organisation(actor: Actor, authority: Authority | None, new: NewOrganisation) -> Organisation:
    """Add an organisation to the register, qualified by the rules with what the agent answered.

    Raises `PermissionDenied` for a commune out of the authority's territory, `ValidationError` for a wrong number, a
    number that the register has, or answers that put it out of the ESS.
    """
    day = today()
    must_work_in(actor, authority, [new.commune.pk], day)
    _check(new)
    found = qualify_new(new, day)
    try:
        with transaction.atomic():
            made = _write(actor, authority, new, found)
            audit.record(
                "registry.organisation.added",
                actor_id=actor_id(actor),
                subject=made,
                authority_id=authority.pk if authority else None,
                data={"name": told_name(made), "siren": new.siren or None},
                reason=new.statement[:2000],
            )
            changes.tell([made.pk])
    except IntegrityError as error:
        raise ValidationError(_("Le registre a déjà une organisation avec ce numéro.")) from error
    return made


def qualify_new(new: NewOrganisation, day: date) -> Qualification:
    """The verdict for what the agent answered; « to_check » where nothing lets conclude.

    Raises `ValidationError` when the answers cannot be read, or put the organisation out of the ESS.
    """
    perimeter = perimeter_store.in_force(day)
    category = perimeter.category(legal_category_of(new.legal_form))
    rule = perimeter.exclusion(new.naf, category.family if category else None)
    answers = {**new.answers, "legal_form": new.legal_form, "activity": rule.prefix if rule else "none"}
    try:
        found = assess(answers, day, perimeter)
    except AssessmentError as error:
        raise ValidationError(list(error.errors.values())) from error
    if found.verdict is Verdict.OUTSIDE:
        raise ValidationError(
            {
                "legal_form": _("D’après ces réponses, elle ne relève pas de l’ESS. %(reason)s")
                % {"reason": found.reason}
            }
        )
    return found


def _check(new: NewOrganisation) -> None:
    problems: dict[str, str] = {}
    if not new.name.strip():
        problems["name"] = _("Donnez le nom de l’organisation.")
    if not new.statement.strip():
        problems["statement"] = _("Dites pourquoi elle relève de l’ESS.")
    trouble = siren_trouble(new.siren) if new.siren else None
    if trouble:
        problems["siren"] = _("« %(value)s » : %(why)s %(remedy)s") % {
            "value": new.siren,
            "why": trouble[0],
            "remedy": trouble[1],
        }
    if new.rna and not is_rna(new.rna):
        problems["rna"] = _(
            "« %(value)s » n’est pas un numéro RNA : la lettre W suivie de neuf caractères, par exemple W312000123."
        ) % {"value": new.rna}
    if new.naf and not normalise_naf(new.naf):
        problems["naf"] = _("« %(value)s » n’est pas un code NAF : écrivez par exemple 38.32Z.") % {
            "value": new.naf
        }
    for name, scheme, value in _numbers(new):
        owner = Identifier.objects.filter(scheme=scheme, value=value).select_related("organisation").first()
        if owner and not owner.organisation.is_public:
            problems[name] = _("Le registre a déjà une organisation avec ce numéro.")
        elif owner and name not in problems:
            problems[name] = _(
                "Le registre a déjà « %(owner)s » avec ce numéro : ouvrez sa fiche (n° %(pk)s)."
            ) % {
                "owner": owner.organisation.name,
                "pk": owner.organisation_id,
            }
    if problems:
        raise ValidationError(problems)


def _numbers(new: NewOrganisation) -> list[tuple[str, str, str]]:
    both = (("siren", Identifier.Scheme.SIREN, new.siren), ("rna", Identifier.Scheme.RNA, new.rna))
    return [(name, str(scheme), value) for name, scheme, value in both if value]


def _write(
    actor: Actor, authority: Authority | None, new: NewOrganisation, found: Qualification
) -> Organisation:
    made = Organisation.objects.create(name=new.name.strip()[:300])
    for _name, scheme, value in _numbers(new):
        Identifier.objects.create(organisation=made, scheme=scheme, value=value)
    OrganisationFacts.objects.create(
        organisation=made,
        origin=OrganisationFacts.Origin.AGENT,
        name=made.name,
        acronym=new.acronym[:60],
        search_text=" ".join(dict.fromkeys(fold(text) for text in (new.name, new.acronym) if text)),
        legal_category=legal_category_of(new.legal_form),
        naf=normalise_naf(new.naf) or "",
        sector=_sector(new),
        family=str(found.family.value) if found.family else "",
        verdict=str(found.verdict.value),
        created_on=new.created_on,
        purpose=new.purpose,
        website=new.website[:300],
        commune=new.commune,
        conditions=_conditions(found),
        row_hash="",
    )
    EstablishmentFacts.objects.create(
        establishment=Establishment.objects.create(organisation=made),
        is_head_office=True,
        address=postal(new.address),
        postal_code=new.postal_code[:5],
        commune=new.commune,
        naf=normalise_naf(new.naf) or "",
        created_on=new.created_on,
        row_hash="",
    )
    for tag in found.tags:
        put_row(made, str(tag.value), authority, origin=_("Déclaré à l’ajout"), actor=actor)
    OrganisationAddition.objects.create(
        organisation=made,
        authority=authority,
        added_by_id=actor_id(actor),
        legal_form=new.legal_form,
        answers=dict(new.answers),
        statement=new.statement.strip(),
        source=new.source.strip()[:200],
        address=new.address.strip()[:300],
    )
    return made


def _sector(new: NewOrganisation) -> str:
    known = sector_of(new.naf) if new.naf else None
    return new.sector or (known.code if known else "")


def _conditions(found: Qualification) -> list[dict[str, str]]:
    """The conditions in short, as editions keep them; their source is the agent."""
    kept = []
    for condition in found.conditions:
        if condition.parent is None:
            entry = {"code": condition.code, "state": str(condition.state.value), "source": "agent"}
            if condition.code in VALUED and condition.value:
                entry["value"] = condition.value
            kept.append(entry)
    return kept
