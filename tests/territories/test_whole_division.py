"""The whole division of the vintage: counts, special cases, keys, sums."""

import pytest
from django.db.models import Count, Sum

from essor.formats.identifiers import is_siren
from essor.territories.models import CommuneCode, PostalCode, Territory
from essor.territories.queries import ambiguous_codes, code_map, communes, resolve, search
from essor.territories.rules import powers_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("all_territories")]


def test_counts_of_the_vintage():
    kinds = Territory.objects.order_by("kind").values_list("kind").annotate(Count("pk"))
    assert dict(kinds) == {
        "france": 1, "region": 18, "departement": 101, "collectivite": 10, "epci": 1255, "ept": 11, "commune": 34969,
    }  # fmt: skip
    forms = (
        Territory.objects.of_kind("epci").order_by("epci_type").values_list("epci_type").annotate(Count("pk"))
    )
    assert dict(forms) == {"CC": 989, "CA": 230, "CU": 14, "METRO": 21, "MET69": 1}
    zones = Territory.objects.of_kind("commune").order_by("zone").values_list("zone").annotate(Count("pk"))
    assert dict(zones) == {"metro": 34746, "drom": 129, "com": 94}
    assert dict(CommuneCode.objects.order_by("kind").values_list("kind").annotate(Count("pk"))) == {
        "arrondissement": 45, "deleguee": 2105, "associee": 471, "ancien": 4240,
    }  # fmt: skip
    assert set(Territory.objects.values_list("vintage", flat=True)) == {2026}


def test_every_siren_has_a_right_key():
    numbers = Territory.objects.exclude(siren="").values_list("kind", "code", "siren")
    wrong = [(kind, code, siren) for kind, code, siren in numbers if not is_siren(siren)]
    assert wrong == []
    # Overseas collectivities' communes have none in the source.
    without = Territory.objects.of_kind("commune", "epci", "ept").filter(siren="")
    assert set(without.values_list("zone", flat=True)) == {"com"}
    assert without.count() == 94


def test_every_commune_has_its_parents():
    communes_ = Territory.objects.of_kind("commune")
    assert not communes_.exclude(zone="com").filter(departement=None).exists()
    assert not communes_.exclude(zone="com").filter(region=None).exists()
    assert not communes_.filter(zone="com").exclude(collectivite__zone="com").exists()
    alone = communes_.exclude(zone="com").filter(epci=None)
    assert sorted(alone.values_list("code", flat=True)) == ["22016", "29083", "29155", "85113"]  # islands


def test_populations_add_up():
    def people(kind):
        return Territory.objects.of_kind(kind).aggregate(Sum("population"))["population__sum"]

    whole = resolve("france").population
    overseas = Territory.objects.filter(kind="collectivite", zone="com").aggregate(Sum("population"))
    assert people("commune") == whole
    assert people("departement") == people("region") == whole - overseas["population__sum"]
    of_groups = Territory.objects.of_kind("commune").filter(epci__isnull=False).values_list("epci__code")
    assert dict(of_groups.annotate(Sum("population"))) == dict(
        Territory.objects.of_kind("epci").values_list("code", "population")
    )


@pytest.mark.parametrize(
    ("district", "commune", "count"), [("751", "75056", 20), ("6938", "69123", 9), ("132", "13055", 16)]
)
def test_municipal_arrondissements_lead_to_paris_lyon_marseille(district, commune, count):
    codes = CommuneCode.objects.filter(kind="arrondissement").values_list("code", flat=True)
    found = [code for code in codes if code.startswith(district)]
    assert len(found) == count
    assert {code_map()[code] for code in found} == {commune}


def test_lyon_its_metropole_and_the_rhone():
    metropole, rhone, departement = (
        communes(r) for r in ("epci:200046977", "collectivite:69D", "departement:69")
    )
    assert (len(metropole), len(rhone), len(departement)) == (58, 208, 266)
    assert metropole | rhone == departement
    assert not metropole & rhone
    assert resolve("collectivite:69M").siren == "200046977"


def test_corsica_alsace_and_overseas():
    assert (
        communes("region:94")
        == communes("departement:2A") | communes("departement:2B")
        == communes("departement:20")
    )
    assert communes("collectivite:6AE") == communes("departement:67") | communes("departement:68")
    for region, departement in (("01", "971"), ("02", "972"), ("03", "973"), ("04", "974"), ("06", "976")):
        assert communes(f"region:{region}") == communes(f"departement:{departement}")
    assert len(communes("departement:976")) == 17
    assert communes("departement:977") == {"97701"}
    assert len(communes("collectivite:987")) == 48


def test_the_grand_paris():
    in_ept = Territory.objects.of_kind("commune").exclude(ept=None)
    assert in_ept.count() == 129
    assert set(in_ept.values_list("epci__code", flat=True)) == {"200054781"}
    # Paris is in the métropole and in no EPT.
    assert communes("epci:200054781") - set(in_ept.values_list("code", flat=True)) >= {"75056"}
    assert len(communes("ept:200058014")) == 24


def test_any_code_leads_to_a_commune_in_force():
    codes = code_map()
    current = set(Territory.objects.of_kind("commune").values_list("code", flat=True))
    assert set(codes.values()) <= current
    assert all(codes[code] == code for code in current)
    assert len(codes) == 39254
    assert ambiguous_codes() == {}
    assert (codes["01340"], codes["75059"], codes["93059"]) == ("01015", "93066", "93066")


def test_postal_codes_and_search_at_full_size():
    assert PostalCode.objects.count() == 35493
    assert [t.code for t in search("31000")] == ["31555"]
    assert search("lyon")[0].code == "69123"
    assert search("saint etienne metropole")[0].code == "244200770"


def test_positions_are_in_their_part_of_the_world():
    placed = Territory.objects.of_kind("commune").exclude(lon=None)
    assert placed.count() == 8509
    share = placed.aggregate(Sum("population"))["population__sum"] / resolve("france").population
    assert share == pytest.approx(0.824, abs=0.002)
    metro = placed.filter(zone="metro")
    assert metro.count() == metro.filter(lon__gt=-5.2, lon__lt=9.7, lat__gt=41.3, lat__lt=51.2).count()
    assert (
        not Territory.objects.of_kind("epci", "departement", "region")
        .filter(zone="metro", lon=None)
        .filter(kind="departement")
        .exists()
    )


def test_every_territory_has_powers_with_a_source():
    for kind, code in Territory.objects.exclude(kind="france").values_list("kind", "code"):
        assert powers_of(kind, code).source
