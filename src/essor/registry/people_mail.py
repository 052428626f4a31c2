"""Messages to people who ask something of the register; every one goes through the outbox."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.accounts.mail import TEMPLATE
from essor.accounts.models import Authority
from essor.kernel import outbox
from essor.registry.holding import agents_of, holders
from essor.registry.models import Organisation, OrganisationMembership


def page_of(organisation: Organisation) -> str:
    """The whole address of the organisation's page."""
    return f"{settings.PUBLIC_URL}{reverse('registry:organisation', args=[organisation.pk])}"


def post(
    to: str, subject: str, paragraphs: Iterable[str], *, label: str = "", url: str = "", note: str = ""
) -> None:
    """Queue one message; nothing when there is nobody to write to."""
    if not to or to.endswith("@invalid"):
        return
    context = {
        "heading": subject,
        "paragraphs": [each for each in paragraphs if each],
        "action_label": label,
        "action_url": url,
        "note": note,
    }
    outbox.post(to, " ".join(subject.split())[:200], TEMPLATE, context)


def post_link(to: str, organisation: Organisation, token: str, *, invited_by: str = "") -> None:
    """The link that proves an address, or an invitation to act for an organisation."""
    if invited_by:
        said = _("%(person)s vous invite à agir avec elle ou lui pour « %(name)s » dans le registre.") % {
            "person": invited_by,
            "name": organisation.name,
        }
    else:
        said = _("Vous avez demandé à agir pour « %(name)s » dans le registre.") % {"name": organisation.name}
    post(
        to,
        _("Agir pour « %(name)s »") % {"name": organisation.name[:100]},
        [said, _("Si vous n’êtes pas à l’origine de cette demande, ne faites rien : rien ne change.")],
        label=_("Confirmer"),
        url=f"{settings.PUBLIC_URL}{reverse('registry:claim-proof', args=[token])}",
        note=_("Ce lien fonctionne une seule fois, pendant sept jours, une fois connecté à votre compte."),
    )


def tell_members(
    organisation: Organisation, day: date, subject: str, paragraphs: Iterable[str], *, but: int | None
) -> None:
    """A word to the members of the organisation, except one."""
    rows = OrganisationMembership.objects.on(day).filter(organisation=organisation).select_related("user")
    words = list(paragraphs)
    for row in rows.exclude(user_id=but):
        post(row.user.email, subject, words, label=_("Voir la page"), url=page_of(organisation))


def tell_other_authorities(
    organisation: Organisation, authority: Authority | None, day: date, what: str
) -> list[Authority]:
    """Tell the other authorities that hold the organisation what one decided; gives those that were told."""
    others = [each for each in holders(organisation.pk) if authority is None or each.pk != authority.pk]
    by = authority.name if authority else _("L’administration de l’installation")
    for other in others:
        for person in agents_of(other, day):
            post(
                person.email,
                _("%(authority)s a traité une demande du registre") % {"authority": by},
                [
                    _("« %(name)s » est aussi sur votre territoire.") % {"name": organisation.name},
                    _("%(authority)s : %(what)s.") % {"authority": by, "what": what},
                ],
                label=_("Voir la page"),
                url=page_of(organisation),
            )
    return others
