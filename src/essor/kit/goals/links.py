"""The goals of a thing, as the component `kernel/components/goals.html` shows them."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from essor.kernel.goals import title
from essor.kit.links_support import address


def shown_goals(request: HttpRequest, goals: Iterable[int]) -> list[dict[str, Any]]:
    """Each goal with its page in the frame of the request."""
    return [
        {"number": goal, "title": title(goal), "url": address(request, "goal", goal)}
        for goal in sorted(goals)
    ]
