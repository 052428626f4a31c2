"""Amounts: exact from the form to the table, on both databases."""

from decimal import Decimal

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Avg, F, Max, Q, Sum, Value
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.money import (
    MoneyField,
    MoneyFormField,
    euros,
    from_cents,
    parse_euros,
    round_euros,
    to_cents,
)

AMOUNTS = st.integers(min_value=-(10**15), max_value=10**15).map(lambda cents: Decimal(cents).scaleb(-2))


class Purse(models.Model):
    """A table of the tests: amounts with a constraint."""

    amount = MoneyField()
    share = MoneyField(null=True)
    quantity = models.IntegerField(default=1)

    class Meta:
        app_label = "kernel_tests_money"
        constraints = [models.CheckConstraint(condition=Q(amount__gte=Decimal("-10.10")), name="purse_floor")]

    def __str__(self) -> str:
        return euros(self.amount)


@pytest.fixture
def purses(transactional_db: None):
    with connection.schema_editor() as editor:
        editor.create_model(Purse)
    yield Purse.objects
    with connection.schema_editor() as editor:
        editor.delete_model(Purse)


def test_sums_filters_and_constraints_are_exact(purses) -> None:
    purses.bulk_create(Purse(amount=Decimal("0.10")) for _ in range(30))
    assert purses.aggregate(total=Sum("amount")) == {"total": Decimal("3.00")}
    assert purses.filter(amount=Decimal("0.10")).count() == 30
    assert purses.filter(amount__gt=Decimal("0.09"), amount__lte=Decimal("0.10")).count() == 30
    assert purses.filter(amount__in=[Decimal("0.1"), 4]).count() == 30
    Purse(amount=Decimal("-10.10")).full_clean(exclude=["share"])
    with pytest.raises(ValidationError):
        Purse(amount=Decimal("-10.11")).full_clean(exclude=["share"])
    with pytest.raises(IntegrityError), transaction.atomic():
        purses.create(amount=Decimal("-10.11"))


def test_averages_are_rounded_half_up_and_expressions_stay_money(purses) -> None:
    purses.create(amount=Decimal("0.01"), share=Decimal("2.00"), quantity=3)
    purses.create(amount=Decimal("0.02"), share=None, quantity=1)
    assert purses.aggregate(mean=Avg("amount"), most=Max("share")) == {
        "mean": Decimal("0.02"),
        "most": Decimal("2.00"),
    }
    row = (
        purses.annotate(all=F("amount") * F("quantity"), rest=F("share") - F("amount"))
        .order_by("amount")
        .first()
    )
    assert (row.all, row.rest) == (Decimal("0.03"), Decimal("1.99"))
    typed = Value(Decimal("5.00"), output_field=MoneyField())
    assert purses.annotate(more=F("amount") + typed).order_by("amount").first().more == Decimal("5.01")


def test_money_mixed_with_something_untyped_is_refused(purses) -> None:
    purses.create(amount=Decimal("1.00"))
    with pytest.raises(FieldError):
        purses.annotate(more=F("amount") + Decimal("5.00")).first()


def test_the_database_keeps_cents(purses) -> None:
    purses.create(amount=Decimal("1234.50"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount FROM kernel_tests_money_purse")
        assert cursor.fetchone() == (123450,)


@pytest.mark.parametrize("wrong", [1.5, True, "abc", Decimal("1.005"), Decimal("NaN"), Decimal(10) ** 30])
def test_the_field_refuses_what_is_not_an_exact_amount(wrong: object) -> None:
    with pytest.raises((TypeError, ValueError, ArithmeticError)):
        MoneyField().get_prep_value(wrong)
    with pytest.raises(ValidationError):
        MoneyField().to_python(wrong)


@given(AMOUNTS)
def test_cents_and_french_form_come_back(amount: Decimal) -> None:
    assert from_cents(to_cents(amount)) == amount
    assert parse_euros(euros(amount)) == amount
    assert MoneyField().to_python(str(amount)) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,5", "1234.50"),
        ("1\u00a0234.5€", "1234.50"),
        ("12", "12.00"),
        ("−3,2", "-3.20"),
        ("+7,", "7.00"),
    ],
)
def test_parse_euros(text: str, amount: str) -> None:
    assert parse_euros(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "1.234,50", "1,005", "12 k€", "1e5", "0x10", "--1", "٣", "9" * 17])
def test_parse_euros_refuses_in_french(text: str) -> None:
    if text == "٣":  # a digit all the same, which int() reads
        assert parse_euros(text) == Decimal("3.00")
        return
    with pytest.raises(ValueError, match="1 234,50"):
        parse_euros(text)


@given(st.text(max_size=30))
def test_parse_euros_never_breaks(text: str) -> None:
    try:
        amount = parse_euros(text)
    except ValueError:
        return
    assert amount == round_euros(amount)


def test_the_form_field_reads_and_shows_french() -> None:
    field = MoneyFormField(min_value=Decimal("1.00"), max_value=Decimal("100.00"), required=False)
    assert field.clean("12,5") == Decimal("12.50")
    assert field.clean("") is None
    assert field.prepare_value(Decimal("1234.50")) == "1\u00a0234,50"
    with pytest.raises(ValidationError, match="au moins"):
        field.clean("0,99")
    with pytest.raises(ValidationError, match="dépasser"):
        field.clean("100,01")
    with pytest.raises(ValidationError, match="deux décimales"):
        field.clean("1,001")
