"""How many times what the register shows has changed: what is derived from it is kept under this number."""

from django.db import models
from django.db.models import F


class ShownVersion(models.Model):
    """One row, counted up in the transaction of each change (`registry.changes`)."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="shown_version_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def count_up(cls) -> None:
        """One more change. Call it in the transaction of the change."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.create(pk=1, number=1)
