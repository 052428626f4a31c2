"""Personal data in the texts of the kit: who wrote each version, who received and adopted recipes."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, Row, register
from essor.kit.models import Adoption, ContentVersion, ReceivedRecipe

BASIS = _("Mission d’intérêt public (RGPD, article 6.1.e)")
KEPT = _("Le temps du service ; le texte reste, le nom disparaît avec le compte")


def _versions(user_id: int) -> Iterable[Row]:
    return (
        {"texte": f"{row.kind} {row.code}", "version": row.number, "écrit le": row.at, "motif": row.reason}
        for row in ContentVersion.objects.filter(author_id=user_id).order_by("at", "pk")
    )


def _received(user_id: int) -> Iterable[Row]:
    return (
        {"recette": row.title, "fichier": row.file_name, "reçue le": row.received_at}
        for row in ReceivedRecipe.objects.filter(received_by_id=user_id)
    )


def _adopted(user_id: int) -> Iterable[Row]:
    return (
        {"recette": row.code, "adoptée le": row.adopted_at}
        for row in Adoption.objects.filter(adopted_by_id=user_id)
    )


register(
    Retention(
        model="kit.ContentVersion",
        fields=("author_id",),
        purpose=_("Savoir qui a corrigé un texte, et pourquoi"),
        legal_basis=BASIS,
        kept=KEPT,
        export=_versions,
    )
)
register(
    Retention(
        model="kit.ReceivedRecipe",
        fields=("received_by_id",),
        purpose=_("Savoir qui a déposé une recette venue d’ailleurs"),
        legal_basis=BASIS,
        kept=KEPT,
        export=_received,
    )
)
register(
    Retention(
        model="kit.Adoption",
        fields=("adopted_by_id",),
        purpose=_("Savoir qui a adopté une recette pour la collectivité"),
        legal_basis=BASIS,
        kept=KEPT,
        export=_adopted,
    )
)
