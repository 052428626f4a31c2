"""Django's declaration of the room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room `accounts`."""

    name = "essor.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the kernel where accents and the names of people come from."""
        from essor.accounts.queries import accent_of, names_of
        from essor.kernel.audit import name_people
        from essor.kernel.views_theme import register_accents

        register_accents(accent_of)
        name_people(names_of)
