"""Django's declaration of the room."""

from importlib import import_module

from django.apps import AppConfig

# What they declare must be known from the start: sentences of acts, jobs, personal data.
DECLARING: tuple[str, ...] = ("actions_areas", "actions_official", "atlas.jobs", "jobs_official", "retention")


class ObservatoryConfig(AppConfig):
    """The room `observatory`."""

    name = "essor.observatory"
    label = "observatory"

    def ready(self) -> None:
        """Declare sentences, jobs and personal data."""
        for name in DECLARING:
            import_module(f"essor.observatory.{name}")
