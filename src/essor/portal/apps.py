"""Django's declaration of the room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The room `portal`."""

    name = "essor.portal"
    label = "portal"
