"""The front matter of a Markdown file of the kit. What reads its fields stands in the kernel."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from essor.kernel.reader import ContentError, Reader, mapping

__all__ = ["ContentError", "Reader", "mapping", "split"]


def split(text: str, file: str) -> tuple[Mapping[str, Any], str]:
    """The front matter and the body of a Markdown file. ContentError when the two `---` lines are not there."""
    parts = text.replace("\r\n", "\n").split("\n---\n", 1)
    if not text.startswith("---\n") or len(parts) != 2:
        raise ContentError(
            _("%(file)s : l’en-tête doit commencer et finir par une ligne « --- ».") % {"file": file}
        )
    return mapping(parts[0].removeprefix("---\n"), file), parts[1].strip()
