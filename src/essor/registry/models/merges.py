"""The same person typed twice: which row absorbed which, and every row that changed hands."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation


class Merge(models.Model):
    """A merge of two duplicates, which can be undone: `kept` received what `absorbed` had."""

    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="absorptions")
    absorbed_was_present = models.BooleanField()  # its facts were in force before the merge
    authority = models.ForeignKey("accounts.Authority", null=True, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by_id = models.BigIntegerField(null=True)
    reason = models.TextField(_("motif"), blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.BigIntegerField(null=True)
    undone_reason = models.TextField(_("motif de l’annulation"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(undone_at__isnull=True),
                name="absorbed_once",
                violation_error_message=_("Cette fiche a déjà été fusionnée avec une autre."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.kept_id}"


class MergedRow(models.Model):
    """A row that pointed to the absorbed organisation; `moved` False: it clashed, and stays."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="rows")
    model = models.CharField(max_length=100)  # label of the model: « registry.identifier »
    column = models.CharField(max_length=60)  # name of the foreign key
    row = models.CharField(max_length=64)  # primary key of the row, as text
    moved = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["model", "row"])]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"


class DistinctPair(models.Model):
    """Two organisations that look alike and that an agent said to be two; `first` has the smaller id."""

    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)
    said_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="distinct_pair_once")]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
