"""People who sign in."""

import unicodedata
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from essor.accounts.enums import InstallationRoleKind
from essor.kernel.fields import SortKeyField
from essor.kernel.periods import today


def fold_email(email: str) -> str:
    """The one form under which an address is stored and looked for: no spaces around, composed, without case."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


class UserManager(BaseUserManager["User"]):
    """Makes and finds people by their folded address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person; without password nobody can sign in as them until they set one."""
        user = self.model(email=fold_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this address, whatever its case."""
        return self.get(email=fold_email(username or ""))


class User(AbstractBaseUser):
    """A person with an account. What they may do comes from dated rows, not from this table."""

    email = models.EmailField(
        _("adresse électronique"),
        unique=True,
        error_messages={
            "unique": _("Un compte existe déjà avec cette adresse électronique."),
        },
    )
    full_name = models.CharField(_("prénom et nom"), max_length=150)
    sort_key = SortKeyField(source="full_name")
    is_active = models.BooleanField(_("peut se connecter"), default=True)
    date_joined = models.DateTimeField(_("compte créé le"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_user_email_folded",
                violation_error_message=_("L’adresse électronique s’écrit en minuscules."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """The name shown on screens."""
        return self.full_name

    def clean(self) -> None:
        """Fold the address before it is checked for uniqueness."""
        self.email = fold_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the folded address whoever wrote the row."""
        self.email = fold_email(self.email)
        super().save(*args, **kwargs)

    def installation_roles_on(self, day: date) -> frozenset[str]:
        """Codes of the installation roles that count on the day."""
        return frozenset(self.installation_roles.on(day).values_list("role", flat=True))

    @cached_property
    def _installation_roles_today(self) -> frozenset[str]:
        return self.installation_roles_on(today())

    @property
    def is_installation_admin(self) -> bool:
        """True when the person administers the installation today."""
        return InstallationRoleKind.ADMINISTRATOR in self._installation_roles_today

    @property
    def is_editor(self) -> bool:
        """True when the person edits common contents today."""
        return InstallationRoleKind.EDITOR in self._installation_roles_today
