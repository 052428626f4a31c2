"""Django's declaration of the room."""

from importlib import import_module

from django.apps import AppConfig

# What they declare must be known from the start: sentences of acts, steps of the upgrade, retention, jobs, files.
DECLARING = (
    "actions_aids",
    "actions_support",
    "course.actions",
    "course.retention",
    "diagnosis.actions_agree",
    "diagnosis.nightly",
    "diagnosis.retention",
    "jobs_aids",
    "support_seed",
    "support_retention",
    "alerts.actions",
    "alerts.periodic",
    "alerts.retention",
    "goals.actions",
    "weblinks.actions",
    "weblinks.jobs",
    "supporter_import.actions",
    "supporter_import.jobs",
    "orientation_form",
    "editing.actions",
    "editing.retention",
    "adoption.actions",
    "policies.actions",
)


class KitConfig(AppConfig):
    """The room `kit`."""

    name = "essor.kit"
    label = "kit"

    def ready(self) -> None:
        """Declare sentences, steps of the upgrade and personal data; background work reads the texts of here too."""
        from essor.kernel import surround

        for name in DECLARING:
            import_module(f"essor.kit.{name}")
        surround.register(import_module("essor.kit.editing.in_force").in_scope)
