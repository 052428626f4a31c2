"""Forms of the quartiers prioritaires: one place, or a file of places."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.formats.identifiers import clean_number, siret_trouble
from essor.formats.outlines import position_trouble
from essor.formats.position_list import PlaceRow, read_position_list
from essor.formats.problems import InputProblem
from essor.kernel.uploads import on_disk
from essor.registry import address_service

MAX_BYTES = 10 << 20


class PlaceForm(forms.Form):
    """A SIRET, or a position in degrees."""

    siret = forms.CharField(
        label=gettext_lazy("SIRET de l’établissement"),
        help_text=gettext_lazy("Quatorze chiffres, d’un établissement du registre."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    position = forms.CharField(
        label=gettext_lazy("Ou sa position"),
        help_text=gettext_lazy(
            "Longitude puis latitude, en degrés : « 1,4442 ; 43,6045 ». Une adresse se donne dans un fichier."
        ),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_siret(self) -> str:
        """The SIRET with right keys."""
        siret = clean_number(self.cleaned_data["siret"])
        trouble = siret_trouble(siret) if siret else None
        if trouble:
            raise ValidationError(" ".join(trouble))
        return siret

    def clean_position(self) -> tuple[float, float] | None:
        """Longitude and latitude."""
        text = self.cleaned_data["position"]
        if not text.strip():
            return None
        parts = [part for part in text.replace(";", " ").split() if part]
        if len(parts) == 1:
            parts = parts[0].split(",")  # « 1.4442,43.6045 », as maps copy it
        try:
            lon, lat = (float(part.strip(",").replace(",", ".")) for part in parts)
        except ValueError:
            raise ValidationError(
                _("Écrivez deux nombres, la longitude puis la latitude : « 1,4442 ; 43,6045 ».")
            ) from None
        trouble = position_trouble(lon, lat)
        if trouble:
            raise ValidationError(" ".join(trouble))
        return lon, lat

    def clean(self) -> dict[str, Any]:
        """One or the other."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("siret") and not cleaned.get("position"):
            raise ValidationError(_("Donnez un SIRET ou une position."))
        return cleaned

    def row(self) -> PlaceRow:
        """What is asked, once valid."""
        position = self.cleaned_data.get("position")
        if position:
            return PlaceRow(1, {}, lon=position[0], lat=position[1], error=0)
        return PlaceRow(1, {}, siret=self.cleaned_data["siret"])


class PlacesFileForm(forms.Form):
    """A file of places: CSV or .xlsx with SIRET, longitude and latitude, or addresses. It is read and forgotten."""

    file = forms.FileField(
        label=gettext_lazy("Fichier CSV ou Excel (.xlsx)"),
        help_text=gettext_lazy(
            "Une colonne SIRET, ou deux colonnes longitude et latitude, ou une colonne adresse (ou numéro et voie) "
            "avec le code postal et la commune. 50 000 lignes et 10 Mo au plus."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    addresses = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = address_service.service()
        if used is None:
            del self.fields["addresses"]
            self.fields["file"].help_text += " " + _(
                "Cette installation n’interroge aucun service d’adresses : une adresse n’est située que si un "
                "établissement du registre y est."
            )
            return
        field = self.fields["addresses"]
        field.label = _("Chercher les adresses auprès de %(name)s") % {"name": used.name}
        field.help_text = _(
            "Les colonnes de l’adresse (voie, code postal, commune) partent vers ce service, et elles seules : ni "
            "noms ni autres colonnes. Sans cette case, rien ne sort : seules les adresses d’établissements du "
            "registre sont situées."
        )

    @property
    def asks(self) -> bool:
        """Whether addresses may leave for the service."""
        return bool(self.cleaned_data.get("addresses"))

    def clean_file(self) -> list[PlaceRow]:
        """The rows of the file."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise ValidationError(_("Ce fichier dépasse 10 Mo : coupez-le en plusieurs fichiers."))
        with on_disk(upload) as path:
            try:
                return read_position_list(path)
            except InputProblem as problem:
                raise ValidationError(str(problem)) from problem
