"""Django's declaration of the room."""

from importlib import import_module

from django.apps import AppConfig

# What they declare must be known from the start: sentences of acts, retention.
DECLARING = ("actions_notes", "retention_notes")


class RulebookConfig(AppConfig):
    """The room `rulebook`."""

    name = "essor.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        """Declare sentences and personal data."""
        for name in DECLARING:
            import_module(f"essor.rulebook.{name}")
