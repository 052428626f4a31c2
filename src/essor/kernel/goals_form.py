"""The field where a person chooses the goals of a thing: a list of seventeen with search, and a number of choices."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from essor.kernel import goals

MOST = 5  # a thing that serves all the goals tells nothing


class GoalsInput(forms.CheckboxSelectMultiple):
    """Seventeen boxes, each with its swatch; a script adds the search and tells how many are left."""

    template_name = "kernel/forms/goals.html"

    most = MOST

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template reads."""
        return super().get_context(name, value, attrs) | {"most": self.most}


class GoalsField(forms.TypedMultipleChoiceField):
    """Up to `most` goals; the value is the text that a thing carries (`goals.written`)."""

    widget = GoalsInput

    def __init__(self, *, most: int = MOST, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("label", gettext_lazy("Objectifs de développement durable (ODD)"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("choices", [(goal, goals.title(goal)) for goal in goals.GOALS])
        super().__init__(coerce=int, empty_value=[], **kwargs)
        if not self.help_text:
            self.help_text = ngettext(
                "%(count)s au plus : celui qui compte le plus.",
                "%(count)s au plus : ceux qui comptent le plus.",
                most,
            ) % {"count": most}
        self.widget.most = most

    def prepare_value(self, value: Any) -> Any:
        """Boxes to check: the initial value may be the carried text."""
        return [str(goal) for goal in goals.read(value)] if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """The carried text. ValidationError, in French, beyond `most`."""
        chosen: Iterable[int] = super().clean(value)
        kept = sorted(set(chosen))
        if len(kept) > self.most:
            raise forms.ValidationError(
                _("Choisissez %(most)s objectifs au plus : vous en avez %(count)s.")
                % {"most": self.most, "count": len(kept)}
            )
        return goals.written(kept)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the boxes differ from the carried text."""
        before = list(goals.read(initial)) if isinstance(initial, str) else list(initial or [])
        return sorted(str(goal) for goal in before) != sorted(str(goal) for goal in data or [])
