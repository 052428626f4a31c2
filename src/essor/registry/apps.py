"""Django's declaration of the room."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room `registry`."""

    name = "essor.registry"
    label = "registry"

    def ready(self) -> None:
        """Read the actions that stand in their own files: their sentences and their nightly work are declared there."""
        from importlib import import_module

        for name in ("actions_additions", "actions_links", "actions_merge", "actions_tags", "reminders"):
            import_module(f"essor.registry.{name}")
