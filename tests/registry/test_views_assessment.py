"""« Suis-je de l'ESS ? »: steps, answers in the address alone, the result, its PDF."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, edition_in_force

pytestmark = pytest.mark.django_db
PAGE = "/registre/suis-je-de-l-ess/"
COMPANY = "legal_form=company&purpose=yes&governance=yes&utility=yes&statutes=yes"
MANAGED = "profits_kept=yes&reserves_locked=yes&liquidation=yes&dev_fund_share=20&reserves_share=50&no_amortisation=yes"


def query_of(response) -> dict[str, list[str]]:
    assert response.status_code == 302, response.status_code
    return parse_qs(urlsplit(response["Location"]).query)


def test_the_first_page_asks_for_the_legal_form(client: Client) -> None:
    said = text_of(client.get(PAGE))

    assert "Quelle est votre forme juridique ?" in said
    assert "Rien n’est enregistré" in said
    assert "Règles de gestion" not in said


def test_an_association_goes_on_to_its_activity(client: Client) -> None:
    answer = client.get(PAGE, {"legal_form": "association", "etape_faite": "forme"})

    assert query_of(answer) == {"legal_form": ["association"], "etape": ["activite"]}
    assert "Votre activité principale est-elle l’une de celles-ci ?" in text_of(
        client.get(answer["Location"])
    )


def test_a_company_is_asked_about_its_rules(client: Client) -> None:
    answer = client.get(PAGE, {"legal_form": "company", "etape_faite": "forme"})

    assert query_of(answer)["etape"] == ["but"]
    said = text_of(client.get(PAGE + "?legal_form=company&etape=gestion"))
    assert "Quelle part du bénéfice va au fonds de développement ?" in said


def test_a_missing_form_is_asked_again(client: Client) -> None:
    for query in ({"etape_faite": "forme"}, {"etape": "resultat"}, {"legal_form": "x", "etape": "resultat"}):
        response = client.get(PAGE, query)
        assert "Il reste quelque chose à corriger" in text_of(response)


def test_a_wrong_percentage_is_told_on_its_step(client: Client) -> None:
    response = client.get(PAGE + f"?{COMPANY}&reserves_share=beaucoup&etape_faite=gestion")

    said = text_of(response)
    assert "« beaucoup » n’est pas un pourcentage entre 0 et 100" in said
    assert 'value="beaucoup"' in response.content.decode()


def test_what_one_does_not_know_does_not_stay_in_the_address(client: Client) -> None:
    answer = client.get(PAGE + "?legal_form=company&purpose=unknown&governance=yes&etape_faite=but")

    assert query_of(answer) == {"legal_form": ["company"], "governance": ["yes"], "etape": ["gestion"]}


def test_an_answer_that_no_longer_bears_on_the_form_is_dropped(client: Client) -> None:
    answer = client.get(PAGE + f"?{COMPANY.replace('company', 'scop')}&etape_faite=forme")

    assert query_of(answer) == {"legal_form": ["scop"], "etape": ["reconnaissances"]}


def test_the_result_says_verdict_reasons_and_what_is_missing(client: Client) -> None:
    good = text_of(client.get(PAGE + f"?{COMPANY}&{MANAGED}&etape=resultat"))
    assert "ESS déclarée" in good
    assert "Demander la mention" in good

    bad = text_of(client.get(PAGE + f"?{COMPANY.replace('governance=yes', 'governance=no')}&etape=resultat"))
    assert "Hors du périmètre de l’ESS" in bad
    assert "Ce qu’il reste à faire" in bad
    assert "Non remplie" in bad
    assert "Loi n° 2014-856" in bad


def test_the_result_can_be_shared_and_holds_no_number(client: Client) -> None:
    edition_in_force()
    FactsFactory(siren="123456782", legal_category="9220")

    answer = client.get(PAGE, {"siren": "123 456 782"})

    assert query_of(answer) == {"legal_form": ["association"], "activity": ["none"], "repris": ["oui"]}
    shared = client.get(PAGE + "?legal_form=association&activity=none&etape=resultat").content.decode()
    assert "http://testserver/registre/suis-je-de-l-ess/?legal_form=association&amp;activity=none" in shared
    assert "123456782" not in shared


def test_what_the_register_knows_of_a_company_is_taken_up(client: Client) -> None:
    edition_in_force()
    FactsFactory(
        siren="123456782",
        legal_category="5710",
        family="ess_company",
        verdict="ess_declared",
        conditions=[
            {"code": "ess_flag", "state": "met", "source": "sirene", "value": "O"},
            {"code": "ess_list", "state": "not_met", "source": "ess_list"},
        ],
        tags=["ei"],
    )

    assert query_of(client.get(PAGE, {"siren": "123456782"})) == {
        "legal_form": ["company"],
        "activity": ["none"],
        "ess_flag": ["yes"],
        "ess_list": ["no"],
        "insertion": ["ei"],
        "repris": ["oui"],
    }


@pytest.mark.parametrize(
    ("siren", "told"),
    [("12", "Un SIREN a neuf chiffres"), ("999999999", "Le registre ne connaît pas ce SIREN"), ("", "forme")],
)
def test_a_number_that_leads_nowhere_is_told(client: Client, siren: str, told: str) -> None:
    edition_in_force()

    assert told in text_of(client.get(PAGE, {"siren": siren}))


def test_the_pdf_says_the_same(client: Client) -> None:
    response = client.get(f"/registre/suis-je-de-l-ess/pdf/?{COMPANY}&{MANAGED}")

    assert response["Content-Type"] == "application/pdf"
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    assert "ESS déclarée" in said
    assert "Gouvernance démocratique" in said


def test_a_pdf_without_answers_leads_back_to_the_form(client: Client) -> None:
    assert client.get("/registre/suis-je-de-l-ess/pdf/").status_code == 302


def test_nothing_is_written(client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4) as captured:
        client.get(PAGE + f"?{COMPANY}&{MANAGED}&etape=resultat")

    assert [
        query["sql"] for query in captured.captured_queries if not query["sql"].startswith("SELECT")
    ] == []


def test_the_method_is_public_even_before_an_edition(client: Client) -> None:
    before = text_of(client.get("/registre/methode/"))
    assert "Aucune édition n’est encore en vigueur" in before
    assert "Association déclarée" in before

    edition_in_force()
    after = text_of(client.get("/registre/methode/"))
    assert "200 000 unités lues, 20 000 organisations dans le registre" in after.replace("\u202f", " ")
    assert "Liste des entreprises de l’ESS (ESS France) 28 octobre 2026" in after
    assert "3 lignes inutilisables ont été écartées" in after
