"""What people write in the kit: a correction, a return, the package's text again; an authority's own notes."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.enums import AGENT
from essor.accounts.models import Authority, User
from essor.accounts.rights import Rights
from essor.kernel import audit
from essor.kernel.periods import today
from essor.kit import library, markdown, recipe_library
from essor.kit.editing import texts
from essor.kit.editing.in_force import digest, touch
from essor.kit.fiche import INTERNAL, Fiche
from essor.kit.front_matter import ContentError
from essor.kit.models.content import LONGEST, ContentKind, ContentVersion

LONGEST_NOTE = 8_000

audit.register("kit.text.corrected", gettext_lazy("{actor} a corrigé la {kind} {ref} (version {number})"))
audit.register(
    "kit.text.restored", gettext_lazy("{actor} a remis en vigueur la version {source} de la {kind} {ref}")
)
audit.register("kit.text.reset", gettext_lazy("{actor} a rendu à la {kind} {ref} le texte d’Essor"))
audit.register(
    "kit.text.kept",
    gettext_lazy("{actor} a gardé le texte d’ici pour la {kind} {ref}, face à celui d’Essor"),
)
audit.register("kit.note.written", gettext_lazy("{actor} a écrit « Chez nous » sur la fiche {ref}"))
audit.register("kit.note.removed", gettext_lazy("{actor} a retiré « Chez nous » de la fiche {ref}"))


class ChangedMeanwhileError(Exception):
    """Somebody wrote since the author began: `latest` is what they wrote."""

    def __init__(self, latest: ContentVersion) -> None:
        super().__init__(latest.number)
        self.latest = latest


@dataclass(frozen=True)
class Thing:
    """What is written: a fiche or a recipe of the installation, or the note of an authority on a fiche."""

    kind: str
    code: str
    authority: Authority | None = None

    @property
    def package_text(self) -> str:
        """The package's text; "" for a note."""
        if self.kind == ContentKind.NOTE:
            return ""
        found = library if self.kind == ContentKind.FICHE else recipe_library
        return found.package_texts()[self.code]

    @property
    def subject(self) -> str:
        """Under which name the log knows it."""
        owner = f"{self.authority.pk}." if self.authority else ""
        return f"kit.{self.kind}:{owner}{self.code}"

    def latest(self) -> ContentVersion | None:
        """The version in force; None when nothing was ever written."""
        return self.versions().filter(is_latest=True).first()

    def versions(self) -> "models.QuerySet[ContentVersion]":
        """All its versions, latest first."""
        return ContentVersion.objects.filter(kind=self.kind, code=self.code, authority=self.authority)

    def text_now(self) -> str:
        """The text in force."""
        latest = self.latest()
        return latest.text if latest and not latest.is_reset else self.package_text


def exists(thing: Thing) -> bool:
    """True for a fiche, or a recipe, that comes with Essor."""
    found = recipe_library if thing.kind == ContentKind.RECIPE else library
    return thing.code in found.package_texts()


def check(thing: Thing, text: str) -> None:
    """Refuse a text that the kit could not read. ContentError, in French, with the field."""
    if len(text) > LONGEST:
        raise ContentError(
            _("Ce texte est trop long : %(limit)s signes au plus.") % {"limit": LONGEST}, field=texts.BODY
        )
    read = texts.read(thing.kind, thing.code, text)
    if read.code != thing.code:
        raise ContentError(
            _("Le texte porte le code « %(code)s » : écrivez « %(wanted)s ».")
            % {"code": read.code, "wanted": thing.code},
            field="code",
        )
    if isinstance(read, Fiche):
        library.check_links(read, library.package_fiches())
        _check_targets(read.targets)
    else:
        recipe_library.check(read, f"{thing.code}.yaml", library.package_fiches())


def says_the_same(thing: Thing, text: str) -> bool:
    """True when the text in force already says this, whatever the layout of the file."""
    try:
        return texts.same(thing.kind, thing.text_now(), text)
    except ContentError:  # the text in force reads no more: any other one says something else
        return False


def _check_targets(targets: list[str]) -> None:
    """Refuse words that lead to a fiche, a recipe or a rule that does not exist."""
    from essor.law.rules import RULES

    known = {"fiche": library.package_fiches(), "recette": recipe_library.package_texts(), "regle": RULES}
    for target in targets:
        kind, _colon, name = target.partition(":")
        if kind in known and name not in known[kind]:
            raise ContentError(
                _("Le lien « %(target)s » ne mène nulle part : vérifiez le code.") % {"target": target[:80]},
                field=texts.BODY,
            )


def correct(
    actor: User | None,
    thing: Thing,
    text: str,
    reason: str,
    *,
    seen: int,
    rebased: bool = False,
    base_text: str = "",
) -> int:
    """Put a corrected text in force; gives its number. `seen`: the version that the author began from (0: none).

    `rebased`: the author has compared with today's text of the package. `base_text`: the package's text that a
    correction written on another installation began from. Raises `ContentError` for a text that does not read,
    `ChangedMeanwhileError` when another one came first, `ValidationError` when nothing changes, `PermissionDenied`
    unless the actor edits contents.
    """
    _must_edit(actor)
    check(thing, text)
    with transaction.atomic():
        latest = _locked(thing, seen)
        overtaken = latest is not None and latest.base != digest(thing.package_text)
        if says_the_same(thing, text) and not (rebased and overtaken):
            raise ValidationError(_("Rien n’a changé : il n’y a rien à enregistrer."))
        kept = None if rebased or latest is None or latest.is_reset else latest
        base = base_text or (kept.base_text if kept else "")
        version = _add(thing, actor, latest, text, reason, base_text=base)
        _record("kit.text.corrected", thing, actor, reason, number=version.number)
    return version.number


