"""Who keeps the sector policies of an authority."""

from django.http import HttpRequest

from essor.accounts.access import agent_of_authority, team_manager


def keeps_policies(request: HttpRequest) -> bool:
    """Les agentes et agents et les responsables d’équipe de cette collectivité, et l’administration de l’installation."""  # noqa: E501 - a rule is one sentence
    return agent_of_authority(request) or team_manager(request)
