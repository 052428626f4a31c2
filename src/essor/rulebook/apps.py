"""Django's declaration of the room."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """The room `rulebook`."""

    name = "essor.rulebook"
    label = "rulebook"
