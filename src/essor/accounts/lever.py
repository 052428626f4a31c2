"""The face of the room: the team of an authority, the administration of the installation."""

from django.utils.translation import gettext_lazy as _

from essor.accounts.access import installation_admin, member_of_authority, team_reader
from essor.kernel.lever import Entry, Lever

LEVER = Lever(
    code="accounts",
    name=_("Comptes et équipes"),  # type: ignore[arg-type]
    entries=(
        Entry(_("Accueil"), "agent-home", "house", member_of_authority),  # type: ignore[arg-type]
        Entry(_("Équipe"), "team", "users", team_reader),  # type: ignore[arg-type]
        *(
            Entry(label, address, icon, installation_admin, section="Administrer", framed=False)  # type: ignore[arg-type]
            for label, address, icon in (
                (_("Installation"), "installation", "settings"),
                (_("Comptes"), "installation-people", "circle-user"),
                (_("Journal"), "installation-journal", "history"),
            )
        ),
    ),
)
