"""The API of Aides-territoires, page after page, on demand: its answers become one file that the import reads."""

import json
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from essor.formats.aids import MAX_BYTES
from essor.kernel import web

MAX_PAGES = 1000
DELAY = 0.5  # seconds between two pages


class Unreachable(Exception):
    """The API did not give its list; the message, in French, says where and what to do. Nothing has changed."""


def fetch_pages(
    url: str, token: str, sink: Path, told: Callable[[int], object], *, delay: float = DELAY
) -> int:
    """Copy all the aids of an API to `sink` as one answer; gives how many. `told` receives how many are there so far.

    The pages are those that the answers name (`next`), on the same server: the token goes nowhere else.
    """
    rows: list[Any] = []
    asked = url
    seen: set[str] = set()
    while asked and asked not in seen and len(seen) < MAX_PAGES:
        if seen:
            time.sleep(delay)
        seen.add(asked)
        page = _page(asked, token)
        rows += page["results"]
        told(len(rows))
        asked = urljoin(asked, str(page["next"])) if page.get("next") else ""
        if asked and urlsplit(asked)[:2] != urlsplit(url)[:2]:
            raise Unreachable(
                _("L’API renvoie à un autre serveur (%s) : rien n’a changé. Vérifiez son adresse.")
                % urlsplit(asked).netloc
            )
    sink.write_text(json.dumps({"count": len(rows), "results": rows}, ensure_ascii=False), encoding="utf-8")
    return len(rows)


def _page(url: str, token: str) -> dict[str, Any]:
    content = BytesIO()
    try:
        web.download(url, content, limit=MAX_BYTES, headers={"Authorization": f"Bearer {token}"})
        page = json.loads(content.getvalue().decode("utf-8"))
    except (web.WebRefused, web.WebFailed) as error:
        raise Unreachable(
            _("%(url)s : %(error)s. Rien n’a changé. Vérifiez l’adresse et le jeton.")
            % {"url": url, "error": error}
        ) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Unreachable(_("%s : la réponse n’est pas du JSON. Rien n’a changé.") % url) from error
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        raise Unreachable(_("%s : la réponse n’a pas de liste « results ». Rien n’a changé.") % url)
    return page
