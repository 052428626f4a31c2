"""What search keeps in the database: the index in use, what it must still take in, words, saved searches."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchState(models.Model):
    """The index in use: its folder, the file of its columns, and a number that grows at each change."""

    version = models.PositiveBigIntegerField(default=0)
    folder = models.CharField(max_length=60)
    columns = models.CharField(max_length=60)
    edition = models.ForeignKey("registry.Edition", null=True, on_delete=models.SET_NULL, related_name="+")
    organisations = models.PositiveIntegerField(default=0)
    rebuilt_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.folder} {self.version}"


class SearchPending(models.Model):
    """An organisation that changed and that the index must take in; None: all of them may have changed.

    The number is not a foreign key: the row must outlive what it speaks of.
    """

    organisation_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return str(self.organisation_id or "*")


class SearchSynonym(models.Model):
    """Words that people type, with the activities (NAF) and the other words they stand for.

    It takes the place of the package's own line for the same words; without activity nor word it hides that line.
    """

    key = models.CharField(max_length=100, unique=True, editable=False)  # the folded words
    words = models.CharField(_("mots cherchés"), max_length=100)
    naf = models.JSONField(_("activités (NAF)"), default=list, blank=True)
    equivalents = models.JSONField(_("autres mots"), default=list, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.words


def _token() -> str:
    return secrets.token_urlsafe(24)


class SavedSearch(models.Model):
    """A search that a person keeps, and the e-mail they want when new organisations answer to it."""

    class Alert(models.TextChoices):
        NONE = "none", _("Aucun message")
        EDITION = "edition", _("Dès qu’une édition du registre entre en vigueur")
        WEEKLY = "weekly", _("Une fois par semaine")

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("nom"), max_length=100)
    # In whose frame it was saved: the list there shows its territory unless another is asked.
    authority = models.ForeignKey(
        "accounts.Authority", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    query = models.CharField(max_length=2000, blank=True)
    alert = models.CharField(_("me prévenir"), max_length=8, choices=Alert, default=Alert.NONE)
    token = models.CharField(max_length=64, unique=True, default=_token, editable=False)
    known = models.BinaryField(default=bytes)  # organisations already told, packed by `search.alerts`
    checked_version = models.CharField(max_length=80, blank=True)  # the load for which it was last looked at
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_search_name_once",
                violation_error_message=_("Vous avez déjà une recherche de ce nom."),
            )
        ]

    def __str__(self) -> str:
        return self.name
