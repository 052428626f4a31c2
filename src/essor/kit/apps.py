"""Django's declaration of the room."""

from importlib import import_module

from django.apps import AppConfig

# What they declare must be known from the start: sentences of acts, steps of the upgrade, retention, jobs, files.
DECLARING = (
    "actions_aids",
    "actions_support",
    "diagnosis.actions_agree",
    "diagnosis.nightly",
    "diagnosis.retention",
    "jobs_aids",
    "orientation_form",
    "support_seed",
    "support_retention",
)


class KitConfig(AppConfig):
    """The room `kit`."""

    name = "essor.kit"
    label = "kit"

    def ready(self) -> None:
        """Declare sentences, steps of the upgrade and personal data."""
        for name in DECLARING:
            import_module(f"essor.kit.{name}")
