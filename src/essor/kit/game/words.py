"""Words of the game: levels, gauges, endings."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from essor.kit.game.rules_game import Ending

GAUGES: tuple[str | Promise, ...] = (_("Besoins couverts"), _("Coopération"), _("Solidité"))
GAUGE_HELP: tuple[str | Promise, ...] = (
    _("ce que les habitantes et habitants y gagnent"),
    _("ce que les acteurs décident et font avec vous"),
    _("ce qui tient en droit et dans les comptes"),
)
PLAYED: dict[str, str | Promise] = {
    "departement": _("Un département"),
    "metropole": _("Une métropole"),
    "epci": _("Une intercommunalité"),
    "commune": _("Une commune"),
}
ENDINGS: dict[Ending, tuple[str | Promise, str | Promise]] = {
    Ending.EXEMPLARY: (
        _("Un mandat qui fait école"),
        _(
            "Les besoins sont mieux couverts, les acteurs décident avec vous, vos actes tiennent. On vient vous voir."
        ),
    ),
    Ending.SOUND: (
        _("Un mandat solide"),
        _(
            "Vos trois jauges sont bonnes. Il reste de quoi progresser : les leviers ci-dessous vous le diront."
        ),
    ),
    Ending.UNEVEN: (
        _("Un mandat déséquilibré"),
        _(
            "Une jauge au moins est bonne, une autre ne suit pas. Regardez laquelle, et ce qui l’a fait baisser."
        ),
    ),
    Ending.FRAGILE: (
        _("Un mandat fragile"),
        _(
            "Ni les besoins, ni la coopération, ni la solidité n’ont atteint la moitié. Rejouez la même partie."
        ),
    ),
}
