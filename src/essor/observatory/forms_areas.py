"""The form of a drawn area: its name, and one of the ways to say where it is."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.accounts.models import Authority
from essor.indicators.forms import NumberField, find_territory
from essor.law.labelled import Labelled
from essor.observatory import rules_shapes
from essor.observatory.areas import ground
from essor.observatory.fields import LongChecks
from essor.observatory.models import Area
from essor.observatory.rules_shapes import RadiusProblem, Shape, ShapeProblem
from essor.territories.enums import Kind, QpvGeneration
from essor.territories.models import Qpv, Territory

MOST_LISTED = 1000  # communes in the list; beyond, they are typed
MOST_CHOSEN = 300
MOST_AT_ONCE = 4  # boxes of a list that are seen without scrolling


class Way(Labelled):
    """How an area is drawn."""

    KEEP = "garder", "Garder le dessin actuel"
    UNION = "reunion", "Réunir des territoires"
    CIRCLE = "cercle", "Un cercle autour d’un lieu"
    DRAW = "dessin", "La dessiner, point par point"
    FILE = "fichier", "Un fichier GeoJSON"


class AreaForm(forms.Form):
    """Reads a shape: `cleaned_data["shape"]` (None: kept) and `cleaned_data["source"]`."""

    name = forms.CharField(label=_("Nom de la zone"), max_length=120)
    is_public = forms.BooleanField(
        label=_("Publier son portrait"),
        required=False,
        help_text=_("Publié, il se lit par tous ; sinon, par les agentes et agents de votre collectivité."),
    )
    way = forms.ChoiceField(label=_("Comment la dessiner"), widget=forms.RadioSelect)
    groups = forms.ModelMultipleChoiceField(
        label=_("Intercommunalités"),
        queryset=Territory.objects.none(),
        required=False,
        widget=LongChecks,
    )
    communes = forms.ModelMultipleChoiceField(
        label=_("Communes"),
        queryset=Territory.objects.none(),
        required=False,
        widget=LongChecks,
    )
    quarters = forms.ModelMultipleChoiceField(
        label=_("Quartiers prioritaires"),
        queryset=Qpv.objects.none(),
        required=False,
        widget=LongChecks,
    )
    others = forms.CharField(
        label=_("Autres territoires, un par ligne"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Un nom de commune ou une référence : « Muret », « epci:243100518 »."),
    )
    centre = forms.CharField(
        label=_("Centre"),
        required=False,
        max_length=150,
        help_text=_(
            "Une commune (« Muret »), ou une position : longitude ; latitude (« 1,4442 ; 43,6045 »)."
        ),
    )
    radius = NumberField(
        label=_("Rayon, en kilomètres"), required=False, help_text=_("De 0,1 à 100, à vol d’oiseau.")
    )
    points = forms.CharField(
        label=_("Points du contour"),
        required=False,
        max_length=40_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Un point par ligne, dans l’ordre : longitude ; latitude. Le contour se ferme seul."),
    )
    file = forms.FileField(
        label=_("Fichier GeoJSON"),
        required=False,
        help_text=_("Polygone ou multipolygone, en degrés (WGS 84) ou en Lambert 93, 5 Mo au plus."),
    )

    def __init__(self, authority: Authority, *args: Any, area: Area | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authority, self.area = authority, area
        ways = Way.choices()[0 if area else 1 :]
        self.fields["way"].choices = ways  # type: ignore[attr-defined]
        self.fields["way"].initial = ways[0][0]
        place = authority.territory
        if place is None:
            return
        inside = Territory.objects.communes_of(place)
        groups = Territory.objects.active().of_kind(Kind.EPCI).filter(pk__in=inside.values("epci_id"))
        self._list("groups", groups.order_by("sort_key", "code"))
        if inside.count() <= MOST_LISTED:
            self._list("communes", inside.order_by("sort_key", "code"))
        there = Qpv.objects.filter(communes__in=inside).values("pk")
        quarters = Qpv.objects.filter(pk__in=there, generation=QpvGeneration.G2024).defer("geometry")
        self._list("quarters", quarters)

    def _list(self, name: str, rows: QuerySet[Any]) -> None:
        """Offer these rows, and say how many they are: the list scrolls."""
        field: Any = self.fields[name]
        field.queryset, field.listed = rows, rows.count()
        if field.listed > MOST_AT_ONCE:
            field.help_text = _t("%(count)s dans la liste : faites-la défiler.") % {"count": field.listed}

    def clean_name(self) -> str:
        """A name that no other area of the authority bears."""
        name = str(self.cleaned_data["name"]).strip()
        taken = Area.objects.filter(authority=self.authority, name=name)
        if self.area is not None:
            taken = taken.exclude(pk=self.area.pk)
        if taken.exists():
            raise forms.ValidationError(_t("Une zone de votre collectivité porte déjà ce nom."))
        return name

    def clean(self) -> dict[str, Any]:
        """Read the shape in the way chosen; what is wrong stands beside its field."""
        found: dict[str, Any] = super().clean() or {}
        way = found.get("way")
        readers = {
            Way.UNION.value: ("groups", self._union),
            Way.CIRCLE.value: ("centre", self._circle),
            Way.DRAW.value: ("points", self._points),
            Way.FILE.value: ("file", self._file),
        }
        found["shape"], found["source"], found["notes"] = None, "", ()
        if way in readers and not self.errors:
            field, read = readers[way]
            try:
                shape, found["source"] = read(found)
                found["shape"], found["notes"] = shape.geometry, shape.notes
            except ShapeProblem as problem:
                self.add_error("radius" if isinstance(problem, RadiusProblem) else field, str(problem))
        return found

    def _union(self, data: dict[str, Any]) -> tuple[Shape, str]:
        rows = [*data["groups"], *data["communes"], *self._others(data["others"])]
        quarters = list(data["quarters"])
        if not rows and not quarters:
            raise ShapeProblem(_t("Choisissez au moins un territoire."))
        if len(rows) + len(quarters) > MOST_CHOSEN:
            raise ShapeProblem(_t("Au plus %(count)s territoires à la fois.") % {"count": MOST_CHOSEN})
        shapes, lacking, schematic = ground.shapes_of_territories(rows)
        if lacking:
            names = ", ".join(row.name for row in lacking[:5])
            raise ShapeProblem(
                _t(
                    "Sans contour ni position connue : %(names)s. Retirez ces territoires, "
                    "ou chargez les contours officiels."
                )
                % {"names": names}
            )
        shapes += [each.shape for each in quarters]
        names = ", ".join([*(row.name for row in rows), *(each.name for each in quarters)])
        notes: tuple[str, ...] = ()
        if schematic:
            notes = (
                _t(
                    "Les contours officiels ne sont pas chargés : la zone réunit des cellules schématiques, "
                    "autour des positions connues."
                ),
            )
        shape = rules_shapes.checked(ground.united(shapes))
        return Shape(shape.geometry, (*notes, *shape.notes)), _t("Réunion de %(names)s") % {"names": names}

    def _others(self, text: str) -> list[Territory]:
        found = []
        for rank, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            try:
                found.append(find_territory(line))
            except LookupError as error:
                raise ShapeProblem(
                    _t("Autres territoires, ligne %(rank)s : %(why)s") % {"rank": rank, "why": error}
                ) from error
        return found

    def _circle(self, data: dict[str, Any]) -> tuple[Shape, str]:
        written, radius = data["centre"].strip(), data.get("radius")
        if not written or radius is None:
            raise ShapeProblem(_t("Donnez un centre et un rayon."))
        lon, lat, name = self._centre(written)
        source = _t("Cercle de %(km)s km autour de %(name)s") % {
            "km": str(radius).replace(".", ","),
            "name": name,
        }
        return rules_shapes.circle(lon, lat, float(radius)), source

    def _centre(self, written: str) -> tuple[float, float, str]:
        if ";" in written:
            parts = [part.strip().replace(",", ".") for part in written.split(";")]
            try:
                lon, lat = (float(part) for part in parts)
            except ValueError as error:
                raise ShapeProblem(_t("Écrivez la longitude, un point-virgule, puis la latitude.")) from error
            return *rules_shapes.position(lon, lat, _t("Centre")), written
        try:
            place = find_territory(written, exact=False)
        except LookupError as error:
            raise ShapeProblem(str(error)[:1].upper() + str(error)[1:]) from error
        if place.lon is None or place.lat is None:
            raise ShapeProblem(
                _t("La position de %(name)s n’est pas connue : donnez une longitude et une latitude.")
                % {"name": place.name}
            )
        return place.lon, place.lat, place.name

    def _points(self, data: dict[str, Any]) -> tuple[Shape, str]:
        return rules_shapes.of_points(data["points"]), _t("Dessin point par point")

    def _file(self, data: dict[str, Any]) -> tuple[Shape, str]:
        file = data.get("file")
        if file is None:
            raise ShapeProblem(_t("Choisissez un fichier."))
        if file.size > rules_shapes.MAX_BYTES:
            raise ShapeProblem(_t("Le fichier dépasse 5 Mo : simplifiez le contour."))
        name = str(file.name)[:120]
        return rules_shapes.of_geojson(file.read()), _t("Fichier « %(name)s »") % {"name": name}


class SaveForm(forms.Form):
    """What the preview sends: the same name and the shape seen, read again as if it came from anyone."""

    name = forms.CharField(max_length=120)
    is_public = forms.BooleanField(required=False)
    source = forms.CharField(max_length=200, required=False)
    shape = forms.CharField(max_length=rules_shapes.MAX_BYTES, required=False)
