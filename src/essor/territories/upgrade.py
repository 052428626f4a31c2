"""The part of the territories in `essor upgrade`: the division that comes with this version."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.upgrade import upgrade_step
from essor.territories.actions import load_reference

FILLED = ("territories.Territory", "territories.CommuneCode", "territories.PostalCode", "territories.Load")


@upgrade_step("territories.reference", gettext_lazy("Découpage administratif"), fills=FILLED)
def reference() -> str:
    """Load the division shipped with Essor, or say that it already is in force."""
    report = load_reference()
    if report.notes:
        return " ".join(report.notes)
    if not report.changed:
        return _("millésime %(year)s déjà en vigueur") % {"year": report.vintage}
    told = _(
        "millésime %(year)s chargé : %(created)s territoires créés, %(updated)s corrigés, %(withdrawn)s retirés"
    )
    return told % {"year": report.vintage, **report.counts}
