"""Django's declaration of the room."""

from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """The room `territories`."""

    name = "essor.territories"
    label = "territories"
