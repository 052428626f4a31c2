"""Django's declaration of the room."""

from importlib import import_module

from django.apps import AppConfig

# What they declare must be known from the start: sentences of acts, nightly work, usages of files, retention.
DECLARING = (
    "actions_additions",
    "actions_links",
    "actions_merge",
    "actions_tags",
    "address_service",
    "files_people",
    "following",
    "reminders",
    "retention",
    "retention_alerts",
    "sentences_people",
)


class RegistryConfig(AppConfig):
    """The room `registry`."""

    name = "essor.registry"
    label = "registry"

    def ready(self) -> None:
        """Declare personal data, usages of files, sentences and nightly work; follow what changes."""
        for name in DECLARING:
            import_module(f"essor.registry.{name}")
        import_module("essor.registry.map.version").listen()
        import_module("essor.registry.search.wiring").connect()
