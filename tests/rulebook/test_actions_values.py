"""Adding and withdrawing a value of the law: who may, what is refused, what is kept, two administrators at once."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from essor.kernel import audit, retention
from essor.kernel.models import AuditEntry
from essor.law import parameters as law
from essor.rulebook import typed
from essor.rulebook.actions_values import add_value, withdraw_value
from essor.rulebook.local_law import as_local_value
from essor.rulebook.models import LocalLegalValue
from tests.factories import MembershipFactory, UserFactory
from tests.rulebook_factories import THRESHOLD, LocalValueFactory, draft


@pytest.mark.django_db
def test_a_value_is_written_and_logged() -> None:
    admin = UserFactory(installation_admin=True, full_name="Ada Admin")
    row = add_value(admin, draft(value=Decimal("50000.25"), note="À revoir", href="https://exemple.fr/texte"))

    assert (row.parameter, row.start, row.created_by_id, row.running) == (
        THRESHOLD,
        date(2026, 9, 1),
        admin.pk,
        True,
    )
    row.refresh_from_db()
    assert typed.restored(row.value) == Decimal("50000.25")
    entry = AuditEntry.objects.get(code="rulebook.value.added")
    assert entry.reason == "Seuil interne plus prudent"
    assert audit.lines([entry])[0].sentence == (
        f"Ada Admin a ajouté une valeur du droit : {THRESHOLD}, à partir du 1er septembre 2026 : "
        "50\u202f000,25\u00a0€"
    )


@pytest.mark.django_db
def test_it_is_withdrawn_with_a_reason_and_stays() -> None:
    admin = UserFactory(installation_admin=True)
    row = add_value(admin, draft())
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        withdraw_value(admin, row, "  ")
    withdraw_value(admin, row, "Texte abrogé")
    with pytest.raises(ValidationError, match="déjà retirée"):
        withdraw_value(admin, row, "Encore")

    row.refresh_from_db()
    assert (row.withdrawn_reason, row.withdrawn_by_id, row.running) == ("Texte abrogé", admin.pk, False)
    assert AuditEntry.objects.filter(code="rulebook.value.withdrawn", reason="Texte abrogé").count() == 1
    again = add_value(admin, draft())
    assert again.pk != row.pk


@pytest.mark.django_db
def test_only_the_administration_may() -> None:
    agent = MembershipFactory(agent=True, manager=True).user
    with pytest.raises(PermissionDenied):
        add_value(agent, draft())
    with pytest.raises(PermissionDenied):
        withdraw_value(agent, LocalValueFactory(), "Essai")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reference": " "}, "Citez le texte"),
        ({"reason": ""}, "Dites pourquoi"),
        ({"value": ("a",)}, "un nombre est attendu"),
        ({"unit": "year"}, "L’unité de ce paramètre ne change pas"),
        ({"parameter": "local.nouveau", "description": ""}, "une description"),
        ({"parameter": "local.nouveau", "unit": "pommes"}, "unité connue"),
    ],
)
def test_what_the_law_cannot_read_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        add_value(None, draft(**changes))
    assert said in " ".join(caught.value.messages)
    assert not LocalLegalValue.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parameter", "unit", "value", "text"),
    [
        ("cooperatives.scic.public_capital_cap", "/1", Decimal("0.335"), "33,5\u00a0%"),
        ("grants.forms", "list", ("12156", "15059"), "12156, 15059"),
        ("esus.assimilated.fund_esus", "fraction", (Decimal(3), Decimal(4)), "3/4"),
        ("srdeii", "boolean", False, "non"),
        ("cpo.max_years", "year", Decimal(3), "3 ans"),
        ("local.aide.plafond", "currency-EUR", Decimal("1200.50"), "1\u202f200,5\u00a0€"),
    ],
)
def test_every_unit_comes_back_from_the_table(parameter: str, unit: str, value: Any, text: str) -> None:
    add_value(None, draft(parameter=parameter, unit=unit, value=value, description="Essai"))
    with law.in_local_scope():
        found = law.value(parameter, date(2026, 9, 1))
    assert (found.value, found.local) == (value, True)
    assert found.text == text or unit == "list"


@pytest.mark.django_db
def test_a_value_may_end() -> None:
    add_value(None, draft(value=None))
    with law.in_local_scope():
        assert law.in_force(THRESHOLD, date(2026, 9, 1)) is None
        assert law.in_force(THRESHOLD, date(2026, 8, 31)) is not None
    assert as_local_value(LocalLegalValue.objects.get()).value is None


@pytest.mark.django_db
def test_one_running_value_a_day_in_the_table_itself() -> None:
    first = LocalValueFactory()
    with pytest.raises(ValidationError, match="commence déjà ce jour-là"):
        add_value(None, draft())
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalValueFactory()
    second = LocalLegalValue(
        **{field: getattr(first, field) for field in ("parameter", "start", "value", "unit")}
    )
    with pytest.raises(ValidationError, match="commence déjà ce jour-là"):
        second.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalLegalValue.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_write_one_value() -> None:
    """Both saw the day free; one is told that it is taken."""
    admins = [UserFactory(installation_admin=True) for _ in range(2)]
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def add(admin: Any, amount: int) -> None:
        together.wait(10)
        try:
            add_value(admin, draft(value=Decimal(amount)))
            outcomes.append("written")
        except ValidationError as error:
            outcomes.append(" ".join(error.messages))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=add, args=(admin, 1000 * rank)) for rank, admin in enumerate(admins, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [
        "Une valeur ajoutée ici commence déjà ce jour-là : retirez-la d’abord, avec un motif.",
        "written",
    ]
    assert LocalLegalValue.objects.running().count() == 1
    assert AuditEntry.objects.filter(code="rulebook.value.added").count() == 1


@pytest.mark.django_db
def test_a_person_is_given_what_they_wrote() -> None:
    admin, other = UserFactory(installation_admin=True), UserFactory(installation_admin=True)
    row = add_value(admin, draft())
    withdraw_value(other, row, "Erreur de date")
    mine = retention.export_for(admin.pk)["rulebook.locallegalvalue"]
    theirs = retention.export_for(other.pk)["rulebook.locallegalvalue"]
    assert [(each["motif"], each["motif du retrait"]) for each in mine] == [
        ("Seuil interne plus prudent", "")
    ]
    assert [(each["motif"], each["motif du retrait"]) for each in theirs] == [("", "Erreur de date")]
