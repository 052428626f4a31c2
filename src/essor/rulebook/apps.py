"""Django's declaration of the room."""

from importlib import import_module

from django.apps import AppConfig

# What they declare must be known from the start: sentences of acts, retention.
DECLARING = ("actions_notes", "actions_values", "retention_notes", "retention_values")


class RulebookConfig(AppConfig):
    """The room `rulebook`."""

    name = "essor.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        """Declare sentences and personal data; tell the law where the values added here are kept."""
        from essor.kernel import surround
        from essor.law import parameters as law

        for name in DECLARING:
            import_module(f"essor.rulebook.{name}")
        law.local_values_from(import_module("essor.rulebook.local_law").current)
        surround.register(law.in_local_scope)
