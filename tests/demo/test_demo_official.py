"""The official tables of the demonstration: said to be invented, coherent, played once."""

import pytest

from essor.demo.scenes import observatory_official as scene
from essor.indicators.models import Observation
from essor.observatory.models import OfficialLoad


@pytest.mark.django_db
@pytest.mark.usefixtures("module_territories")
def test_the_tables_are_loaded_once_and_say_that_they_are_invented():
    scene.play()
    scene.play()
    assert sorted(OfficialLoad.objects.values_list("kind", "counts__refused")) == [
        ("flores", 0),
        ("urssaf", 0),
    ]
    assert {row.source.split(",")[0] for row in Observation.objects.all()} == {"Démonstration"}
    for row in Observation.objects.filter(code="flores.effectifs", parts="", territory__code="31"):
        parts = Observation.objects.filter(
            code="flores.effectifs", territory=row.territory, start=row.start, parts__startswith='{"activite"'
        )
        assert sum(part.numerator for part in parts) == row.numerator
    share = Observation.objects.filter(code="flores.part_emploi_prive", territory__code="31").latest("start")
    assert 0.08 < share.numerator / share.denominator < 0.2
