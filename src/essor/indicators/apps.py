"""Django's declaration of the room."""

from importlib import import_module

from django.apps import AppConfig

# What they declare must be known from the start: sentences of acts, jobs, nightly work, personal data.
DECLARING = ("actions", "actions_tokens", "jobs", "retention")


class IndicatorsConfig(AppConfig):
    """The room `indicators`."""

    name = "essor.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Declare sentences, jobs and personal data."""
        for name in DECLARING:
            import_module(f"essor.indicators.{name}")
