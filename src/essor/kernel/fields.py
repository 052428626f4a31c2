"""Model fields that more than one room needs."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import pre_save

from essor.kernel.text import SORT_KEY_LENGTH, sort_key


class SortKeyField(models.CharField):  # type: ignore[type-arg]
    """The folded form of another field of the row, to order and match by; kept in step by `save` and
    `bulk_create`.

    `bulk_update` and `update` write what they are told: set both fields there, with `text.sort_key`.
    """

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", SORT_KEY_LENGTH)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_index", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """How a migration writes the field."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Watch partial saves of the model."""
        super().contribute_to_class(cls, name, private_only)
        pre_save.connect(
            self._refuse_half_save, sender=cls, weak=False, dispatch_uid=f"{cls.__module__}.{cls}.{name}"
        )

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Compare by code points on PostgreSQL too, whose own collation would ignore spaces or follow the
        server's language.
        """
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The key of the source as it is being saved."""
        key = sort_key(str(getattr(model_instance, self.source) or ""))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key

    def _refuse_half_save(self, sender: Any, update_fields: frozenset[str] | None = None, **_: Any) -> None:
        if update_fields and self.source in update_fields and self.attname not in update_fields:
            raise ValueError(f"save(update_fields=…): « {self.attname} » goes with « {self.source} »")
