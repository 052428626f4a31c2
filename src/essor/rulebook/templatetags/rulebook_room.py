"""The room's own tabs: values, questions, changes, and the answers kept for those who may read them."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.rulebook.access import may_keep_notes
from essor.rulebook.links import address

register = template.Library()


@register.inclusion_tag("kernel/components/tabs.html", takes_context=True)
def law_room(context: Context, part: str) -> dict[str, Any]:
    """The same tabs on every page of the room. `part` is where the page stands: values, rules, changes or notes."""
    request = context["request"]
    tabs = [
        (name, label, address(request, name))
        for name, label in (
            ("values", _("Seuils et valeurs")),
            ("rules", _("Poser une question")),
            ("changes", _("Ce qui change")),
        )
    ]
    if may_keep_notes(request):
        url = reverse("rulebook-notes:list", args=(request.authority.slug,))
        tabs.append(("notes", _("Réponses gardées"), url))
    return {
        "tabs_label": _("Règles et seuils"),
        "tabs": [
            {"label": label, "url": url, "current": name == part, "count": None} for name, label, url in tabs
        ],
    }
