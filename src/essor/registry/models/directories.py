"""Partner directories: what was imported, what people decided of each row, what it says of an organisation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation


class Directory(models.Model):
    """A list kept by a partner (Carteco, Handeco…); of one authority, or of the installation when it has none.

    `mapping` is what the last person said of its columns (`directories.mapping.Mapping`), kept for the next file.
    `code` is the source of the tags that it brings.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    preset = models.CharField(max_length=30, blank=True)
    authority = models.ForeignKey(
        "accounts.Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mapping = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class DirectoryImport(models.Model):
    """One file of a directory: at most one a directory is current, the one whose rows are shown."""

    class State(models.TextChoices):
        GIVEN = "given", _("Déposé")
        CURRENT = "current", _("En service")
        SUPERSEDED = "superseded", _("Remplacé")

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="imports")
    file = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=120)
    day = models.DateField(_("date de la liste"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.GIVEN)
    counts = models.JSONField(default=dict, blank=True)
    rejected = models.JSONField(default=list, blank=True)  # [{"line", "column", "value", "reason", "remedy"}]
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["directory"], condition=Q(state="current"), name="one_current_file_a_directory"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class DirectoryRow(models.Model):
    """One row of a directory, the same from a file to the next by its `key`, with what a person decided of it.

    `key`: the directory's own number, else the SIRET, else the folded name and the place. `identity`: digest of what
    the match stands on; a row whose identity changes is decided again.
    """

    class Outcome(models.TextChoices):
        IDENTIFIER = "identifier", _("Par son identifiant")
        SURE = "sure", _("Proposition sûre")
        CHOOSE = "choose", _("À choisir")
        NONE = "none", _("Sans proposition")

    class Decision(models.TextChoices):
        PENDING = "pending", _("À confirmer")
        CONFIRMED = "confirmed", _("Confirmée")
        REFUSED = "refused", _("Écartée")
        ABSENT = "absent", _("Absente du registre")
        LATER = "later", _("À ajouter plus tard")

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(max_length=200)
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    values = models.JSONField(default=dict)
    tags = models.JSONField(default=list)
    identity = models.CharField(max_length=32)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    # [{"organisation", "score", "reasons"}], best first
    candidates = models.JSONField(default=list)
    decision = models.CharField(max_length=12, choices=Decision.choices, default=Decision.PENDING)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    changed = models.BooleanField(default=False)  # decided once, then another name or place came
    present = models.BooleanField(default=True)
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "key"], name="directory_row_once"),
            models.CheckConstraint(
                name="directory_row_confirmed_has_an_organisation",
                condition=~Q(decision="confirmed") | Q(organisation__isnull=False),
                violation_error_message=_("Une ligne confirmée désigne une organisation."),
            ),
        ]
        indexes = [models.Index(fields=["directory", "present", "decision", "outcome"])]

    def __str__(self) -> str:
        return self.name


class DirectoryEntry(models.Model):
    """What a directory says of an organisation, once a person confirmed the row; never mixed with open data.

    `until` is the day of the first file that no longer had it.
    """

    row = models.OneToOneField(DirectoryRow, on_delete=models.CASCADE, related_name="entry")
    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="entries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="directory_entries")
    values = models.JSONField(default=dict)
    tags = models.JSONField(default=list)
    day = models.DateField()  # of the list that says so
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["directory", "organisation"])]

    def __str__(self) -> str:
        return f"{self.organisation_id} – {self.directory_id}"
