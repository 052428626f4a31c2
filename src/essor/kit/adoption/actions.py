"""What people do with recipes: receive one, adopt it, look at a later version, send theirs away."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kernel import audit
from essor.kit import recipe_library
from essor.kit.adoption.files import digest_of, read_file
from essor.kit.front_matter import ContentError
from essor.kit.models.adoption import Adoption, AdoptionState, ReceivedRecipe, RecipeOrigin
from essor.kit.recipe import FORMAT, LICENCE, Recipe, export, recipe_of
from essor.kit.recipe_kinds import RecipeKind, Reference, kind_of

audit.register("kit.recipe.received", gettext_lazy("{actor} a déposé la recette « {title} » ({file})"))
audit.register("kit.recipe.adopted", gettext_lazy("{actor} a adopté la recette « {title} »"))
audit.register(
    "kit.recipe.renewed", gettext_lazy("{actor} a repris la version suivante de la recette « {title} »")
)
audit.register(
    "kit.recipe.left", gettext_lazy("{actor} a laissé la version suivante de la recette « {title} »")
)
audit.register("kit.recipe.ended", gettext_lazy("{actor} a terminé l’adoption de la recette « {title} »"))
audit.register("kit.recipe.exported", gettext_lazy("{actor} a fait partir la recette « {title} »"))


@dataclass(frozen=True)
class Received:
    """A recipe read from a file; `is_new` is false when the same one was there."""

    row: ReceivedRecipe
    is_new: bool


def receive(actor: User | None, authority: Authority | None, name: str, content: bytes) -> Received:
    """Keep a recipe that comes as a file, for an authority or (None) for the installation; twice changes nothing.

    Raises `ContentError`, in French, when it does not read.
    """
    recipe = read_file(name, content)
    found = digest_of(recipe)
    rows = ReceivedRecipe.objects.filter(authority=authority, code=recipe.code, digest=found)
    known = rows.first()
    if known is not None:
        return Received(known, is_new=False)
    try:
        with transaction.atomic():
            row = ReceivedRecipe.objects.create(
                authority=authority,
                code=recipe.code,
                kind=recipe.kind,
                title=recipe.title,
                recipe=export(recipe),
                digest=found,
                file_name=name[-255:],
                received_by_id=actor.pk if actor else None,
                received_at=timezone.now(),
            )
            audit.record(
                "kit.recipe.received",
                actor_id=actor.pk if actor else None,
                subject=row,
                authority_id=authority.pk if authority else None,
                data={"title": impersonal(recipe.title, recipe.code), "file": f"{recipe.code}.yaml"},
            )
    except IntegrityError:
        return Received(rows.get(), is_new=False)
    return Received(row, is_new=True)


def received_by(authority: Authority | None) -> "list[ReceivedRecipe]":
    """The recipes received by an authority and by the installation, latest first."""
    mine = Q(authority__isnull=True) | Q(authority=authority) if authority else Q(authority__isnull=True)
    return list(ReceivedRecipe.objects.filter(mine).select_related("authority"))


def recipe_of_row(row: ReceivedRecipe) -> Recipe:
    """The recipe of a row. ContentError when this version of Essor reads it no more."""
    return recipe_of(row.recipe, row.file_name or row.code)


def adopt(actor: User | None, authority: Authority, recipe: Recipe, origin: str) -> Adoption:
    """Make a recipe an authority's own: the kind makes the thing, the adoption remembers it.

    Raises `ValidationError`: kind without a lever, body refused, adopted already.
    """
    kind = _adopting(recipe)
    if Adoption.objects.filter(authority=authority, code=recipe.code, state=AdoptionState.RUNNING).exists():
        raise ValidationError(_("Votre collectivité a déjà adopté cette recette."))
    reference = Reference(recipe.code, recipe.version, recipe.title, recipe.origin)
    try:
        with transaction.atomic():
            assert kind.adopt is not None  # noqa: S101 - said by _adopting
            thing = kind.adopt(authority, actor, recipe.body, reference)
            adoption = Adoption.objects.create(
                authority=authority,
                code=recipe.code,
                version=recipe.version,
                kind=recipe.kind,
                origin=origin,
                recipe=export(recipe),
                digest=digest_of(recipe),
                thing=":".join(audit.subject_key(thing)),
                adopted_by_id=actor.pk if actor else None,
                adopted_at=timezone.now(),
            )
            _record("kit.recipe.adopted", actor, adoption)
    except IntegrityError as error:
        raise ValidationError(_("Votre collectivité a déjà adopté cette recette.")) from error
    return adoption


def _adopting(recipe: Recipe) -> RecipeKind:
    """The kind of a recipe, once its body is read again. ValidationError without lever, or with a fault."""
    kind = kind_of(recipe.kind)
    if kind is None or kind.adopt is None:
        raise ValidationError(_("Essor ne sait pas encore faire tourner ce genre de dispositif."))
    faults = kind.problems(recipe.body)
    if faults:
        raise ValidationError(faults)
    return kind


def later_of(adoption: Adoption, received: "list[ReceivedRecipe] | None" = None) -> Recipe | None:
    """A recipe of the same code that says something else than what was adopted, and that nobody looked at yet.

    `received`: what `received_by` gave, when it was already read.
    """
    if adoption.state != AdoptionState.RUNNING:
        return None
    if adoption.origin == RecipeOrigin.PACKAGE:
        recipe = recipe_library.recipes().get(adoption.code)
    else:
        rows = received_by(adoption.authority) if received is None else received
        row = next((each for each in rows if each.code == adoption.code), None)
        try:
            recipe = recipe_of_row(row) if row else None
        except ContentError:
            recipe = None
    if (
        recipe is None
        or recipe.kind != adoption.kind
        or digest_of(recipe) in (adoption.digest, adoption.seen)
    ):
        return None
    return recipe


@transaction.atomic
def renew(actor: User | None, adoption: Adoption, digest: str) -> None:
    """Take the later version that was shown (`digest`). ValidationError when it is not that one any more."""
    locked, recipe = _later(adoption, digest)
    kind = _adopting(recipe)
    thing = thing_of(locked)
    if kind.adopt is None or thing is None:
        raise ValidationError(_("Ce que la recette avait fait n’existe plus : adoptez-la de nouveau."))
    reference = Reference(recipe.code, recipe.version, recipe.title, recipe.origin, thing)
    kind.adopt(locked.authority, actor, recipe.body, reference)
    locked.version, locked.recipe, locked.digest, locked.seen = recipe.version, export(recipe), digest, ""
    locked.save(update_fields=["version", "recipe", "digest", "seen"])
    _record("kit.recipe.renewed", actor, locked)


@transaction.atomic
def leave(actor: User | None, adoption: Adoption, digest: str) -> None:
    """Leave the later version that was shown: it is not proposed again. ValidationError as `renew`."""
    locked, _recipe = _later(adoption, digest)
    locked.seen = digest
    locked.save(update_fields=["seen"])
    _record("kit.recipe.left", actor, locked)


def _later(adoption: Adoption, digest: str) -> tuple[Adoption, Recipe]:
    locked = Adoption.objects.select_for_update().get(pk=adoption.pk)
    recipe = later_of(locked)
    if recipe is None or digest_of(recipe) != digest:
        raise ValidationError(_("La version suivante a changé : relisez la comparaison avant de choisir."))
    return locked, recipe


@transaction.atomic
def end(actor: User | None, adoption: Adoption) -> None:
    """Say that the recipe is no longer followed; what it made stays. ValidationError when it was ended already."""
    locked = Adoption.objects.select_for_update().get(pk=adoption.pk)
    if locked.state != AdoptionState.RUNNING:
        raise ValidationError(_("Cette adoption est déjà terminée."))
    locked.state = AdoptionState.ENDED
    locked.save(update_fields=["state"])
    _record("kit.recipe.ended", actor, locked)


def thing_of(adoption: Adoption) -> object | None:
    """What the recipe made; None when it is gone, or when no lever knows its kind."""
    kind = kind_of(adoption.kind)
    return kind.find(adoption.authority, adoption.thing.partition(":")[2]) if kind and kind.find else None


@dataclass(frozen=True)
class Filled:
    """What an authority says of a thing that it sends away."""

    title: str
    year: str
    summary: str
    origin: str
    document: str
    levels: tuple[str, ...]
    fiches: tuple[str, ...]
    version: int = 1
    needs: tuple[str, ...] = ()
    options: Collection[str] = ()


def export_thing(
    actor: User | None, authority: Authority, kind: RecipeKind, key: str, filled: Filled
) -> Recipe:
    """The recipe of a thing of an authority, as another installation reads it; the log keeps that it left.

    Raises `ValidationError`: nothing to send, or what is sent does not read.
    """
    thing = kind.find(authority, key) if kind.find else None
    if thing is None or kind.export is None:
        raise ValidationError(_("Il n’y a rien à faire partir."))
    place = f"-{authority.slug}"[:20].rstrip("-")
    data = {
        "format": FORMAT,
        "licence": LICENCE,
        "code": (slugify(filled.title)[:40].strip("-_") or "recette").replace("_", "-") + place,
        "version": filled.version,
        "title": filled.title,
        "kind": kind.code,
        "origin": filled.origin,
        "year": filled.year,
        "levels": list(filled.levels),
        "fiches": list(filled.fiches),
        "source": {"document": filled.document},
        "summary": filled.summary,
        "needs": list(filled.needs),
        "parameters": kind.export(thing, filled.options),
    }
    try:
        recipe = recipe_of(
            {name: value for name, value in data.items() if value not in ("", [])}, _("La recette")
        )
        recipe_library.check(recipe, _("La recette"))
    except ContentError as error:
        raise ValidationError(str(error)) from error
    audit.record(
        "kit.recipe.exported",
        actor_id=actor.pk if actor else None,
        subject=f"kit.recipe:{recipe.code}",
        authority_id=authority.pk,
        data={"title": impersonal(recipe.title, recipe.code)},
    )
    return recipe


def _record(code: str, actor: User | None, adoption: Adoption) -> None:
    audit.record(
        code,
        actor_id=actor.pk if actor else None,
        subject=adoption,
        authority_id=adoption.authority_id,
        data={"title": impersonal(str(adoption.recipe.get("title", "")), adoption.code)},
    )


def impersonal(title: str, code: str) -> str:
    """The title as the log keeps it for ever; the code when the title holds an address or a telephone number."""
    return code if not title or audit.PERSONAL_VALUES.search(title) else title
