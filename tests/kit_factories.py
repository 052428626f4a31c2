"""Made-up objects of the kit for tests."""

from datetime import date
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from essor.kernel.text import fold
from essor.kit.enums_support import Axis
from essor.kit.models import Aid, AidImport, OrientationRequest, Supporter, SupportMark
from essor.kit.orientation_form import version_for


class SupporterFactory(DjangoModelFactory[Supporter]):
    """A supporter that finances launches everywhere; `marks={Axis.ROLE: [...]}` says other codes."""

    class Meta:
        model = Supporter
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Soutien d’essai {n}")
    offer = "Prête à des projets."
    source = "Son site"
    source_day = date(2026, 1, 5)
    updated_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def marks(obj: Supporter, create: bool, extracted: Any, **_: Any) -> None:  # noqa: N805
        said = extracted or {Axis.ROLE: ["finance"], Axis.STAGE: ["launch"]}
        SupportMark.objects.bulk_create(
            SupportMark(supporter=obj, axis=axis, code=code) for axis, codes in said.items() for code in codes
        )


class AidFactory(DjangoModelFactory[Aid]):
    """An aid for associations, without deadline."""

    class Meta:
        model = Aid

    source = "Liste d’essai"
    key = factory.Sequence(lambda n: f"aide-{n}")
    name = factory.Sequence(lambda n: f"Aide d’essai {n}")
    audience_codes = "|association|"
    audiences = ["Associations"]
    search_text = factory.LazyAttribute(lambda aid: fold(aid.name))
    first_seen_on = date(2026, 1, 5)
    seen_on = date(2026, 1, 5)


class AidImportFactory(DjangoModelFactory[AidImport]):
    """A list that was read."""

    class Meta:
        model = AidImport

    source = "Liste d’essai"
    file_name = "aides.csv"
    day = date(2026, 1, 5)
    given_at = factory.LazyFunction(timezone.now)
    read_at = factory.LazyFunction(timezone.now)
    counts = {"rows": 1, "new": 1, "changed": 0, "same": 0, "gone": 0, "rejected": 0}


class OrientationRequestFactory(DjangoModelFactory[OrientationRequest]):
    """What a project holder asked, everywhere in France."""

    class Meta:
        model = OrientationRequest

    form_version = factory.LazyFunction(lambda: version_for(None))
    token = factory.Sequence(lambda n: f"essai-{n:016}")
    answers = {
        "stage": "launch",
        "needs": ["finance"],
        "profile": "association",
        "theme": "food",
        "employs": False,
    }
    asked_on = date(2026, 1, 5)
