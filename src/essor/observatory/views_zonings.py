"""Screen of the official zonings of communes: the grid of density, ZRR, FRR. Loaded all of it or nothing."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from essor.accounts.models import User
from essor.formats.problems import InputProblem
from essor.kernel import french
from essor.kernel.access import access
from essor.kernel.forms import DayInput
from essor.kernel.uploads import on_disk
from essor.observatory.access import installation_admin
from essor.observatory.links import address
from essor.territories.actions import LoadReport, load_zoning
from essor.territories.enums import Zoning
from essor.territories.models import CommuneClass

MAX_BYTES = 30 << 20
SHOWN_REFUSALS = 50
_ELSE = gettext_lazy(
    "Pour la grille de densité, il faut une colonne CODGEO et une colonne DENS7, DENS ou « degré de densité »."
)


class ZoningForm(forms.Form):
    """The file of a zoning, and what it cannot say of itself."""

    file = forms.FileField(
        label=gettext_lazy("Fichier"),
        help_text=gettext_lazy(
            "CSV, .xlsx ou .ods, ou le JSON des ZRR ; 30 Mo au plus. Ne changez pas ses titres."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.ods,.txt,.json"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Vide : le nom du fichier. Elle est écrite à côté des chiffres."),
    )
    day = forms.DateField(
        label=gettext_lazy("Date des données"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("Vide : l’année que disent les titres du fichier, sinon celle d’aujourd’hui."),
    )

    def clean_file(self) -> UploadedFile:
        """The file, not too heavy."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("Ce fichier dépasse 30 Mo."))
        return upload


def zonings_in_force() -> list[dict[str, Any]]:
    """Each zoning that is loaded, with its source, its vintage and how many communes have a class."""
    rows = (
        CommuneClass.objects.order_by("zoning", "-vintage", "source")
        .values("zoning", "vintage", "source")
        .annotate(communes=Count("pk"))
    )
    return [
        {
            "label": Zoning(row["zoning"]).label,
            "vintage": row["vintage"],
            "source": row["source"],
            "communes": french.number(row["communes"]),
        }
        for row in rows
    ]


@access(installation_admin)
@require_http_methods(["GET", "HEAD", "POST"])
def zonings(request: HttpRequest) -> HttpResponse:
    """Load a zoning; the answer says what was written and what was refused."""
    form = ZoningForm(request.POST or None, request.FILES or None)
    report: LoadReport | None = None
    if request.method == "POST" and form.is_valid():
        try:
            report = _loaded(request, form)
        except InputProblem as problem:
            form.add_error("file", f"{problem} {_ELSE}")
        else:
            form = ZoningForm()
    context = {
        "page_title": _("Charger un zonage des communes"),
        "lead": _(
            "La grille de densité dit quelles communes sont rurales ; les listes ZRR et FRR, qui est zoné."
        ),
        "form": form,
        "submit_label": _("Charger le zonage"),
        "cancel_url": address(request, "sources"),
        "cancel_label": _("Sources officielles"),
        "told": _told(report) if report else None,
        "zonings": zonings_in_force(),
        "crumbs": [
            {"label": _("Observatoire"), "url": address(request, "observatory")},
            {"label": _("Sources officielles"), "url": address(request, "sources")},
            {"label": _("Charger un zonage"), "url": ""},
        ],
    }
    return render(request, "observatory/official/zonings.html", context)


def _loaded(request: HttpRequest, form: ZoningForm) -> LoadReport:
    upload: UploadedFile = form.cleaned_data["file"]
    actor_id = request.user.pk if isinstance(request.user, User) else None
    with on_disk(upload) as path:
        return load_zoning(
            path, source=form.cleaned_data["source"].strip(), day=form.cleaned_data["day"], actor_id=actor_id
        )


def _told(report: LoadReport) -> dict[str, Any]:
    refused = [str(each.as_problem()) for each in report.rejected]
    return {
        "changed": report.changed,
        "summary": report.in_words(),
        "notes": report.notes,
        "refused": refused[:SHOWN_REFUSALS],
        "more": max(0, len(refused) - SHOWN_REFUSALS),
    }
