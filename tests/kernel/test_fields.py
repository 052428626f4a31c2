"""The sort key stays in step and orders alike on both databases."""

import pytest
from django.db import connection, models

from essor.kernel.fields import SortKeyField
from essor.kernel.text import sort_key


class Thing(models.Model):
    """A table of the tests."""

    name = models.CharField(max_length=300)
    sort_key = SortKeyField(source="name")

    class Meta:
        app_label = "kernel_tests_fields"

    def __str__(self) -> str:
        return self.name


@pytest.fixture
def things(transactional_db: None):
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    yield Thing.objects
    with connection.schema_editor() as editor:
        editor.delete_model(Thing)


def test_the_key_follows_the_name(things) -> None:
    thing = things.create(name="Étoile")
    assert thing.sort_key == "etoile"
    thing.name = "Œuvre"
    thing.save()
    thing.refresh_from_db()
    assert thing.sort_key == "oeuvre"
    things.bulk_create([Thing(name="É" * 300)])
    assert things.get(name="É" * 300).sort_key == "e" * 200


def test_a_partial_save_that_forgets_the_key_is_refused(things) -> None:
    thing = things.create(name="A")
    thing.name = "B"
    with pytest.raises(ValueError, match="sort_key"):
        thing.save(update_fields=["name"])
    thing.save(update_fields=["name", "sort_key"])
    assert things.get().sort_key == "b"


def test_the_order_is_that_of_code_points(things) -> None:
    names = ["Zèbre", "Étoile", "étape", "La Lune", "Lac", "L’Air", "10 rue", "9 rue", "Œil", "Ωmega", "l a"]
    things.bulk_create(Thing(name=name) for name in names)
    expected = sorted((sort_key(name) for name in names), key=lambda key: key.encode())
    assert list(things.order_by("sort_key").values_list("sort_key", flat=True)) == expected
    assert list(
        things.filter(sort_key__startswith="la").order_by("sort_key").values_list("name", flat=True)
    ) == [
        "La Lune",
        "Lac",
    ]
