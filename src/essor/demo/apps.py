"""Django's declaration of the room."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The room `demo`."""

    name = "essor.demo"
    label = "demo"
