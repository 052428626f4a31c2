"""Made-up texts, recipes and policies of the kit for tests."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from essor.kit.adoption.files import digest_of
from essor.kit.editing.in_force import digest
from essor.kit.library import package_texts
from essor.kit.models import Adoption, ContentVersion, ReceivedRecipe, SectorPolicy
from essor.kit.recipe import export
from essor.kit.recipe_library import recipes
from tests.factories import AuthorityFactory

SECTORS = "politiques-sectorielles-departement"
DIRECTORY = "annuaire-accompagnement-demarrage"


class VersionFactory(DjangoModelFactory[ContentVersion]):
    """A correction of the title of K12."""

    class Meta:
        model = ContentVersion

    kind = "fiche"
    code = "K12"
    number = factory.Sequence(lambda n: n + 1)
    text = factory.LazyAttribute(
        lambda row: package_texts()[row.code].replace("Commande publique", "Achat public")
    )
    base = factory.LazyAttribute(lambda row: digest(package_texts()[row.code]))
    base_text = factory.LazyAttribute(lambda row: package_texts()[row.code])
    reason = "Essai"
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class ReceivedRecipeFactory(DjangoModelFactory[ReceivedRecipe]):
    """The list of policies of a département, received as a file."""

    class Meta:
        model = ReceivedRecipe

    code = SECTORS
    kind = "sectors"
    title = "Politiques d’essai"
    recipe = factory.LazyAttribute(lambda row: export(recipes()[row.code]))
    digest = factory.LazyAttribute(lambda row: digest_of(recipes()[row.code]))
    file_name = "recette.yaml"
    received_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class AdoptionFactory(DjangoModelFactory[Adoption]):
    """The list of policies of a département, adopted from the catalogue."""

    class Meta:
        model = Adoption

    authority = factory.SubFactory(AuthorityFactory)
    code = SECTORS
    version = 1
    kind = "sectors"
    origin = "package"
    recipe = factory.LazyAttribute(lambda row: export(recipes()[row.code]))
    digest = factory.LazyAttribute(lambda row: digest_of(recipes()[row.code]))
    thing = factory.LazyAttribute(lambda row: f"accounts.authority:{row.authority.pk}")
    adopted_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class SectorPolicyFactory(DjangoModelFactory[SectorPolicy]):
    """A policy of an authority's own."""

    class Meta:
        model = SectorPolicy

    authority = factory.SubFactory(AuthorityFactory)
    code = factory.Sequence(lambda n: f"politique-{n}")
    label = factory.Sequence(lambda n: f"Politique d’essai {n}")
    rank = factory.Sequence(lambda n: n + 1)
