"""Made-up drawn areas for tests."""

import factory
import shapely
from django.utils import timezone
from factory.django import DjangoModelFactory

from essor.observatory.models import Area
from tests.factories import AuthorityFactory

SQUARE = shapely.box(1.40, 43.55, 1.50, 43.65)


class AreaFactory(DjangoModelFactory[Area]):
    """A square over Toulouse, published."""

    class Meta:
        model = Area

    authority = factory.SubFactory(AuthorityFactory)
    name = factory.Sequence(lambda n: f"Zone d’essai {n}")
    is_public = True
    geometry = factory.LazyFunction(lambda: shapely.to_wkb(SQUARE))
    west, south, east, north = SQUARE.bounds
    source = "Essai"
    created_at = factory.LazyFunction(timezone.now)
