"""Django's declaration of the room."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room `registry`."""

    name = "essor.registry"
    label = "registry"

    def ready(self) -> None:
        """Have the search follow what changes in the register."""
        from essor.registry.search import wiring

        wiring.connect()
