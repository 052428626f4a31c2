"""PDF documents: tagged, titled, fonts embedded; data is text and never code; clear errors."""

import io
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from essor.kernel import documents
from essor.kernel.documents import DocumentError, render_pdf
from tests.conftest import missing

NOTE = "kernel/note.typ"


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    if not any(documents.FONTS.glob("*.ttf")):
        missing("les polices ne sont pas faites : lancez « make assets »")


def section(**parts):
    return {"sections": [{"title": "Pourquoi", **parts}]}


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def text(pdf):
    """The whole text, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def full_note():
    return {
        "authority": "Métropole d’Exemple",
        "kind": "Auto-diagnostic",
        "source": "Insee, Sirene",
        "day": "3 mars 2026",
        "demo": True,
        "sections": [
            {
                "title": "La réponse",
                "text": ["Œuvre, Étoile, ŵ, 1 234,50 €."],
                "verdict": {
                    "label": "Possible sous condition",
                    "tone": "wait",
                    "summary": "Il manque une pièce.",
                },
                "conditions": [
                    {
                        "label": "Gestion démocratique",
                        "state": "met",
                        "value": "Une personne, une voix",
                        "source": "Statuts",
                        "day": "1er mars 2026",
                        "reference": "Loi du 31 juillet 2014, article 1er",
                    },
                    {
                        "label": "Lucrativité limitée",
                        "state": "unknown",
                        "to_check": True,
                        "note": "À demander.",
                    },
                    {"label": "En activité", "state": "not_met"},
                ],
                "facts": [{"label": "SIREN", "value": "732 829 320"}, {"label": "Téléphone", "value": ""}],
                "table": {
                    "columns": [{"label": "Poste", "share": 2}, {"label": "Montant", "numeric": True}],
                    "rows": [["Salaires", "1 000,00 €"], ["Loyer", None]],
                },
            }
        ],
    }


def test_a_note_is_a_tagged_pdf_with_its_title_and_language():
    pdf = read(render_pdf(NOTE, full_note(), "Suis-je de l’ESS ?"))
    root = pdf.trailer["/Root"]
    assert pdf.metadata.title == "Suis-je de l’ESS ?"
    assert pdf.metadata.author == "Métropole d’Exemple"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "fr-FR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_a_note_says_everything():
    said = text(render_pdf(NOTE, full_note(), "Suis-je de l’ESS ?"))
    for words in (
        "Métropole d’Exemple",
        "Auto-diagnostic",
        "Œuvre, Étoile, ŵ, 1 234,50 €.",
        "Possible sous condition",
        "Remplie",
        "Source : Statuts, 1er mars 2026 · Loi du 31 juillet 2014, article 1er",
        "Inconnue",
        "(à vérifier)",
        "Non remplie",
        "Non renseigné",
        "Source : Insee, Sirene · 3 mars 2026 · Territoire de démonstration",
        "Page 1 / 1",
    ):
        assert words in said


def test_every_font_is_embedded_and_ours():
    if shutil.which("pdffonts") is None:
        missing("pdffonts (poppler-utils) n’est pas installé")
    pdf = render_pdf(NOTE, full_note(), "Titre")
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    fonts = {line.split()[0].split("+")[1]: line.split() for line in listed.splitlines()[2:]}
    assert set(fonts) == {
        "AtkinsonHyperlegibleNext-Regular",
        "AtkinsonHyperlegibleNext-Bold",
        "BricolageGrotesque96ptExtraBold-Bold",
        "BricolageGrotesque96ptExtraBold-SemiBold",
    }
    assert {tuple(line[-5:-2]) for line in fonts.values()} == {("yes", "yes", "yes")}


def test_the_same_data_give_the_same_bytes():
    assert render_pdf(NOTE, full_note(), "Titre") == render_pdf(NOTE, full_note(), "Titre")


def test_typst_markup_in_the_data_stays_text():
    hostile = '#read("/etc/passwd") #import "x" *gras* $x^2$ `code` // \\ " ] } #{1+1} @label <label> = titre'
    assert hostile in text(render_pdf(NOTE, section(text=[hostile]), f"Titre {hostile}"))


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(max_size=40))
def test_no_text_breaks_a_document(said, title):
    assert (
        render_pdf(NOTE, section(text=[said], facts=[{"label": said, "value": said}]), f"T {title}")[:5]
        == b"%PDF-"
    )


def test_what_no_font_draws_is_replaced():
    assert "nom \ufffd\ufffd \ufffd fin" in text(
        render_pdf(NOTE, section(text=["nom 中文 😀\x00\x07 fin"]), "Titre")
    )


def test_days_and_amounts_travel_as_text():
    row = [[date(2026, 3, 3), Decimal("12.50")]]
    table = {"columns": [{"label": "Jour"}, {"label": "Montant", "numeric": True}], "rows": row}
    assert "2026-03-03 12.50" in text(render_pdf(NOTE, section(table=table), "Titre"))


@pytest.mark.parametrize(
    "name", ["kernel/absent.typ", "absent/note.typ", "kernel/../note.typ", "/etc/passwd", "note.typ"]
)
def test_an_unknown_template_is_refused_in_french(name):
    with pytest.raises(DocumentError, match="n’existe pas"):
        render_pdf(name, {}, "Titre")


def test_a_document_without_title_is_refused_in_french():
    with pytest.raises(DocumentError, match="doit avoir un titre"):
        render_pdf(NOTE, section(), " \x07 ")


@pytest.fixture
def a_room(tmp_path, monkeypatch):
    """A room whose documents are in a temporary folder."""
    (tmp_path / "documents").mkdir()
    monkeypatch.setattr(apps.get_app_config("territories"), "path", str(tmp_path))
    return tmp_path / "documents"


@pytest.mark.parametrize(
    "source", ["#missing", '#read("/etc/hostname")', '#read("../../../../etc/hostname")']
)
def test_a_wrong_template_says_so_in_french_and_reads_nothing_else(a_room: Path, source):
    (a_room / "wrong.typ").write_text(f'#import "house.typ": *\n#show: house\n{source}\n', encoding="utf-8")
    with pytest.raises(DocumentError, match="Le document « Titre » n’a pas pu être fabriqué"):
        render_pdf("territories/wrong.typ", {}, "Titre")


def test_templates_ask_nothing_from_the_network():
    sources = [
        path for config in apps.get_app_configs() for path in Path(config.path).glob("documents/*.typ")
    ]
    assert sources
    assert [path for path in sources if "@preview" in path.read_text(encoding="utf-8")] == []


def test_missing_fonts_say_what_to_do(tmp_path, monkeypatch):
    documents._fonts.cache_clear()
    monkeypatch.setattr(documents, "FONTS", tmp_path)
    with pytest.raises(DocumentError, match="lancez « make assets »"):
        render_pdf(NOTE, section(), "Titre")
    documents._fonts.cache_clear()
