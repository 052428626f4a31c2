"""`essor accounts …`: the first administrator, and the way back in for one who lost their telephone."""

from typing import Annotated

import typer

from essor.kernel.command import django_ready, fail, say

app = typer.Typer(help="Les comptes de l’installation.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="Adresse électronique de la personne.")]


@app.command("admin")
def admin(
    email: Email,
    name: Annotated[str, typer.Option(help="Prénom et nom.", prompt="Prénom et nom")],
    password: Annotated[
        str,
        typer.Option(
            help="Mot de passe d’un nouveau compte ; demandé sans s’afficher s’il n’est pas donné.",
            envvar="ESSOR_ADMIN_PASSWORD",
            prompt="Mot de passe",
            hide_input=True,
            confirmation_prompt=True,
            show_envvar=True,
        ),
    ],
) -> None:
    """Donne l’administration de l’installation à une personne ; son compte est créé s’il n’existe pas."""
    django_ready()
    from django.core.exceptions import ValidationError

    from essor.accounts.actions import make_administrator

    try:
        created = make_administrator(email, name, password)
    except ValidationError as error:
        fail("\n".join(error.messages))
    say(
        f"Compte créé : {email} administre l’installation."
        if created
        else f"{email} administre désormais l’installation ; son mot de passe n’a pas changé."
    )


@app.command("second-factor")
def second_factor(email: Email) -> None:
    """Retire la double authentification d’une personne qui a perdu son téléphone et ses codes de secours."""
    django_ready()
    from django.core.exceptions import ValidationError

    from essor.accounts.actions import reset_second_factor
    from essor.accounts.models import User
    from essor.accounts.models.user import fold_email

    user = User.objects.filter(email=fold_email(email)).first()
    if user is None:
        fail(f"Aucun compte n’a l’adresse {email}.")
    try:
        reset_second_factor(None, user)
    except ValidationError as error:
        fail("\n".join(error.messages))
    say(f"La double authentification de {email} est retirée ; elle sera demandée à la prochaine connexion.")
