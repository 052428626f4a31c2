"""Official tables loaded, loaded again, revised, withdrawn, killed half-way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from essor.formats.problems import InputProblem
from essor.indicators.models import Collection, Observation
from essor.kernel.models import AuditEntry
from essor.observatory import actions_official as actions
from essor.observatory.models import LoadState, OfficialCell, OfficialLoad, QuarterFigure, TableKind
from essor.observatory.quarter_figures import figures_of
from tests.factories import UserFactory
from tests.observatory.tables import FLORES, HEAD, QUARTERS, REVISED, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]
DAY = date(2023, 5, 1)


def loaded(path, **more):
    row = actions.give(None, path, day=more.pop("day", DAY), **more)
    return actions.load(None, row.pk)


def values(code="flores.effectifs", ref_code="31"):
    return {
        (row.start.year, row.parts): row.numerator
        for row in Observation.objects.filter(code=code, territory__code=ref_code)
    }


def every_value():
    rows = Observation.objects.order_by("code", "start", "territory", "parts")
    return list(rows.values_list("code", "start", "parts", "numerator", "source"))


WHOLE = (2020, "")
COOPERATIVES = (2020, '{"famille_insee":"cooperative"}')


def test_a_table_is_looked_at_before_it_is_in_force(tmp_path):
    row = actions.give(None, written(tmp_path, FLORES), day=DAY)
    assert (row.kind, row.state, row.vintage, row.source) == (
        TableKind.FLORES, LoadState.GIVEN, 2020, "Insee, « L’économie sociale » (Flores)",
    )  # fmt: skip
    assert {name: row.counts[name] for name in ("new", "changed", "same", "secret", "refused", "places")} == {
        "new": 10, "changed": 0, "same": 1, "secret": 1, "refused": 0, "places": 2,
    }  # fmt: skip
    assert Observation.objects.count() == 0


def test_figures_have_their_source_and_their_share_both_terms(tmp_path):
    row = loaded(written(tmp_path, FLORES))
    assert values() == {
        WHOLE: Decimal(50000),
        (2020, '{"famille_insee":"association"}'): Decimal(40000),
        COOPERATIVES: Decimal(9000),
    }
    share = Observation.objects.get(code="flores.part_emploi_prive")
    assert (share.numerator, share.denominator) == (Decimal(50000), Decimal(500000))
    assert (share.source, share.day) == ("Insee, « L’économie sociale » (Flores), 2020", DAY)
    assert set(row.collections.values_list("code", flat=True)) == {
        "flores.effectifs", "flores.etablissements", "flores.part_emploi_prive",
    }  # fmt: skip
    assert AuditEntry.objects.get(code="observatory.table_loaded").data["new"] == 10


def test_loading_twice_changes_nothing(tmp_path):
    path = written(tmp_path, FLORES)
    loaded(path)
    before = list(Observation.objects.order_by("pk").values_list())
    again = actions.give(None, path, day=DAY)
    assert actions.changes(again) is False
    assert (again.counts["new"], again.counts["changed"], again.counts["same"]) == (0, 0, 11)
    assert list(Observation.objects.order_by("pk").values_list()) == before


def test_a_newer_vintage_goes_beside_and_withdrawing_it_puts_figures_back(tmp_path):
    loaded(written(tmp_path, FLORES))
    before = list(
        Observation.objects.order_by("code", "start", "territory", "parts").values_list(
            "code", "start", "parts", "numerator", "source"
        )
    )
    newer = actions.give(None, written(tmp_path, REVISED, "b.csv"), day=date(2024, 10, 9))
    assert {name: newer.counts[name] for name in ("new", "changed", "hidden")} == {
        "new": 2, "changed": 2, "hidden": 2,
    }  # fmt: skip
    actions.load(None, newer.pk)
    assert values() == {
        WHOLE: Decimal(50500),
        (2020, '{"famille_insee":"association"}'): Decimal(40000),
        (2021, ""): Decimal(51000),
    }
    actions.withdraw(UserFactory(), newer)
    after = list(
        Observation.objects.order_by("code", "start", "territory", "parts").values_list(
            "code", "start", "parts", "numerator", "source"
        )
    )
    assert after == before
    assert OfficialLoad.objects.get(pk=newer.pk).state == LoadState.WITHDRAWN
    with pytest.raises(ValidationError, match="n’est pas en vigueur"):
        actions.withdraw(UserFactory(), newer)
    with pytest.raises(ValidationError, match="déposez-le de nouveau"):
        actions.load(None, newer.pk)


def test_an_older_vintage_loaded_later_changes_no_newer_figure(tmp_path):
    loaded(written(tmp_path, REVISED))
    older = actions.give(None, written(tmp_path, FLORES, "b.csv"), day=DAY)
    assert older.counts["older"] == 4
    actions.load(None, older.pk)
    assert values()[WHOLE] == Decimal(50500)
    assert COOPERATIVES not in values()  # the newer table keeps it secret
    actions.withdraw(UserFactory(), OfficialLoad.objects.order_by("pk").first())
    assert (values()[WHOLE], values()[COOPERATIVES]) == (Decimal(50000), Decimal(9000))


def test_withdrawing_the_first_of_all_leaves_nothing(tmp_path):
    row = loaded(written(tmp_path, FLORES))
    actions.withdraw(UserFactory(), row)
    assert (Observation.objects.count(), Collection.objects.count()) == (0, 0)


def test_a_failure_half_way_leaves_previous_figures(tmp_path):
    loaded(written(tmp_path, FLORES))
    before = list(Observation.objects.order_by("pk").values_list())
    row = actions.give(None, written(tmp_path, REVISED, "b.csv"), day=date(2024, 10, 9))

    def broken(_step, done, _total):
        if done:
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        actions.load(None, row.pk, broken)
    row.refresh_from_db()
    assert row.state == LoadState.GIVEN
    assert list(Observation.objects.order_by("pk").values_list()) == before


def test_rows_set_aside_are_told_and_the_others_kept(tmp_path):
    lines = ("departement:31;2020;Ensemble ESS;;1;2", "departement:999;2020;Ensemble ESS;;1;2")
    text = "\n".join((HEAD, *lines, "departement:31;2020;Ensemble ESS;;1;3", ""))
    row = loaded(written(tmp_path, text))
    assert row.counts["refused"] == 2
    assert row.refused[0].startswith(
        "Fichier « flores.csv », ligne 3, colonne « territoire », valeur « 999 » : aucun territoire"
    )
    assert (
        "ligne 4, colonne « effectifs », valeur « 3 » : une autre ligne donne une autre valeur"
        in " ".join(row.refused)
    )
    assert values() == {WHOLE: Decimal(2)}


def test_former_communes_are_added_up(tmp_path):
    from essor.territories.models import CommuneCode, Territory

    commune = Territory.objects.get(kind="commune", code="31555")
    CommuneCode.objects.create(code="31990", kind="ancien", commune=commune)
    text = f"{HEAD}\ncommune:31555;2020;Ensemble ESS;;10;20\ncommune:31990;2020;Ensemble ESS;;1;2\n"
    from essor.territories import queries

    queries._cached_codes.cache_clear()
    loaded(written(tmp_path, text))
    queries._cached_codes.cache_clear()
    assert values(ref_code="31555") == {WHOLE: Decimal(22)}


def test_places_are_known_by_name(tmp_path):
    text = "Région;Année;Famille;Effectifs\nOccitanie;2020;Ensemble ESS;7\nAtlantide;2020;Ensemble ESS;7\n"
    row = loaded(written(tmp_path, text))
    assert values(ref_code="76") == {WHOLE: Decimal(7)}
    assert row.counts["refused"] == 1


def test_the_urssaf_has_totals_added_up_and_said(tmp_path):
    text = (
        "Année;Code département;Familles ESS;Effectifs salariés moyens;Masse salariale\n"
        "2022;31;Associations;100;1000\n2022;31;Mutuelles;30;700\n2022;31;Hors ESS;850;9000\n"
        "2022;31;Coopératives;15;700\n2022;31;Fondations;5;70\n"
    )
    row = loaded(written(tmp_path, text, "export.csv"))
    assert row.kind == TableKind.URSSAF
    whole = Observation.objects.get(code="urssaf.effectifs", parts="")
    assert (whole.numerator, whole.source) == (
        Decimal(150),
        "Urssaf, open.urssaf.fr, 2022 (total fait par addition)",
    )
    share = Observation.objects.get(code="urssaf.part_emploi_prive")
    assert (share.numerator, share.denominator) == (Decimal(150), Decimal(1000))
    assert row.notes == [
        "Des totaux que le tableau n’écrit pas ont été faits en additionnant toutes leurs parts."
    ]


def test_a_total_with_a_secret_part_is_not_made(tmp_path):
    head = "Année;Code département;Familles ESS;Effectifs salariés moyens"
    text = f"{head}\n2022;31;Associations;100\n2022;31;Mutuelles;s\n2022;31;Fondations;1\n2022;31;Coopératives;1\n"
    loaded(written(tmp_path, text, "urssaf.csv"))
    assert (2022, "") not in values("urssaf.effectifs")


def test_a_total_is_not_made_from_some_families(tmp_path):
    head = "Année;Code département;Familles ESS;Effectifs salariés moyens"
    loaded(written(tmp_path, f"{head}\n2022;31;Associations;100\n2022;31;Mutuelles;7\n", "urssaf.csv"))
    assert (2022, "") not in values("urssaf.effectifs")


def test_quarters(tmp_path):
    path = written(tmp_path, QUARTERS, "qpv.csv")
    row = loaded(path, vintage=2019)
    assert (row.kind, row.vintage, row.counts["secret"]) == (TableKind.QUARTERS, 2019, 1)
    assert [(each.label, each.written, each.vintage) for each in figures_of("QP031001")] == [
        ("Taux de pauvreté au seuil de 60 %", "40,2\u00a0%", 2019), ("inconnue (libellé à vérifier)", "3", 2019),
    ]  # fmt: skip
    assert [each.code for each in figures_of("QP031002")] == ["inconnue"]
    assert actions.changes(actions.give(None, path, vintage=2019, day=DAY)) is False
    loaded(written(tmp_path, QUARTERS.replace("40.2", "41"), "qpv2.csv"), vintage=2019, day=date(2024, 1, 1))
    assert figures_of("QP031001")[0].value == Decimal(41)
    actions.withdraw(
        UserFactory(), OfficialLoad.objects.filter(state=LoadState.IN_FORCE).order_by("pk").last()
    )
    assert figures_of("QP031001")[0].value == Decimal("40.2")
    actions.withdraw(UserFactory(), row)
    assert QuarterFigure.objects.count() == 0


@pytest.mark.realdata
def test_the_real_table_of_quarters(real_data):
    row = loaded(real_data / "geo" / "qpv2015_occitanie_indicateurs.csv", vintage=2019)
    assert QuarterFigure.objects.count() == 4305 - 216
    assert row.notes == ["Colonnes de texte laissées : nom_qp, nom_commune."]
    assert len(figures_of("QP031001")) > 30


def test_what_is_refused_whole(tmp_path):
    with pytest.raises(InputProblem, match="aucun territoire en vigueur"):
        actions.give(None, written(tmp_path, f"{HEAD}\ndepartement:999;2020;Ensemble ESS;;1;2\n"))
    with pytest.raises(ValidationError, match="avenir"):
        actions.give(None, written(tmp_path, FLORES), day=date(2999, 1, 1))
    with pytest.raises(ValidationError, match="millésime"):
        actions.give(None, written(tmp_path, FLORES), vintage=20)
    with pytest.raises(ValidationError, match="ne dit pas son année"):
        actions.give(None, written(tmp_path, QUARTERS, "qpv.csv"), day=DAY)
    assert OfficialLoad.objects.count() == 0


def test_a_table_that_nobody_confirms_is_left(tmp_path):
    row = actions.give(None, written(tmp_path, FLORES), day=DAY)
    assert actions.forget_old(timezone.now()) == 0
    OfficialLoad.objects.filter(pk=row.pk).update(given_at=timezone.now() - timedelta(days=8))
    assert actions.forget_old(timezone.now()) == 1
    assert OfficialCell.objects.count() == 0


def test_a_loaded_table_is_not_left(tmp_path):
    row = loaded(written(tmp_path, FLORES))
    with pytest.raises(ValidationError, match="retirez-le"):
        actions.leave(row)
