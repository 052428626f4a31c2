"""Who helps a project: supporters, described on five axes (role, stage, profile, theme, goal)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kernel.fields import SortKeyField
from essor.kernel.text import fold
from essor.kit.enums_aids import LinkState
from essor.kit.enums_support import Axis
from essor.territories.enums import Kind
from essor.territories.models import Territory

# An axis where no mark means « all of them ».
OPEN_AXES = frozenset({Axis.PROFILE, Axis.THEME})


class SupporterQuerySet(models.QuerySet["Supporter"]):
    """Reads of supporters."""

    def opened(self) -> Self:
        """Those that still help."""
        return self.filter(closed_on__isnull=True)

    def matching(self, words: str) -> Self:
        """Those whose name or description holds all the words, accents aside."""
        rows = self
        for word in fold(words).split()[:10]:
            rows = rows.filter(search_text__contains=word)
        return rows

    def around(self, territory: Territory) -> Self:
        """Those that act everywhere in France, or on a territory that holds, is or lies in this one."""
        used = set(
            Supporter.objects.exclude(territory=None).values_list("territory_id", flat=True).distinct()
        )
        near = touching(territory, used) if used else set()
        return self.filter(Q(territory__isnull=True) | Q(territory__in=near))

    def known_to(self, authority_id: int | None) -> Self:
        """Those of the installation, and those that the authority keeps, if there is one."""
        return self.filter(Q(authority__isnull=True) | Q(authority_id=authority_id))


def touching(territory: Territory, among: set[int]) -> set[int]:
    """Those of the territories `among` (ids) that share a commune with this one."""
    if territory.kind == Kind.FRANCE:
        return among
    communes = Territory.objects.communes_of(territory)
    parents = ("region_id", "departement_id", "collectivite_id", "epci_id", "ept_id")
    around = {pk for row in communes.order_by().values_list(*parents).distinct() for pk in row}
    return among & ({territory.pk} | around | set(communes.filter(pk__in=among).values_list("pk", flat=True)))


def related(territory: Territory) -> set[int]:
    """Ids of the territories that share a commune with this one, itself among them."""
    if territory.kind == Kind.FRANCE:
        return set(Territory.objects.active().values_list("pk", flat=True))
    parents = ("region_id", "departement_id", "collectivite_id", "epci_id", "ept_id")
    found = {territory.pk}
    for row in Territory.objects.communes_of(territory).values_list("pk", *parents):
        found.update(pk for pk in row if pk)
    return found


class Supporter(models.Model):
    """An organisation or a scheme that informs, incubates, advises, finances or houses projects.

    `code` names those that come with Essor; once a person has corrected one (`is_corrected`), an upgrade leaves it
    as it is. `authority` keeps the local ones; a None one is of the whole installation.
    """

    code = models.SlugField(_("code"), max_length=60, blank=True)
    authority = models.ForeignKey(
        "accounts.Authority", on_delete=models.CASCADE, null=True, blank=True, related_name="supporters"
    )
    name = models.CharField(_("nom"), max_length=200)
    sort_key = SortKeyField()
    offer = models.TextField(_("ce qu’il apporte"), max_length=2000)
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    documents = models.TextField(_("documents à préparer"), max_length=1000, blank=True)
    employers_only = models.BooleanField(_("réservé aux structures qui emploient"), default=False)
    territory = models.ForeignKey(
        "territories.Territory", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    website = models.URLField(_("site"), max_length=300, blank=True)
    link_state = models.CharField(_("lien"), max_length=10, choices=LinkState, default=LinkState.UNCHECKED)
    link_checked_on = models.DateField(_("lien vérifié le"), null=True, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    contact = models.CharField(_("comment le joindre"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300)
    # Empty when the source does not tell it: an invented day would be false.
    source_day = models.DateField(_("date de la source"), null=True, blank=True)
    # What names it in the list that brought it (« data·inclusion »…): the next list finds it again.
    origin_key = models.CharField(max_length=200, blank=True, editable=False)
    search_text = models.TextField(editable=False, default="")
    is_corrected = models.BooleanField(_("corrigé sur cette installation"), default=False)
    closed_on = models.DateField(_("fermé le"), null=True, blank=True)
    updated_at = models.DateTimeField(_("modifié le"))

    objects = SupporterQuerySet.as_manager()

    class Meta:
        verbose_name = _("acteur de l’accompagnement")
        verbose_name_plural = _("acteurs de l’accompagnement")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="kit_supporter_code",
                violation_error_message=_("Un autre acteur porte déjà ce code."),
            ),
            models.UniqueConstraint(
                fields=["authority", "origin_key"],
                condition=~Q(origin_key=""),
                name="kit_supporter_origin",
                violation_error_message=_("Votre annuaire a déjà cet acteur, venu de la même liste."),
            ),
            models.UniqueConstraint(
                fields=["authority", "sort_key"],
                condition=Q(closed_on__isnull=True, authority__isnull=False),
                name="kit_supporter_name",
                violation_error_message=_("Votre annuaire a déjà un acteur de ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def marks_of(self, axis: str) -> list[str]:
        """Codes borne on an axis, from the marks already read."""
        return [mark.code for mark in self.marks.all() if mark.axis == axis]


class SupportMark(models.Model):
    """A code of an axis that a supporter bears."""

    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="marks")
    axis = models.CharField(max_length=8, choices=Axis)
    code = models.CharField(max_length=16)

    class Meta:
        verbose_name = _("critère")
        constraints = [
            models.UniqueConstraint(fields=["supporter", "axis", "code"], name="kit_support_mark_once")
        ]
        indexes = [models.Index(fields=["axis", "code"], name="kit_support_mark_code")]

    def __str__(self) -> str:
        return f"{self.axis}:{self.code}"
