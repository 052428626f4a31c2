"""What people write of an organisation: apart from the facts of open data, which no edition may touch."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation


class ProfileField(models.TextChoices):
    """What a profile says, in the order of the page."""

    DESCRIPTION = "description", _("Présentation")
    ACTIVITY = "activity", _("Activité")
    OFFER = "offer", _("Ce que l’organisation vend ou propose")
    KEYWORDS = "keywords", _("Mots-clés")
    NEEDS = "needs", _("Besoins")
    EMAIL = "email", _("Adresse électronique")
    PHONE = "phone", _("Téléphone")
    WEBSITE = "website", _("Site internet")
    LINKS = "links", _("Réseaux sociaux et autres pages")
    HOURS = "hours", _("Ouverture")
    LANGUAGES = "languages", _("Langues parlées")
    LOGO = "logo", _("Logo")


class ProfileEntryQuerySet(models.QuerySet["ProfileEntry"]):
    """Reads of profiles."""

    def current(self) -> "ProfileEntryQuerySet":
        """What the profile says now."""
        return self.filter(replaced_at__isnull=True)


class ProfileEntry(models.Model):
    """One thing said of an organisation, by whom and when. A change adds a row: the former one keeps its dates."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="profile_entries")
    field = models.CharField(_("rubrique"), max_length=12, choices=ProfileField)
    value = models.TextField(_("texte"), max_length=4000)  # the alternative text, for a logo
    file = models.ForeignKey("kernel.StoredFile", models.SET_NULL, null=True, related_name="+")
    # What the open data said when this was written or confirmed: a later difference is a conflict to show.
    fact_seen = models.TextField(blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Empty: the organisation itself, through a member.
    written_for = models.ForeignKey("accounts.Authority", models.SET_NULL, null=True, related_name="+")
    by_member = models.BooleanField(default=True)
    written_at = models.DateTimeField(_("écrit le"))
    replaced_at = models.DateTimeField(_("remplacé le"), null=True)

    objects = ProfileEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "field"],
                condition=Q(replaced_at__isnull=True),
                name="registry_profile_one_current",
                violation_error_message=_("Cette rubrique est déjà renseignée."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.field}"
