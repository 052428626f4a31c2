"""`essor accounts …`."""

import pytest
from typer.testing import CliRunner

from essor.accounts.models import User
from essor.accounts.rights import Rights
from essor.config.cli import app
from essor.kernel.models import AuditEntry
from essor.kernel.periods import today
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> int:
    return CliRunner().invoke(app, ["accounts", *arguments]).exit_code


def test_the_first_administrator() -> None:
    assert _run("admin", "Premiere@Exemple.fr", "--name", "Ada Première", "--password", PASSWORD) == 0
    user = User.objects.get()
    assert (user.email, user.full_name, user.check_password(PASSWORD)) == (
        "premiere@exemple.fr",
        "Ada Première",
        True,
    )
    assert Rights(user.pk, today()).is_installation_admin
    assert list(AuditEntry.objects.order_by("pk").values_list("code", flat=True)) == [
        "accounts.user.created",
        "accounts.installation_role.granted",
    ]
    assert _run("admin", "premiere@exemple.fr", "--name", "x", "--password", PASSWORD) == 1


def test_an_existing_account_keeps_its_password() -> None:
    person = UserFactory()
    assert _run("admin", person.email, "--name", "Autre", "--password", "un-tout-autre-mot-12") == 0
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert person.full_name != "Autre"


@pytest.mark.parametrize(("email", "password"), [("a@x.fr", "court"), ("pas-une-adresse", PASSWORD)])
def test_wrong_input_makes_nothing(email: str, password: str) -> None:
    assert _run("admin", email, "--name", "Ada", "--password", password) == 1
    assert User.objects.count() == 0


def test_the_way_back_in() -> None:
    person = UserFactory(second_factor=True)
    assert _run("second-factor", person.email) == 0
    assert person.authenticator_set.count() == 0
    assert _run("second-factor", person.email) == 1
    assert _run("second-factor", "inconnue@exemple.fr") == 1
