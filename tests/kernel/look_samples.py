"""Sample pages: every component with demonstration data, with nothing, very long names, errors (test_look)."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import Context, Engine, engines
from django.test import RequestFactory

from essor.kernel.charts import Datum, Series, bar_chart, share_chart
from essor.kernel.charts_line import line_chart
from essor.kernel.forms import DayInput

FAMILIES = [
    ("association", "Association", 17_412),
    ("cooperative", "Coopérative", 1_036),
    ("mutual", "Mutuelle", 212),
    ("foundation", "Fondation", 98),
    ("ess_company", "Société commerciale de l’ESS", 641),
]
LONG_NAME = (
    "Association départementale intercommunale pour la promotion de l’insertion par l’activité économique, "
    "de la réparation solidaire et du réemploi en Lauragais et Comminges"
)


def _entry(label: str, icon: str, current: bool = False) -> dict[str, Any]:
    return {"label": label, "url": "#", "icon": icon, "current": current}


NAVIGATION = [
    ("", [_entry("Accueil", "house")]),
    (
        "Connaître",
        [
            _entry("Registre", "building-2", True),
            _entry("Territoires", "map"),
            _entry("Éditions", "database"),
        ],
    ),
    ("Piloter", [_entry("Équipe", "users"), _entry("Paramètres", "settings")]),
]
PUBLIC = [
    _entry("Le registre", "list", True),
    _entry("Suis-je de l’ESS ?", "compass"),
    _entry("Aide", "info"),
]


class SampleForm(forms.Form):
    """A form with each kind of field."""

    name = forms.CharField(label="Nom de l’organisation", help_text="Tel qu’il figure dans les statuts.")
    founded = forms.DateField(label="Date de création", widget=DayInput, required=False)
    form = forms.ChoiceField(
        label="Votre organisation est…",
        help_text="Choisissez la forme juridique la plus proche.",
        widget=forms.RadioSelect,
        choices=[("a", "Une association"), ("c", "Une coopérative"), ("s", "Une société commerciale")],
    )
    sector = forms.ChoiceField(
        label="Secteur", choices=[("", "Choisir…"), ("r", "Réemploi"), ("m", "Mobilité")]
    )
    staff = forms.IntegerField(label="Nombre de personnes salariées", required=False, min_value=0)
    purpose = forms.CharField(label="Objet", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    statutes = forms.FileField(label="Statuts", help_text="PDF, 25 Mo au plus.", required=False)
    agreed = forms.BooleanField(label="J’ai vérifié ces réponses avec notre conseil d’administration.")


def _facets(chosen: bool) -> list[dict[str, Any]]:
    communes = [("31555", "Toulouse", 9_412), ("31149", "Colomiers", 702), ("31557", "Tournefeuille", 411)]
    return [
        {"name": "q", "label": "Nom ou SIREN", "kind": "text", "value": ""},
        {
            "name": "famille",
            "label": "Famille",
            "marks": True,
            "options": [
                {"value": code, "label": label, "count": count, "selected": chosen and code == "association"}
                for code, label, count in FAMILIES
            ],
        },
        {
            "name": "commune",
            "label": "Commune",
            "options": [
                {"value": v, "label": label, "count": n, "selected": False} for v, label, n in communes
            ],
        },
        {
            "name": "taille",
            "label": "Taille",
            "kind": "select",
            "options": [{"value": "e", "label": "Employeuses", "count": 4_980, "selected": False}],
        },
    ]


def _rows() -> list[dict[str, Any]]:
    names = [
        "La Roue libre",
        LONG_NAME,
        "Étoile du Comminges",
        "Mutuelle des Coteaux",
        "Fondation Garonne vivante",
    ]
    activities = ["Réparation de cycles", "Autres organisations à adhésion volontaire", "Sport", "Santé", "—"]
    return [
        {
            "name": names[i % 5],
            "activity": activities[i % 5],
            "commune": ["Toulouse", "Saint-Gaudens", "Castelnau-d’Estrétefonds"][i % 3],
            "family": FAMILIES[(i * 2) % 5][0],
            "family_label": FAMILIES[(i * 2) % 5][1],
            "staff": [12, None, 1_250, 3, 47][i % 5],
        }
        for i in range(12)
    ]


def list_context(*, empty: bool = False) -> dict[str, Any]:
    """A list of organisations, full or empty."""
    chips = [
        {"name": "Famille", "label": "Association", "remove_url": "#"},
        {"label": "Toulouse", "remove_url": "#"},
    ]
    paginator = Paginator(range(17_412), 50)
    return {
        "page_title": "Le registre de l’économie sociale et solidaire",
        "lead": "Les organisations du territoire, dites de l’ESS par leur statut, par une déclaration ou à vérifier.",
        "facets": _facets(True),
        "chips": chips,
        "count": 0 if empty else 17_412,
        "count_words": "organisation,organisations",
        "sort_options": [
            {"value": "nom", "label": "Nom", "selected": True},
            {"value": "taille", "label": "Taille"},
        ],
        "rows": [] if empty else _rows(),
        "page_obj": paginator.page(3),
        "page_sizes": [(25, False), (50, True), (100, False)],
    }


def thing_context() -> dict[str, Any]:
    """An organisation with a very long name, its verdict, its life."""
    day = date(2026, 3, 3)
    conditions = [
        {
            "label": "Son statut est celui d’une association (catégorie juridique 9220)",
            "state": "met",
            "value": "9220 · Association déclarée",
            "source": "Insee, Sirene",
            "day": day,
            "reference": "Loi du 31 juillet 2014, article 1er, II, 1°",
            "reference_url": "https://www.legifrance.gouv.fr/",
        },
        {
            "label": "Le plus haut salaire ne dépasse pas dix fois le plus bas",
            "state": "unknown",
            "note": "Demandez les comptes du dernier exercice.",
            "source": "Déclaration de l’organisation",
            "day": day,
            "reference": "Code du travail, L3332-17-1",
            "to_check": True,
        },
        {
            "label": "Elle est en activité",
            "state": "not_met",
            "value": "Fermée le 1er mars 2026",
            "source": "Sirene",
        },
    ]
    timeline = [
        {
            "day": day,
            "sentence": "Camille Exemple a complété la fiche.",
            "author": "Service ESS",
            "reason": "",
        },
        {
            "day": date(2026, 3, 1),
            "sentence": "L’édition de mars est entrée en vigueur.",
            "reason": "Mise à jour",
        },
        {"day": date(2025, 11, 12), "sentence": "L’organisation est entrée au registre."},
    ]
    return {
        "page_title": LONG_NAME,
        "kind": "Organisation",
        "lead": "Réparer, transmettre, rouler : un atelier où chacun entretient son vélo.",
        "crumbs": [{"label": "Registre", "url": "#"}, {"label": LONG_NAME}],
        "verdict": {
            "label": "De l’ESS par son statut",
            "tone": "ok",
            "summary": "Une association loi 1901 est de l’économie sociale et solidaire par son statut.",
            "day": day,
        },
        "conditions": conditions,
        "facts": [
            {"label": "SIREN", "value": "732 829 320", "source": "Insee, Sirene", "day": day},
            {"label": "Activité", "value": "95.29Z · Réparation d’autres biens personnels et domestiques"},
            {
                "label": "Site",
                "value": "https://exemple.test/une/adresse/vraiment/tres/longue/qui/deborde",
                "url": "#",
            },
            {"label": "Téléphone", "value": ""},
        ],
        "timeline": timeline,
        "columns": [
            {"label": "Nom", "main": True},
            {"label": "Commune"},
            {"label": "Salariés", "numeric": True},
        ],
        "rows": [[{"text": "Siège", "url": "#"}, "Toulouse", "12"], ["Atelier nord", "Launaguet", "1 250"]],
        "progress": {
            "label": "Construction de l’édition",
            "done": 12_400,
            "total": 40_000,
            "left": "Encore deux minutes environ. Vous pouvez quitter cette page.",
            "steps": [
                {"label": "Lecture des stocks", "state": "done"},
                {"label": "Qualification", "state": "current"},
                {"label": "Mise en vigueur", "state": "todo"},
            ],
        },
    }


def home_context() -> dict[str, Any]:
    """Figures and charts."""
    day = date(2026, 3, 1)
    families = [Datum(label, count, family=code) for code, label, count in FAMILIES]
    return {
        "day": day,
        "tabs": [
            {"label": "Toutes", "url": "#", "current": True, "count": 19_399},
            {"label": "Employeuses", "url": "#", "current": False, "count": 4_980},
            {"label": "Fermées", "url": "#", "current": False, "count": 0},
        ],
        "stats": [
            {"value": "19 399", "label": "organisations de l’ESS", "source": "Insee, Sirene", "day": day},
            {"value": "4 980", "label": "employeuses", "source": "Insee, Sirene", "day": day},
            {
                "value": "12,4 %",
                "label": "des emplois du territoire",
                "source": "Insee, Flores",
                "note": "+ 0,3 point",
            },
        ],
        "charts": [
            share_chart(
                "Neuf organisations sur dix sont des associations", families, value_label="Organisations"
            ),
            bar_chart(
                "Toulouse réunit la moitié des organisations",
                [
                    Datum("Toulouse", 9_412, emphasis=True),
                    Datum("Colomiers", 702),
                    Datum(LONG_NAME, 411),
                    Datum("Muret", None),
                    Datum("Saint-Gaudens", 0),
                ],
            ),
            line_chart(
                "Les coopératives progressent, les mutuelles reculent",
                [str(year) for year in range(2017, 2027)],
                [
                    Series("Coopératives", [640, 680, 700, 760, None, 820, 880, 930, 990, 1_036]),
                    Series("Mutuelles", [390, 380, 350, 330, 310, 290, 260, 240, 220, 212]),
                    Series("Sociétés commerciales", [80, 120, 170, 240, 300, 380, 440, 520, 600, 641]),
                ],
            ),
            bar_chart(
                "L’emploi recule dans deux secteurs",
                [
                    Datum("Santé", Decimal("-3.5")),
                    Datum("Réemploi", Decimal("12.1")),
                    Datum("Sport", Decimal("-0.4")),
                ],
            ),
            share_chart("Cinq postes de dépense", [Datum(f"Poste {n}", n * 1_000) for n in range(1, 7)]),
        ],
    }


def form_context(*, bound: bool) -> dict[str, Any]:
    """A form, fresh or with errors."""
    form = SampleForm({"form": "c", "staff": "-2"}) if bound else SampleForm()
    return {
        "page_title": "Suis-je de l’économie sociale et solidaire ?",
        "lead": "Quelques questions, une réponse, ses raisons.",
        "form": form,
        "submit_label": "Voir la réponse",
        "cancel_url": "#",
        "steps": [
            {"label": "Forme", "state": "done", "url": "#"},
            {"label": "Gestion", "state": "current"},
            {"label": "Relecture", "state": "todo"},
        ],
    }


def error_context() -> dict[str, Any]:
    """A refusal with its rule."""
    return {
        "code": 403,
        "page_title": "Cette page ne vous est pas ouverte",
        "what": "Votre compte ne permet pas de voir cette page.",
        "rule": "Les administrateurs de l’installation.",
    }


PAGES: dict[str, tuple[str, Any, bool]] = {
    "home": ("home", home_context, False),
    "list": ("list", list_context, True),
    "public-list": ("list", list_context, False),
    "list-empty": ("list", lambda: list_context(empty=True), True),
    "thing": ("thing", thing_context, True),
    "form": ("form", lambda: form_context(bound=False), False),
    "form-errors": ("form", lambda: form_context(bound=True), True),
    "error": ("error", error_context, False),
}


def render(name: str) -> str:
    """HTML of a sample page, without any database."""
    template, context, agent = PAGES[name]
    source = (Path(__file__).parent / "look" / f"{template}.html").read_text(encoding="utf-8")
    request = RequestFactory().get(f"/{name}", {"famille": "association"})
    person = SimpleNamespace(
        is_authenticated=agent, get_full_name="Camille Exemple", get_username="camille@a.test"
    )
    frame = {
        "request": request,
        "user": person,
        "demo": True,
        "version": "0.1.0",
        "navigation": NAVIGATION if agent else [],
        "public_navigation": [] if agent else PUBLIC,
        "search_url": "/registre/",
        "footer_links": [{"label": "Accessibilité", "url": "#"}, {"label": "Mentions légales", "url": "#"}],
        "LANGUAGE_CODE": "fr",
    }
    engine: Engine = engines["django"].engine
    return engine.from_string(source).render(Context(frame | context()))
