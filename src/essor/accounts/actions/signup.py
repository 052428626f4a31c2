"""Opening one's own account: an address asks, the link that it receives opens the account once."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from essor.accounts import mail
from essor.accounts.actions.invitations import hash_of, new_token
from essor.accounts.actions.people import create_user
from essor.accounts.models import SignUp, User
from essor.accounts.models.user import fold_email

VALIDITY = timedelta(days=2)
MOST_A_DAY = 3


def safe_path(path: str) -> str:
    """The page of this site where to come back, empty when the address is not one."""
    fits = path.startswith("/") and len(path) <= 300
    return path if fits and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


@transaction.atomic
def ask_account(email: str, next_path: str = "", *, now: datetime | None = None) -> None:
    """Send the link that opens an account; an address that has one is told so by mail, never on the screen.

    An address receives three messages a day at most; beyond, nothing is sent and nothing is said.
    """
    now = now or timezone.now()
    email = fold_email(email)
    validate_email(email)
    if SignUp.objects.filter(email=email, created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        return
    token = new_token()
    row = SignUp.objects.create(
        email=email,
        token_hash=hash_of(token),
        next_path=safe_path(next_path),
        created_at=now,
        expires_at=now + VALIDITY,
    )
    if User.objects.filter(email=email).exists():
        mail.post_already_known(email, row.next_path)
    else:
        mail.post_sign_up(row, token)


def find_sign_up(token: str, now: datetime) -> SignUp | None:
    """The request that this link opens now; None when it was used or is too old."""
    return SignUp.objects.filter(token_hash=hash_of(token), used_at__isnull=True, expires_at__gt=now).first()


@transaction.atomic
def open_account(token: str, full_name: str, password: str, *, now: datetime | None = None) -> User:
    """The account of who opened the link; ValidationError when the link no longer works or the password is weak."""
    now = now or timezone.now()
    found = find_sign_up(token, now)
    gone = ValidationError(_("Ce lien ne fonctionne plus : demandez-en un nouveau."))
    if found is None or User.objects.filter(email=found.email).exists():
        raise gone
    validate_password(password, User(email=found.email, full_name=full_name))
    if SignUp.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=now) != 1:
        raise gone
    return create_user(None, found.email, full_name, password)
