"""Alerts of the register: raised after each switch from its differences, looked at by each authority."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.accounts.models import Authority
from essor.registry.enums import SizeBand
from essor.registry.models import (
    Alert,
    AlertReview,
    ComingChange,
    EditionChange,
    EstablishmentFacts,
    OrganisationFacts,
    Switch,
)
from essor.registry.nomenclatures import sector_of
from essor.registry.rules_alerts import AlertKind, Footing, Lost, large_employer_gone, losses, sharp_loss
from essor.registry.rules_alerts import without_repeats as _without_repeats
from essor.registry.rules_history import ORGANISATION, ChangeKind
from essor.registry.words import sector_label
from essor.territories.models import Territory

OPEN, SEEN, SET_ASIDE = "open", AlertReview.State.SEEN, AlertReview.State.SET_ASIDE
_GONE = (str(ChangeKind.CLOSED.value), str(ChangeKind.LEFT.value))
_ENDS = (*_GONE, *(str(k.value) for k in (ChangeKind.MOVED, ChangeKind.ACTIVITY, ChangeKind.SHRUNK)))
# The order of the kinds: the gravest first.
_GRAVITY = Case(
    *(When(kind=str(kind.value), then=Value(place)) for place, kind in enumerate(AlertKind)),
    output_field=IntegerField(),
)


# Raising.


def after_switch(switch: Switch) -> int:
    """Raise the alerts of a switch (once, however often it runs), or withdraw those that going back undoes.

    Gives how many were raised or withdrawn.
    """
    ComingChange.objects.filter(edition=switch.edition).delete()
    if switch.going_back:
        return _withdraw(switch)
    found = [*_of_organisations(switch), *_of_sectors(switch)]
    with transaction.atomic():
        before = switch.alerts.count()
        Alert.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
        return switch.alerts.count() - before


def _withdraw(switch: Switch) -> int:
    """The alerts of the switches that came after the last time its edition was in force."""
    last = (
        Switch.objects.filter(edition=switch.edition, pk__lt=switch.pk).values_list("pk", flat=True).first()
    )
    undone = Alert.objects.filter(switch__gt=last or 0, switch__lt=switch.pk, withdrawn=False)
    return undone.update(withdrawn=True)


def _alert(switch: Switch, kind: AlertKind, territory_id: int, sentence: str, **more: object) -> Alert:
    organisation, sector = more.get("organisation_id"), more.get("sector", "")
    return Alert(
        switch=switch,
        edition=switch.edition,
        kind=str(kind.value),
        territory_id=territory_id,
        sentence=sentence[:700],
        created_at=timezone.now(),
        key=f"{kind.value}:{territory_id}:{sector}:{organisation or ''}",
        **more,
    )


def _of_organisations(switch: Switch) -> list[Alert]:
    """Large employers that closed or left, sharp losses of jobs."""
    kinds = (*_GONE, str(ChangeKind.SHRUNK.value))
    rows = EditionChange.objects.filter(
        switch=switch, kind__in=kinds, subject=ORGANISATION, commune__isnull=False
    ).select_related("organisation__facts", "commune")
    found = []
    for row in rows:
        facts = row.organisation.facts
        place = row.commune.name
        if row.kind in _GONE:
            kind = large_employer_gone(ChangeKind(row.kind), facts.size_band)
            if kind is None:
                continue
            said = {
                AlertKind.EMPLOYER_CLOSED: _("%(name)s (%(place)s, %(size)s) est fermée selon Sirene."),
                AlertKind.EMPLOYER_LEFT: _("%(name)s (%(place)s, %(size)s) n’est plus dans les fichiers."),
            }[kind]
            words = {"name": facts.name, "place": place, "size": _band(facts.size_band)}
        elif sharp_loss(row.before, row.after):
            kind = AlertKind.JOBS_LOST
            said = _("%(name)s (%(place)s) passe de « %(before)s » à « %(after)s ».")
            words = {
                "name": facts.name,
                "place": place,
                "before": _band(row.before),
                "after": _band(row.after),
            }
        else:
            continue
        found.append(_alert(switch, kind, row.commune_id, said % words, organisation_id=row.organisation_id))
    return found


def _band(code: str) -> str:
    return dict(SizeBand.choices()).get(code, code)


def _of_sectors(switch: Switch) -> list[Alert]:
    """Intercommunalities, then communes, that lost their last structure or employer of a sector."""
    gone = _ended(switch)
    if not gone:
        return []
    still, employing = _standing()
    epci_of = dict(
        Territory.objects.filter(pk__in={each.place for each in gone}, epci__isnull=False).values_list(
            "pk", "epci_id"
        )
    )
    inside = dict(
        Territory.objects.filter(kind="commune", epci__in=set(epci_of.values())).values_list("pk", "epci_id")
    )
    communes = losses(gone, still, employing)
    above = losses(
        [Footing(epci_of[each.place], each.sector, each.employs) for each in gone if each.place in epci_of],
        {(inside[place], sector) for place, sector in still if place in inside},
        {(inside[place], sector) for place, sector in employing if place in inside},
    )
    lost = _without_repeats(communes, above, epci_of)
    names = dict(Territory.objects.filter(pk__in={each.place for each in lost}).values_list("pk", "name"))
    return [
        _alert(switch, each.kind, each.place, _lost_words(each, names[each.place]), sector=each.sector)
        for each in lost
    ]


def _lost_words(lost: Lost, place: str) -> str:
    said = (
        _("%(place)s n’a plus aucune structure du secteur « %(sector)s ».")
        if lost.kind is AlertKind.LAST_OF_SECTOR
        else _("%(place)s n’a plus aucun employeur du secteur « %(sector)s ».")
    )
    return said % {"place": place, "sector": sector_label(lost.sector)}


def _ended(switch: Switch) -> list[Footing]:
    """Where organisations stood that the switch took away: who left, moved, changed activity or employs no more."""
    rows = EditionChange.objects.filter(switch=switch, kind__in=_ENDS, subject=ORGANISATION).values_list(
        "kind",
        "before",
        "after",
        "commune_id",
        "organisation__facts__sector",
        "organisation__facts__size_band",
    )
    found = []
    for kind, before, after, commune_id, sector, band in rows:
        place, employs = commune_id, _employs(band)
        if kind == ChangeKind.MOVED.value:
            place = int(before) if before else None
        elif kind == ChangeKind.ACTIVITY.value:
            former = sector_of(before)
            sector = former.code if former else ""
        elif kind == ChangeKind.SHRUNK.value:
            employs = _employs(before)
            if _employs(after):
                continue
        if place is not None:
            found.append(Footing(place, sector, employs))
    return found


def _employs(band: str) -> bool:
    size = SizeBand.of(band)
    return size is not None and size.is_employer


def _standing() -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """(commune, sector) pairs of the register in force, by seats and by establishments: all, and with an employer."""
    seats = OrganisationFacts.objects.filter(present=True, commune__isnull=False).values_list(
        "commune_id", "sector", "size_band"
    )
    owner = "establishment__organisation__facts__"
    places = EstablishmentFacts.objects.filter(
        present=True, in_territory=True, commune__isnull=False, **{f"{owner}present": True}
    ).values_list("commune_id", f"{owner}sector", f"{owner}size_band")
    still, employing = set(), set()
    for commune, sector, band in (*seats.order_by().distinct(), *places.order_by().distinct()):
        still.add((commune, sector))
        if _employs(band):
            employing.add((commune, sector))
    return still, employing


# Reading.


@dataclass(frozen=True)
class AlertFilter:
    """What the list of alerts keeps: a state (open, seen, set_aside, or all when empty), a kind."""

    state: str = OPEN
    kind: str = ""


def alerts_of(authority: Authority) -> "QuerySet[Alert]":
    """The alerts of an authority's territory, latest edition and gravest first, with `review_state`."""
    if authority.territory is None:
        return Alert.objects.none()
    communes = Territory.objects.communes_of(authority.territory)
    inside = Q(territory__in=communes.values("pk")) | Q(
        territory__in=communes.filter(epci__isnull=False).values("epci_id")
    )
    review = AlertReview.objects.filter(alert=OuterRef("pk"), authority=authority)
    return (
        Alert.objects.filter(inside, withdrawn=False)
        .annotate(review_state=review.values("state")[:1])
        .order_by("-switch_id", _GRAVITY, "pk")
    )


def filtered(rows: "QuerySet[Alert]", chosen: AlertFilter) -> "QuerySet[Alert]":
    """The alerts that the filter keeps."""
    if chosen.state == OPEN:
        rows = rows.filter(review_state__isnull=True)
    elif chosen.state:
        rows = rows.filter(review_state=chosen.state)
    return rows.filter(kind=chosen.kind) if chosen.kind else rows


def waiting(authority: Authority) -> int:
    """How many alerts the authority has still to look at."""
    if authority.territory is None:
        return 0
    return filtered(alerts_of(authority), AlertFilter()).count()


def reviews_of(alerts: Iterable[Alert], authority: Authority) -> Mapping[int, AlertReview]:
    """What the authority made of each of these alerts, with the person."""
    rows = AlertReview.objects.filter(alert__in=list(alerts), authority=authority).select_related("person")
    return {row.alert_id: row for row in rows}
