"""Checks on the identity of an authority."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.fr import siren as siren_number

from essor.kernel.audit import PERSONAL_VALUES


def validate_slug_not_reserved(slug: str) -> None:
    """Refuse the words that common pages use as their first segment."""
    from essor.accounts.slugs import is_reserved

    if is_reserved(slug):
        raise ValidationError(
            _("« %(slug)s » est réservé aux pages communes : choisissez une autre adresse.") % {"slug": slug}
        )


def validate_siren(value: str) -> None:
    """Refuse a SIREN whose length or key is wrong."""
    if not siren_number.is_valid(value):
        raise ValidationError(
            _("« %(value)s » n’est pas un SIREN : neuf chiffres, dont le dernier est une clé de contrôle.")
            % {"value": value}
        )


def validate_accent(value: str) -> None:
    """Refuse a colour that would not be read on the paper, or under white text (contrast 4.5)."""
    from essor.kernel import colour

    problem = colour.accent_problem(value)
    if problem:
        raise ValidationError(problem)


def validate_impersonal(value: str) -> None:
    """Refuse an e-mail address or a telephone number in the name of a thing: names stay for ever in the audit log."""
    if PERSONAL_VALUES.search(value):
        raise ValidationError(_("Un nom ne contient ni adresse électronique ni numéro de téléphone."))
