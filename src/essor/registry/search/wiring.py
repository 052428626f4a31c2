"""How the index follows the register: what changed is written in its transaction, and the worker takes it in."""

import logging
import time
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from essor.kernel.doctor import Check, register_check
from essor.kernel.follow import follow
from essor.kernel.french import moment
from essor.kernel.locks import Busy
from essor.registry import changes
from essor.registry.models import SearchPending
from essor.registry.queries_edition import edition_in_force
from essor.registry.search import reader, writer

logger = logging.getLogger("essor.search")

LOOK_SECONDS = 30  # between two looks at whether the index is there at all


class _Look:
    at = 0.0


def connect() -> None:
    """Listen to the register, have the worker follow it, and `essor doctor` look at it. Twice does no more."""
    # Read for what they declare: acts, periodic messages, personal data.
    for module in ("actions_search", "search.alerts", "retention_search"):
        import_module(f"essor.registry.{module}")
    changes.organisations_changed.connect(_remember, dispatch_uid="registry.search")
    follow(keep_up)
    register_check(check)


def _remember(ids: frozenset[int] | None, **_signal: Any) -> None:
    """Write what changed, in the transaction of the change."""
    if ids is None:
        SearchPending.objects.create(organisation_id=None)
        return
    SearchPending.objects.bulk_create(SearchPending(organisation_id=pk) for pk in sorted(ids))


def keep_up() -> None:
    """Take in what changed, and make an index where there is none; leaves it to another writer at work."""
    try:
        writer.drain()
        now = time.monotonic()
        if now - _Look.at >= LOOK_SECONDS:
            _Look.at = now
            if problem():
                writer.rebuild()
    except Busy:
        return


def problem() -> str:
    """What is wrong with the index, in French; empty when it answers or when there is nothing to look for."""
    if edition_in_force() is None:
        return ""
    if writer.state() is None:
        return _("L’index n’a pas encore été fait.")
    return "" if reader.is_usable() else _("L’index est absent ou abîmé.")


def check() -> Check:
    """`essor doctor`: the index is there, whole and up to date."""
    label = _("Index de recherche")
    remedy = _(
        "Lancez « essor index rebuild » ; en attendant, la recherche passe par la base, sans tolérance aux fautes."
    )
    wrong = problem()
    if wrong:
        return Check("search_index", label, "warn", wrong, remedy)
    state, late = writer.state(), SearchPending.objects.count()
    if state is None:
        return Check("search_index", label, "ok", _("Aucune édition en vigueur : rien à indexer."))
    if late > writer.MANY:
        message = _("%(count)s changements attendent : le travail de fond ne les prend pas.") % {
            "count": late
        }
        return Check(
            "search_index",
            label,
            "warn",
            message,
            _("Vérifiez que « essor serve » ou « essor work » tourne."),
        )
    count = ngettext("%(count)s organisation", "%(count)s organisations", state.organisations)
    said = count % {"count": state.organisations}
    return Check(
        "search_index",
        label,
        "ok",
        _("%(count)s, refait le %(at)s") % {"count": said, "at": moment(state.rebuilt_at)},
    )
