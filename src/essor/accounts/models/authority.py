"""Authorities and their services."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from essor.accounts.enums import AuthorityKind
from essor.accounts.models.dated import DatedModel
from essor.accounts.validators import (
    validate_accent,
    validate_impersonal,
    validate_siren,
    validate_slug_not_reserved,
)
from essor.kernel.fields import SortKeyField

DEFAULT_ACCENT = "#0B5D5E"


class Authority(models.Model):
    """A public body served by the installation, under its own address `/<slug>/`."""

    slug = models.SlugField(
        _("adresse"),
        max_length=60,
        unique=True,
        validators=[validate_slug_not_reserved],
        error_messages={"unique": _("Une autre collectivité porte déjà cette adresse.")},
    )
    name = models.CharField(_("nom"), max_length=200, validators=[validate_impersonal])
    sort_key = SortKeyField()
    kind = models.CharField(_("nature"), max_length=12, choices=AuthorityKind)
    territory = models.ForeignKey(
        "territories.Territory",
        verbose_name=_("territoire"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    siren = models.CharField(_("SIREN"), max_length=9, blank=True, validators=[validate_siren])
    accent = models.CharField(
        _("couleur d’accent"), max_length=7, default=DEFAULT_ACCENT, validators=[validate_accent]
    )
    logo = models.ForeignKey(
        "kernel.StoredFile",
        verbose_name=_("logo"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    presentation = models.TextField(_("présentation publique"), blank=True, max_length=2000)
    is_demo = models.BooleanField(_("démonstration"), default=False)

    class Meta:
        verbose_name = _("collectivité")
        verbose_name_plural = _("collectivités")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["siren"],
                condition=~models.Q(siren=""),
                name="accounts_authority_siren",
                violation_error_message=_("Une autre collectivité porte déjà ce SIREN."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the public home of the authority."""
        return f"/{self.slug}/"


class Service(DatedModel):
    """A service of an authority (« direction de l’économie », « commande publique »…), while it exists."""

    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(_("nom du service"), max_length=200, validators=[validate_impersonal])
    sort_key = SortKeyField()

    class Meta(DatedModel.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["sort_key", "pk"]
        constraints = [
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["authority", "sort_key"],
                condition=models.Q(end__isnull=True),
                name="accounts_service_name",
                violation_error_message=_("Un service porte déjà ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A service has a name once spaces are removed."""
        self.name = " ".join(self.name.split())
        if not self.name:
            raise ValidationError({"name": _("Donnez un nom au service.")})
