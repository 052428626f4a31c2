"""Public aids read from lists, and the lists that brought them."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kernel import goals
from essor.kernel.fields import SortKeyField
from essor.kernel.text import fold
from essor.kit.enums_aids import Audience, LinkState, Recurrence


class AidQuerySet(models.QuerySet["Aid"]):
    """Reads of aids."""

    def open_on(self, day: date) -> Self:
        """Those that can be asked for on that day: still in their list, deadline not past."""
        return self.filter(gone_on__isnull=True).exclude(deadline__lt=day)

    def closed_on(self, day: date) -> Self:
        """Those whose deadline is past on that day, or that left their list."""
        return self.filter(Q(gone_on__isnull=False) | Q(deadline__lt=day))

    def matching(self, words: str) -> Self:
        """Those whose name, description or financers hold all the words, accents aside."""
        rows = self
        for word in fold(words).split()[:10]:
            rows = rows.filter(search_text__contains=word)
        return rows

    def new_since(self, day: date) -> Self:
        """Those that a list brought since that day; the first file of a list brings nothing new."""
        return self.filter(is_news=True, first_seen_on__gte=day)

    def closing_by(self, day: date) -> Self:
        """Those whose deadline is that day or before."""
        return self.filter(deadline__lte=day)

    def for_goal(self, goal: int) -> Self:
        """Those that serve a goal of sustainable development."""
        return self.filter(goal_codes__contains=f"|{goal}|")

    def with_codes(self, column: str, codes: list[str]) -> Self:
        """Those whose column (`audience_codes`, `theme_codes`…) holds one of the codes."""
        wanted = Q()
        for code in codes:
            wanted |= Q(**{f"{column}__contains": f"|{code}|"})
        return self.filter(wanted)


class Aid(models.Model):
    """An aid of a list. `key` names it there; `audience_codes` is « |commune|epci| », and so are our codes of its
    kinds, themes and goals (`aid_words` reads them). What a list no longer has is `gone_on` a day, never erased: what
    points to it stays true.
    """

    source = models.CharField(_("liste"), max_length=100)
    key = models.CharField(_("identifiant dans la liste"), max_length=500)
    name = models.CharField(_("nom"), max_length=300)
    sort_key = SortKeyField()
    link = models.URLField(_("page de l’aide"), max_length=500, blank=True)
    link_state = models.CharField(_("lien"), max_length=10, choices=LinkState, default=LinkState.UNCHECKED)
    link_checked_on = models.DateField(_("lien vérifié le"), null=True, blank=True)
    financers = models.JSONField(_("financeurs"), default=list)
    audiences = models.JSONField(_("bénéficiaires"), default=list)
    audience_codes = models.CharField(max_length=200, blank=True)
    kinds = models.JSONField(_("nature"), default=list)
    kind_codes = models.CharField(max_length=60, blank=True)
    themes = models.JSONField(_("thèmes"), default=list)
    theme_codes = models.CharField(max_length=200, blank=True)
    goal_codes = models.CharField(_("ODD"), max_length=goals.LENGTH, blank=True)
    goals_corrected = models.BooleanField(_("ODD corrigés par une personne"), default=False)
    is_call = models.BooleanField(_("appel à projets"), default=False)
    recurrence = models.CharField(_("récurrence"), max_length=10, choices=Recurrence, blank=True)
    description = models.TextField(_("description"), blank=True)
    perimeter = models.CharField(_("territoire"), max_length=200, blank=True)
    place_key = SortKeyField(source="perimeter")
    opens_on = models.DateField(_("ouverture"), null=True, blank=True)
    deadline = models.DateField(_("clôture"), null=True, blank=True)
    search_text = models.TextField(editable=False, default="")
    first_seen_on = models.DateField(_("vue la première fois le"))
    # Its list was known before it: what the first file of a list brings is not new, only new here.
    is_news = models.BooleanField(default=False)
    seen_on = models.DateField(_("date de la liste"))
    gone_on = models.DateField(_("retirée de la liste le"), null=True, blank=True)

    objects = AidQuerySet.as_manager()

    class Meta:
        verbose_name = _("aide")
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="kit_aid_once")]
        indexes = [models.Index(fields=["deadline"], name="kit_aid_deadline")]

    def __str__(self) -> str:
        return self.name

    def is_closed(self, day: date) -> bool:
        """Whether it can no longer be asked for on that day."""
        return self.gone_on is not None or (self.deadline is not None and self.deadline < day)

    def audience_labels(self) -> list[str]:
        """Our words for its audiences."""
        return [str(Audience(code).label) for code in self.audience_codes.strip("|").split("|") if code]


class AidImport(models.Model):
    """A file of aids: given, then read by a job. Its content is erased once it is read: it may name agents."""

    source = models.CharField(_("liste"), max_length=100)
    file = models.ForeignKey(
        "kernel.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(_("fichier"), max_length=255)
    day = models.DateField(_("date de la liste"))
    is_complete = models.BooleanField(_("liste complète"), default=False)
    all_or_nothing = models.BooleanField(_("tout ou rien"), default=False)
    form = models.CharField(_("forme reconnue"), max_length=40, blank=True)
    counts = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)
    given_at = models.DateTimeField(_("déposé le"))
    read_at = models.DateTimeField(_("lu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("liste d’aides")
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.source} · {self.file_name}"
