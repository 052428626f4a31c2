"""The French sentence of each act of people on organisations, for the audit log."""

from django.utils.translation import gettext_lazy as _

from essor.kernel import audit

SENTENCES = {
    "registry.claim.asked": _("{actor} a demandé à agir pour cette organisation ({way})"),
    "registry.claim.proved": _(
        "{actor} a prouvé agir pour cette organisation, par une adresse électronique de son domaine"
    ),
    "registry.claim.accepted": _("{actor} a accepté qu’une personne agisse pour cette organisation"),
    "registry.claim.refused": _("{actor} a refusé qu’une personne agisse pour cette organisation"),
    "registry.claim.withdrawn": _("{actor} a retiré sa demande d’agir pour cette organisation"),
    "registry.claim.told": _(
        "Une autre collectivité a traité une demande sur l’organisation n° {organisation} : {what}"
    ),
    "registry.member.invited": _("{actor} a invité une personne à agir pour cette organisation"),
    "registry.member.joined": _("{actor} agit désormais pour cette organisation"),
    "registry.member.left": _("{actor} n’agit plus pour cette organisation"),
    "registry.member.removed": _("{actor} a mis fin au rattachement d’une personne à cette organisation"),
    "registry.profile.written": _("{actor} a modifié la page de l’organisation : {fields}"),
    "registry.profile.kept": _("{actor} a confirmé le profil face aux données publiques : {fields}"),
    "registry.profile.taken": _("{actor} a repris les données publiques à la place du profil : {fields}"),
    "registry.correction.proposed": _("{actor} a proposé une correction : {what}"),
    "registry.correction.reported": _("Une erreur a été signalée : {what}"),
    "registry.correction.accepted": _("{actor} a accepté une correction : {what}"),
    "registry.correction.refused": _("{actor} a refusé une correction : {what}"),
    "registry.correction.withdrawn": _("{actor} a retiré sa proposition de correction : {what}"),
    "registry.correction.absorbed": _("Les données publiques disent désormais la même chose : {what}"),
    "registry.correction.disputed": _("Une édition contredit une correction acceptée : {what}"),
    "registry.correction.kept": _("{actor} a maintenu une correction face à une édition : {what}"),
    "registry.correction.dropped": _("{actor} a abandonné une correction : {what}"),
    "registry.hiding.asked": _("Il a été demandé de masquer : {what}"),
    "registry.hiding.accepted": _("{actor} a accepté de masquer : {what}"),
    "registry.hiding.refused": _("{actor} a refusé de masquer : {what}"),
    "registry.hiding.lifted": _("{actor} a levé le masquage : {what}"),
    "registry.hiding.reapplied": _("Une édition a ramené cette organisation : elle reste masquée"),
}


def register_all() -> None:
    """Declare every sentence."""
    for code, sentence in SENTENCES.items():
        audit.register(code, sentence)


register_all()
