"""Who defines, collects and follows indicators. Published figures are open to all."""

from django.http import HttpRequest

from essor.accounts.access import agent_of_authority, content_editor, everyone, member_of_authority
from essor.indicators.definition import Indicator

__all__ = ["agent_of_authority", "everyone", "keeps_indicators", "may_change", "may_see"]


def keeps_indicators(request: HttpRequest) -> bool:
    """Les agentes et agents de cette collectivité ; hors de son cadre, les personnes chargées des contenus communs."""
    if getattr(request, "authority", None) is None:
        return content_editor(request)
    return agent_of_authority(request)


def may_see(request: HttpRequest, indicator: Indicator) -> bool:
    """Un indicateur publié se lit par tous ; un autre, par la collectivité ou l’équipe à qui il appartient."""
    if indicator.is_public:
        return True
    if indicator.authority_id is None:
        return content_editor(request)
    authority = getattr(request, "authority", None)
    return authority is not None and authority.pk == indicator.authority_id and member_of_authority(request)


def may_change(request: HttpRequest, indicator: Indicator) -> bool:
    """On change dans son cadre ce qui lui appartient : la collectivité les siens, l’équipe commune les communs."""
    authority = getattr(request, "authority", None)
    own = authority.pk if authority else None
    return indicator.room == "indicators" and indicator.authority_id == own and keeps_indicators(request)
