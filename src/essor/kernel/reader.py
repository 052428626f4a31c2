"""Typed values out of YAML written by people; a fault names file, field, value and remedy. Pure."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import yaml
from django.utils.translation import gettext as _

from essor.kernel.french import to_decimal, unbroken


class ContentError(ValueError):
    """A content that cannot be read; its text, in French, says where and what to write."""


def mapping(text: str, file: str) -> Mapping[str, Any]:
    """The YAML mapping of a text. ContentError with the line and the column of what YAML cannot read."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = (
            _(", ligne %(line)s, colonne %(column)s") % {"line": mark.line + 1, "column": mark.column + 1}
            if mark
            else ""
        )
        raise ContentError(
            _("%(file)s%(place)s : ce YAML ne se lit pas (%(why)s). Vérifiez les guillemets et les retraits.")
            % {"file": file, "place": place, "why": getattr(error, "problem", "") or type(error).__name__}
        ) from error
    if not isinstance(found, dict):
        raise ContentError(_("%(file)s : on attend des lignes « champ: valeur ».") % {"file": file})
    return found


class Reader:
    """Reads the fields of one mapping; `end` refuses those that nobody read. `error` is what it raises."""

    error: type[ContentError] = ContentError

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, dict):
            raise self.error(
                _("%(where)s : on attend des lignes « champ: valeur », pas « %(value)s ».")
                % {"where": where, "value": str(data)[:60]}
            )
        self.data, self.where, self.read = data, where, set[str]()

    def fail(self, field: str, value: Any, remedy: str) -> ContentError:
        """The error of a field."""
        return self.error(
            _("%(where)s, champ « %(field)s » : « %(value)s » ne convient pas. %(remedy)s")
            % {"where": self.where, "field": field, "value": str(value)[:80], "remedy": remedy}
        )

    def raw(self, field: str) -> Any:
        """What is written, None when nothing is."""
        self.read.add(field)
        return self.data.get(field)

    def text(self, field: str, *, required: bool = True, longest: int = 1200) -> str:
        """A text; a number is taken as it is written."""
        value = self.raw(field)
        if value is None and not required:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.fail(field, value, _("Écrivez un texte."))
        told = str(value).strip()
        if (required and not told) or len(told) > longest:
            raise self.fail(
                field, value, _("Écrivez un texte de 1 à %(longest)s signes.") % {"longest": longest}
            )
        return unbroken(told)

    def choice(self, field: str, known: Collection[str], *, required: bool = True) -> str:
        """One of the words known."""
        told = self.text(field, required=required)
        if told and told not in known:
            raise self.fail(field, told, _("Choisissez parmi : %s.") % ", ".join(known))
        return told

    def items(self, field: str) -> list[Any]:
        """A list, empty when nothing is written."""
        value = self.raw(field)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fail(field, value, _("Écrivez une liste, entre crochets ou ligne par ligne."))
        return value

    def choices(self, field: str, known: Collection[Any]) -> tuple[Any, ...]:
        """A list of values known, without doubles."""
        told = self.items(field)
        for value in told:
            if value not in known:
                raise self.fail(field, value, _("Choisissez parmi : %s.") % ", ".join(map(str, known)))
        return tuple(dict.fromkeys(told))

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts."""
        told = self.items(field)
        for value in told:
            if not isinstance(value, str) or not value.strip():
                raise self.fail(field, value, _("Écrivez une liste de textes."))
        return tuple(unbroken(value.strip()) for value in told)

    def whole(self, field: str) -> int:
        """A whole number of 0 or more."""
        value = self.raw(field)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.fail(field, value, _("Écrivez un nombre entier."))
        return value

    def flag(self, field: str) -> bool:
        """Yes or no; no when nothing is written."""
        value = self.raw(field)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.fail(field, value, _("Écrivez true ou false."))
        return value

    def decimal(self, field: str) -> Decimal | None:
        """An exact number, written as a number or as a text with a point; None when nothing is written."""
        value = self.raw(field)
        if value is None:
            return None
        found = None if isinstance(value, bool) else to_decimal(value)
        if found is None:
            raise self.fail(field, value, _("Écrivez un nombre, par exemple 1500.50."))
        return found

    def end(self) -> None:
        """Refuse fields that do not exist: a misspelt one would be lost without a word."""
        for field in self.data:
            if field not in self.read:
                raise self.fail(
                    str(field),
                    self.data[field],
                    _("Ce champ n’existe pas : corrigez son nom, ou retirez-le."),
                )
