"""Django's declaration of the room."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The room `kit`."""

    name = "essor.kit"
    label = "kit"
