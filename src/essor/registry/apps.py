"""Django's declaration of the room."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room `registry`."""

    name = "essor.registry"
    label = "registry"
