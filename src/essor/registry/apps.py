"""Django's declaration of the room."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room `registry`."""

    name = "essor.registry"
    label = "registry"

    def ready(self) -> None:
        """Listen to what changes in the register."""
        from essor.registry.map import version

        version.listen()
