"""The feed of changes of the law (Atom, RFC 4287): the same entries for everyone, with addresses that never change."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from essor.kernel.periods import PARIS
from essor.kernel.release import version as release
from essor.law.changes import Change
from essor.rulebook.days import year_before

# The year in which these addresses were first given: a `tag:` address (RFC 4151) needs a date of its authority.
TAG_YEAR = 2026


def identifier_of(change: Change) -> str:
    """The address of an entry: host, parameter and day; a value corrected on its day keeps it."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"tag:{host},{TAG_YEAR}:droit/{change.parameter}/{change.day.isoformat()}"


def updated_at(change: Change, today: date, written: Mapping[tuple[str, date], datetime]) -> datetime:
    """When an entry last changed: the day of effect once it has come, before it the day of announcement (a year ahead).

    A value added here counts from the moment when it was written, when that is later.
    """
    day = change.day if change.day <= today else min(today, year_before(change.day))
    moment = datetime.combine(day, time(0), PARIS)
    return max(moment, written.get((change.parameter, change.day), moment))


@cache
def shipped_at() -> datetime:
    """When the shipped parameters were installed: the newest of their files."""
    folder = Path(str(resources.files("essor.law").joinpath("parameters")))
    newest = max(file.stat().st_mtime for file in folder.rglob("*.yaml"))
    return datetime.fromtimestamp(int(newest), PARIS)


def etag_of(*parts: object) -> str:
    """A strong validator of everything that the feed is made of."""
    told = "|".join(str(part) for part in (release(), shipped_at(), *parts))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


class _Feed(Atom1Feed):
    """Atom as Django writes it, with the moment that the feed gives as its own."""

    def __init__(self, *args: object, updated: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._updated = updated

    def latest_post_date(self) -> datetime:
        """The moment that the feed gives as its own."""
        return self._updated


def write(
    changes: Sequence[Change],
    *,
    today: date,
    page: str,
    address: str,
    values: Mapping[str, str],
    written: Mapping[tuple[str, date], datetime],
    updated: datetime,
) -> str:
    """The feed as text. `values` gives the absolute page of each parameter, `page` and `address` those of the feed."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    feed = _Feed(
        title=_("Ce qui change dans le droit"),
        link=page,
        feed_url=address,
        feed_guid=f"tag:{host},{TAG_YEAR}:droit",
        description=_("Seuils, plafonds et règles du soutien à l’ESS : ce qui change, avec le texte."),
        subtitle=_("Seuils, plafonds et règles du soutien à l’ESS : ce qui change, avec le texte."),
        language="fr",
        author_name="Essor",
        updated=updated,
    )
    for change in sorted(changes, key=lambda each: (each.day, each.parameter), reverse=True):
        moment = updated_at(change, today, written)
        feed.add_item(
            title=change.description,
            link=values[change.parameter],
            description=change.sentence,
            unique_id=identifier_of(change),
            pubdate=moment,
            updateddate=moment,
        )
    return feed.writeString("utf-8")