def keep_ours(actor: User | None, thing: Thing, *, seen: int) -> None:
    """Say that our text stays, whatever the package's new one. Raises `ChangedMeanwhileError`, `ValidationError`."""
    _must_edit(actor)
    with transaction.atomic():
        latest = _locked(thing, seen)
        if latest is None or latest.is_reset or latest.base == digest(thing.package_text):
            raise ValidationError(_("Le texte d’Essor n’a pas changé : il n’y a rien à garder contre lui."))
        _add(thing, actor, latest, latest.text, _("Texte d’ici gardé face à celui d’Essor"))
        _record("kit.text.kept", thing, actor, "")


def go_back(actor: User | None, thing: Thing, number: int, *, seen: int) -> None:
    """Put the text of an earlier version in force again. Raises as `correct`, `ContentError` when it reads no more."""
    _must_edit(actor)
    with transaction.atomic():
        latest = _locked(thing, seen)
        wanted = thing.versions().get(number=number)
        if latest is not None and latest.number == number:
            raise ValidationError(_("Cette version est déjà celle que l’on lit."))
        if wanted.is_reset:
            _add(thing, actor, latest, "", "")
        else:
            check(thing, wanted.text)
            _add(thing, actor, latest, wanted.text, "", base_text=wanted.base_text)
        _record("kit.text.restored", thing, actor, "", source=number)


def reset(actor: User | None, thing: Thing, *, seen: int) -> None:
    """Give the package's text back; what was written stays among the versions. Raises as `correct`."""
    _must_edit(actor)
    with transaction.atomic():
        latest = _locked(thing, seen)
        if latest is None or latest.is_reset:
            raise ValidationError(_("Le texte lu est déjà celui d’Essor."))
        _add(thing, actor, latest, "", "")
        _record("kit.text.reset", thing, actor, "")


def write_note(actor: User, thing: Thing, text: str, *, seen: int) -> int:
    """Write what an authority says of a fiche; an empty text takes it away. Gives the number of the version.

    Raises `ValidationError` (too long, link refused, nothing changed), `ChangedMeanwhileError`, `PermissionDenied`
    unless the actor is an agent of the authority.
    """
    authority = thing.authority
    if authority is None or not Rights(actor.pk, today()).has(authority.pk, AGENT):
        raise PermissionDenied(_("Seuls les agentes et agents de la collectivité écrivent « Chez nous »."))
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST_NOTE:
        raise ValidationError(_("%(limit)s signes au plus.") % {"limit": LONGEST_NOTE})
    for run in markdown.runs_of(markdown.parse(text)):
        if run.law or (run.target and not run.target.startswith(("https://", *INTERNAL))):
            raise ValidationError(
                _("Le lien « %(target)s » doit commencer par https://, fiche:, regle: ou recette:.")
                % {"target": (run.target or f"law:{run.law}")[:80]}
            )
    with transaction.atomic():
        latest = _locked(thing, seen)
        now = latest.text if latest else ""
        if text == now.strip():
            raise ValidationError(_("Rien n’a changé : il n’y a rien à enregistrer."))
        version = _add(thing, actor, latest, f"{text}\n" if text else "", "")
        _record("kit.note.written" if text else "kit.note.removed", thing, actor, "")
    return version.number


def _must_edit(actor: User | None) -> None:
    """The command line acts for the administration of the machine: no actor there."""
    if actor is None:
        return
    rights = Rights(actor.pk, today())
    if not (rights.is_editor or rights.is_installation_admin):
        raise PermissionDenied(_("Seules les personnes chargées des contenus corrigent la boîte à outils."))


def _locked(thing: Thing, seen: int) -> ContentVersion | None:
    """The latest version, kept from other writers. `ChangedMeanwhileError` when it is not the one that was seen."""
    latest = thing.versions().select_for_update().filter(is_latest=True).first()
    if latest is not None and latest.number != seen:
        raise ChangedMeanwhileError(latest)
    return latest


def _add(
    thing: Thing,
    actor: User | None,
    latest: ContentVersion | None,
    text: str,
    reason: str,
    *,
    base_text: str = "",
) -> ContentVersion:
    """Add the version after `latest`, as `_locked` gave it, in the transaction of its act; `base_text`: what it was
    written over (today's package). `latest` is not read again: a first version has no row to lock, and the one that
    another writer has just made would be written over without a word.
    """
    thing.versions().filter(is_latest=True).update(is_latest=False)
    base_text = base_text or thing.package_text
    try:
        with transaction.atomic():
            version = ContentVersion.objects.create(
                kind=thing.kind,
                code=thing.code,
                authority=thing.authority,
                number=latest.number + 1 if latest else 1,
                is_reset=not text,
                text=text,
                base=digest(base_text) if base_text else "",
                base_text=base_text,
                reason=reason,
                author_id=actor.pk if actor else None,
                at=timezone.now(),
            )
    except IntegrityError:
        raise ChangedMeanwhileError(thing.versions().latest("number")) from None
    touch()
    return version


def _record(code: str, thing: Thing, actor: User | None, reason: str, **data: int) -> None:
    audit.record(
        code,
        actor_id=actor.pk if actor else None,
        subject=thing.subject,
        authority_id=thing.authority.pk if thing.authority else None,
        data={"ref": thing.code, "kind": str(ContentKind(thing.kind).label).lower(), **data},
        reason=reason,
    )
