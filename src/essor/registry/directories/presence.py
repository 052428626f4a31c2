"""What the page of an organisation shows of the directories where it stands."""

from collections.abc import Iterable, Sequence
from typing import Any

from essor.registry.models import DirectoryEntry, OrganisationTag
from essor.registry.words import safe_website, website_words


def presence(entries: Iterable[DirectoryEntry], *, contact: bool = True) -> list[dict[str, Any]]:
    """The lines of « Présente dans »: directory, what it says, date of the list.

    `contact`: False leaves out website and telephone, hidden at somebody's request.
    """
    return [
        {
            "directory": entry.directory.name,
            "kind": entry.values.get("kind", ""),
            "website": safe_website(entry.values.get("website", "")) if contact else "",
            "website_words": website_words(entry.values.get("website", "")),
            "phone": entry.values.get("phone", "") if contact else "",
            "day": entry.day,
            "until": entry.until,
            "over": entry.until is not None,
        }
        for entry in entries
    ]


def names_by_source(entries: Iterable[DirectoryEntry]) -> dict[str, DirectoryEntry]:
    """Code of a directory → its entry: tags bear the code as their source."""
    return {entry.directory.code: entry for entry in entries}


def of_editions(tags: Sequence[OrganisationTag], entries: Iterable[DirectoryEntry]) -> list[OrganisationTag]:
    """The tags that editions brought: only these bear on the qualification that the edition made."""
    codes = names_by_source(entries)
    return [tag for tag in tags if tag.source not in codes]
