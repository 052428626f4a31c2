"""Django's declaration of the room."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room `registry`."""

    name = "essor.registry"
    label = "registry"

    def ready(self) -> None:
        """Declare personal data, usages of files and sentences; follow what changes."""
        from essor.registry import files, following, retention, sentences_people  # noqa: F401
