"""The forms of lists of supporters."""

from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.core.files import File
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.formats.data_inclusion import MAX_BYTES
from essor.kernel import web
from essor.kit.supporter_import.actions import Given
from essor.kit.supporter_import.inclusion import FAMILIES, PROJECTS

ALL = _("Tout refuser si une seule ligne ne peut pas être lue")


class TableForm(forms.Form):
    """A table of supporters."""

    file = forms.FileField(
        label=_("Tableau (CSV)"),
        help_text=_(
            "UTF-8 ou Windows-1252 ; séparateur point-virgule, virgule ou tabulation ; 5 Mo au plus."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv"}),
    )
    all_or_nothing = forms.BooleanField(label=ALL, required=False)

    def given(self) -> Given:
        """What the actions take."""
        return Given(self.cleaned_data["file"], all_or_nothing=self.cleaned_data["all_or_nothing"])


class InclusionForm(forms.Form):
    """The two files of data·inclusion, given or fetched from where the person says, and the themes to keep."""

    file = forms.FileField(label=_("Fichier des structures (CSV ou JSON)"), required=False)
    file_url = forms.URLField(
        label=_("ou son adresse"), required=False, max_length=500, assume_scheme="https"
    )
    services = forms.FileField(label=_("Fichier des services (CSV ou JSON)"), required=False)
    services_url = forms.URLField(
        label=_("ou son adresse"), required=False, max_length=500, assume_scheme="https"
    )
    themes = forms.MultipleChoiceField(
        label=_("Thématiques à garder"),
        help_text=_(
            "Seule la création d’activité aide directement un projet ; ajoutez les autres au besoin."
        ),
        choices=[(code, label) for code, (label, _theme) in FAMILIES.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=PROJECTS,
    )
    all_or_nothing = forms.BooleanField(label=ALL, required=False)

    def clean(self) -> dict[str, Any]:
        """Fetch what is given by its address."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("file", "services"):
            if said.get(name):
                continue
            url = said.get(f"{name}_url")
            if not url:
                if not self.errors.get(f"{name}_url"):
                    self.add_error(name, _t("Donnez ce fichier, ou son adresse."))
                continue
            try:
                said[name] = _fetched(url)
            except (web.WebRefused, web.WebFailed) as error:
                told = _t("Cette adresse n’a pas pu être lue : %s.") % error
                self.add_error(f"{name}_url", told)
        return said

    def given(self) -> Given:
        """What the actions take."""
        said = self.cleaned_data
        return Given(said["file"], said["services"], said["themes"], said["all_or_nothing"])


def _fetched(url: str) -> "File[bytes]":
    sink = TemporaryFile()  # noqa: SIM115 - the form gives it on; it ends with it
    web.download(url, sink, limit=MAX_BYTES)
    sink.seek(0)
    is_json = sink.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")
    sink.seek(0)
    return File(sink, name="data-inclusion.json" if is_json else "data-inclusion.csv")
