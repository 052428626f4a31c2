"""What people do around the search: keep one, be told of what is new, teach it words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.accounts.rights import Rights
from essor.kernel import audit
from essor.kernel.periods import today
from essor.kernel.text import fold
from essor.registry import queries
from essor.registry.models import SavedSearch, SearchState, SearchSynonym
from essor.registry.search import alerts, synonyms

MOST_SEARCHES = 50  # a person's
MOST_LINES = 40  # activities, or other words, of a line

audit.register("registry.search.saved", gettext_lazy("{actor} a gardé une recherche dans le registre"))
audit.register("registry.search.changed", gettext_lazy("{actor} a changé une recherche gardée"))
audit.register("registry.search.erased", gettext_lazy("{actor} a effacé une recherche gardée"))
audit.register(
    "registry.search.stopped", gettext_lazy("{actor} a arrêté les messages d’une recherche gardée")
)
audit.register("registry.words.written", gettext_lazy("{actor} a écrit les mots de la recherche « {words} »"))
audit.register(
    "registry.words.removed", gettext_lazy("{actor} a retiré les mots de la recherche « {words} »")
)


@dataclass(frozen=True)
class Kept:
    """What a person says of a search they keep."""

    name: str
    alert: str


def save_search(user: User, kept: Kept, query: str, authority: Authority | None) -> SavedSearch:
    """Keep a search of the list. What answers to it today is known: messages tell what comes later.

    Raises `ValidationError` for a name already taken, or one search too many.
    """
    search = SavedSearch(user=user, name=kept.name, alert=kept.alert, query=query, authority=authority)
    search.full_clean(exclude=["token"])
    if SavedSearch.objects.filter(user=user).count() >= MOST_SEARCHES:
        raise ValidationError(
            _("Vous gardez déjà %(count)s recherches : effacez-en une.") % {"count": MOST_SEARCHES}
        )
    search.known = alerts.pack(queries.matching_ids(alerts.filters_of(search, timezone.now())))
    search.checked_version = alerts.load_mark(queries.edition_in_force())
    with transaction.atomic():
        search.save()
        audit.record("registry.search.saved", actor_id=user.pk, subject=search)
    return search


@transaction.atomic
def change_search(user: User, search: SavedSearch, kept: Kept) -> None:
    """Rename a search, change its messages. `PermissionDenied` unless it is the person's own."""
    _must_own(user, search)
    written = ["name", "alert"]  # the job of messages writes what is known, at the same time
    if kept.alert != search.alert and search.alert == SavedSearch.Alert.NONE:
        # What came while no message was wanted is not news.
        search.known = alerts.pack(queries.matching_ids(alerts.filters_of(search, timezone.now())))
        search.checked_version = alerts.load_mark(queries.edition_in_force())
        written += ["known", "checked_version"]
    search.name, search.alert = kept.name, kept.alert
    search.full_clean(exclude=["token"])
    search.save(update_fields=written)
    audit.record("registry.search.changed", actor_id=user.pk, subject=search)


@transaction.atomic
def erase_search(user: User, search: SavedSearch) -> None:
    """Erase a search. `PermissionDenied` unless it is the person's own."""
    _must_own(user, search)
    audit.record("registry.search.erased", actor_id=user.pk, subject=search)
    search.delete()


def _must_own(user: User, search: SavedSearch) -> None:
    if search.user_id != user.pk:
        raise PermissionDenied(_("Cette recherche est à quelqu’un d’autre."))


@transaction.atomic
def stop_messages(token: str) -> bool:
    """Stop the messages of the search that bears this token; whether one does."""
    search = SavedSearch.objects.filter(token=token).first()
    if search is None:
        return False
    if search.alert != SavedSearch.Alert.NONE:
        search.alert = SavedSearch.Alert.NONE
        search.save(update_fields=["alert"])
        audit.record("registry.search.stopped", actor_id=search.user_id, subject=search)
    return True


def write_words(actor: User, words: str, naf: Sequence[str], equivalents: Sequence[str]) -> SearchSynonym:
    """Say what some words stand for, in place of the package's line for the same words.

    Without activity nor other word, the package's line is hidden. Raises `PermissionDenied` unless the actor edits
    contents, `ValidationError` for words or activities that cannot be used.
    """
    _must_edit(actor)
    key = fold(words)
    if not key:
        raise ValidationError({"words": _("Écrivez au moins un mot.")})
    wrong = [code for code in naf if not synonyms.is_naf(code)]
    if wrong:
        message = _(
            "« %(code)s » ne commence aucun code de la NAF : écrivez par exemple 88, 88.10 ou 88.10A."
        )
        raise ValidationError({"naf": message % {"code": wrong[0]}})
    others = [text.strip() for text in dict.fromkeys(equivalents) if fold(text) and fold(text) != key]
    if len(naf) > MOST_LINES or len(others) > MOST_LINES:
        raise ValidationError(_("%(count)s activités et autant de mots au plus.") % {"count": MOST_LINES})
    try:
        with transaction.atomic():
            row, _created = SearchSynonym.objects.update_or_create(
                key=key,
                defaults={"words": words.strip(), "naf": list(dict.fromkeys(naf)), "equivalents": others},
            )
            _read_again()
            audit.record("registry.words.written", actor_id=actor.pk, subject=row, data={"words": row.words})
    except IntegrityError as error:
        raise ValidationError(
            _("Quelqu’un vient d’écrire ces mots : regardez-les avant de recommencer.")
        ) from error
    return row


@transaction.atomic
def remove_words(actor: User, row: SearchSynonym) -> None:
    """Remove the editors' line: the package's own, if there is one, is in force again."""
    _must_edit(actor)
    audit.record("registry.words.removed", actor_id=actor.pk, subject=row, data={"words": row.words})
    row.delete()
    _read_again()


def _must_edit(actor: User) -> None:
    rights = Rights(actor.pk, today())
    if not (rights.is_editor or rights.is_installation_admin):
        raise PermissionDenied(
            _("Seules les personnes chargées des contenus changent les mots de la recherche.")
        )


def _read_again() -> None:
    """Have every process read the words again: they stand with the index."""
    SearchState.objects.update(version=F("version") + 1)
