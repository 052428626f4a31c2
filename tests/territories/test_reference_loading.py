"""Loading the division shipped with Essor: idempotent, whole or not at all, nothing ever deleted."""

import shutil

import duckdb
import pytest

from essor.kernel.audit import entries_for
from essor.territories.actions import load_reference
from essor.territories.actions.reference import NoReferenceError
from essor.territories.models import CommuneCode, Load, PostalCode, Territory
from essor.territories.queries import UnknownTerritoryError, code_map, resolve

pytestmark = pytest.mark.django_db


def snapshot():
    return (
        list(Territory.objects.order_by("pk").values_list()),
        list(CommuneCode.objects.order_by("pk").values_list()),
        list(PostalCode.objects.order_by("pk").values_list()),
    )


def edited(folder, target, *statements, vintage=2027):
    """A copy of the reference in which `territories` was changed by SQL, of a newer vintage."""
    shutil.copytree(folder, target, dirs_exist_ok=True)
    with duckdb.connect() as db:
        for name in ("territories", "commune_codes", "reference"):
            db.execute(f"CREATE TABLE {name} AS FROM '{target}/{name}.parquet'")
        db.execute("UPDATE reference SET vintage = ?", [vintage])
        for statement in statements:
            db.execute(statement)
        for name in ("territories", "commune_codes", "reference"):
            db.execute(f"COPY {name} TO '{target}/{name}.parquet' (FORMAT parquet)")
    return target


def test_loading_twice_changes_nothing(reference_territories):
    before = snapshot()
    report = load_reference(folder=reference_territories)
    assert report.changed is False
    forced = load_reference(folder=reference_territories, force=True)
    assert (forced.counts["created"], forced.counts["updated"], forced.counts["withdrawn"]) == (0, 0, 0)
    assert snapshot() == before


def test_a_load_leaves_its_trace(reference_territories):
    load = Load.objects.get()
    assert (load.kind, load.vintage) == ("reference", 2026)
    assert load.source.startswith("Etalab, découpage administratif 6.0.0")
    assert [line.sentence for line in entries_for(load)] == [
        f"Le système a chargé Découpage de référence livré avec Essor : {load.source}"
    ]


def test_a_newer_vintage_updates_creates_and_withdraws(reference_territories, tmp_path):
    toulouse, balma = resolve("commune:31555"), resolve("commune:31044")
    folder = edited(
        reference_territories,
        tmp_path / "newer",
        "UPDATE territories SET name = 'Toulouse-la-Neuve', population = 600000 WHERE code = '31555'",
        "DELETE FROM territories WHERE code = '31044'",
        "INSERT INTO commune_codes VALUES ('31044', 'deleguee', 'Balma', '31555')",
        "INSERT INTO territories SELECT * REPLACE ('31999' AS code, 'Essorville' AS name) FROM territories"
        " WHERE code = '31149'",
    )
    report = load_reference(folder=folder)
    assert (report.counts["created"], report.counts["updated"], report.counts["withdrawn"]) == (1, 1, 1)
    toulouse.refresh_from_db()
    balma.refresh_from_db()
    assert (toulouse.name, toulouse.sort_key, toulouse.population) == (
        "Toulouse-la-Neuve",
        "toulouse la neuve",
        600000,
    )
    assert (balma.is_active, balma.vintage) == (False, 2026)
    assert resolve("commune:31999").epci == resolve("commune:31149").epci
    # The old code leads to the commune that took its place; the row stays for what points to it.
    assert resolve("commune:31044") == toulouse
    assert set(Territory.objects.active().values_list("vintage", flat=True)) == {2027}


def test_a_withdrawn_territory_without_heir_is_said_to_be(reference_territories, tmp_path):
    folder = edited(reference_territories, tmp_path / "newer", "DELETE FROM territories WHERE code = '243100518'",
                    "UPDATE territories SET epci = NULL WHERE epci = '243100518'")  # fmt: skip
    load_reference(folder=folder)
    with pytest.raises(UnknownTerritoryError) as unknown:
        resolve("epci:243100518")
    assert str(unknown.value) == (
        "« epci:243100518 » (Toulouse Métropole) n’existe plus : son dernier millésime est 2026."
    )


def test_codes_of_a_withdrawn_commune_follow_its_heir(reference_territories, tmp_path):
    former = "INSERT INTO commune_codes VALUES ('31900', 'ancien', '', '31044')"
    with_former = edited(reference_territories, tmp_path / "a", former)
    load_reference(folder=with_former)
    assert code_map()["31900"] == "31044"
    merged = edited(
        with_former, tmp_path / "b", "DELETE FROM territories WHERE code = '31044'",
        "DELETE FROM commune_codes WHERE commune = '31044'",
        "INSERT INTO commune_codes VALUES ('31044', 'deleguee', 'Balma', '31555')", vintage=2028,
    )  # fmt: skip
    load_reference(folder=merged)
    assert (code_map()["31044"], code_map()["31900"]) == ("31555", "31555")


def test_an_older_vintage_is_not_loaded(reference_territories, tmp_path):
    report = load_reference(folder=edited(reference_territories, tmp_path / "older", vintage=2025))
    assert report.changed is False
    assert report.notes == ["Le millésime 2025 n’a pas été chargé : celui de 2026 est en vigueur."]


def test_an_interrupted_load_changes_nothing(reference_territories, tmp_path):
    before = snapshot()
    folder = edited(reference_territories, tmp_path / "newer", "UPDATE territories SET name = name || ' bis'")

    def stop(_label, done, total):
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_reference(folder=folder, on_progress=stop)
    assert snapshot() == before


def test_missing_files_say_what_to_do(tmp_path):
    with pytest.raises(NoReferenceError) as missing:
        load_reference(folder=tmp_path)
    assert (
        str(missing.value) == "Le découpage de référence manque (reference.parquet) : lancez « make assets »."
    )


@pytest.mark.slow
def test_the_upgrade_loads_the_division_once():
    from essor.territories.upgrade import reference

    assert reference() == "millésime 2026 chargé : 36365 territoires créés, 0 corrigés, 0 retirés"
    assert reference() == "millésime 2026 déjà en vigueur"
