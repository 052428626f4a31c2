"""The French sentence of each act of the room, for the audit log."""

from django.utils.translation import gettext_lazy as _

from essor.kernel import audit

SENTENCES = {
    "accounts.authority.created": _("{actor} a créé la collectivité « {name} »"),
    "accounts.authority.updated": _("{actor} a modifié l’identité de la collectivité « {name} »"),
    "accounts.service.created": _("{actor} a créé le service « {name} »"),
    "accounts.service.renamed": _("{actor} a renommé le service « {before} » en « {name} »"),
    "accounts.service.closed": _("{actor} a fermé le service « {name} » à compter du {since}"),
    "accounts.invitation.sent": _("{actor} a invité une personne dans l’équipe ({roles})"),
    "accounts.invitation.resent": _("{actor} a renvoyé une invitation"),
    "accounts.invitation.revoked": _("{actor} a annulé une invitation"),
    "accounts.invitation.accepted": _("{actor} a accepté son invitation"),
    "accounts.member.added": _("{actor} a fait entrer cette personne dans l’équipe ({roles})"),
    "accounts.member.joined": _("Cette personne est entrée dans l’équipe ({roles})"),
    "accounts.member.moved": _("{actor} a changé cette personne de service à compter du {since} : {service}"),
    "accounts.member.left": _(
        "{actor} a mis fin à l’appartenance de cette personne à l’équipe à compter du {since}"
    ),
    "accounts.role.granted": _("{actor} a donné à cette personne le rôle « {role} » à compter du {since}"),
    "accounts.role.ended": _("{actor} a retiré à cette personne le rôle « {role} » à compter du {since}"),
    "accounts.mandate.added": _("{actor} a ajouté un mandat à cette personne à compter du {since}"),
    "accounts.mandate.ended": _("{actor} a mis fin à un mandat de cette personne à compter du {since}"),
    "accounts.installation_role.granted": _(
        "{actor} a donné à cette personne un rôle d’installation : {role}"
    ),
    "accounts.installation_role.ended": _(
        "{actor} a retiré à cette personne un rôle d’installation : {role}"
    ),
    "accounts.user.created": _("{actor} a créé ce compte"),
    "accounts.user.updated": _("{actor} a modifié son profil"),
    "accounts.user.exported": _("{actor} a téléchargé les données qui la ou le concernent"),
    "accounts.user.deactivated": _("{actor} a désactivé ce compte"),
    "accounts.user.reactivated": _("{actor} a réactivé ce compte"),
    "accounts.user.second_factor_reset": _("{actor} a réinitialisé la double authentification de ce compte"),
    "accounts.user.anonymised": _("{actor} a rendu ce compte anonyme, au terme de sa durée de conservation"),
}


def register_all() -> None:
    """Declare every sentence of the room."""
    for code, sentence in SENTENCES.items():
        audit.register(code, sentence)
