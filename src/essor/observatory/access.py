"""Who reads the observatory, draws areas, loads official tables. Published figures are open to all."""

from django.http import HttpRequest

from essor.accounts.access import agent_of_authority, everyone, installation_admin
from essor.accounts.rights import rights_of
from essor.observatory.models import Area

__all__ = ["agent_of_authority", "everyone", "installation_admin", "may_read_area"]


def may_read_area(request: HttpRequest, area: Area) -> bool:
    """Le portrait publié d’une zone se lit par tous ; un autre, par les membres de la collectivité qui l’a dessinée."""
    return area.is_public or bool(rights_of(request).roles_in(area.authority_id))
