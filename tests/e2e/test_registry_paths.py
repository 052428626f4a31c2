"""What people do with the register, in a real browser."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from essor.kernel import jobs
from essor.kernel.models import Job
from tests.factories import AuthorityFactory, TerritoryFactory, UserFactory
from tests.formats.stocks import establishment, unit, write_stocks
from tests.registry_factories import ChangeFactory, FactsFactory, PlaceFactory, edition_in_force

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LONG = (
    "Association départementale pour la sauvegarde des intérêts des familles et amis des ateliers coopératifs "
    * 2
)
COUNT = "#liste-compte"


@pytest.fixture
def register(transactional_db: None) -> dict[str, int]:
    """A small register; gives the ids by name."""
    edition = edition_in_force(scope="region:76")
    departement = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    lake = TerritoryFactory(
        kind="epci", code="200000001", name="Pays du Lac", epci_type="CC", departement=departement
    )
    auterive = TerritoryFactory(code="31033", name="Auterive", epci=lake, departement=departement)
    muret = TerritoryFactory(code="31395", name="Muret", departement=departement)
    AuthorityFactory(slug="haute-garonne", name="Conseil départemental", territory=departement)
    made = [
        FactsFactory(
            name="Ateliers du Lac", acronym="ADL", family="cooperative", legal_category="5458", naf="43.32A",
            size_band="12", size_year=2024, commune=auterive, siren="123456782", tags=["scop", "aci"],
            purpose="Fabriquer des meubles avec des personnes éloignées de l’emploi.", website="ateliers.example",
            conditions=[
                {"code": "legal_form", "state": "met", "source": "sirene", "value": "5458"},
                {"code": "activity", "state": "met", "source": "sirene"},
                {"code": "ess_flag", "state": "met", "source": "sirene", "value": "O"},
                {"code": "ess_list", "state": "met", "source": "ess_list"},
            ],
        ),
        FactsFactory(name="Club du Lac", naf="93.12Z", commune=auterive),
        FactsFactory(name="Mutuelle des Pommiers", family="mutual", legal_category="8210", naf="65.12Z", commune=muret),
        FactsFactory(name=LONG[:300], commune=muret, acronym="ADSIFAAC"),
        FactsFactory(name="Syndicat douteux", to_check=True, family="", legal_category="8410", commune=muret),
        *(FactsFactory(name=f"Amicale {number:02}", commune=muret) for number in range(24)),
    ]  # fmt: skip
    first = made[0]
    PlaceFactory(
        organisation=first.organisation, siret="12345678200017", commune=auterive, postal_code="31190",
        longitude=1.47, latitude=43.35, position_quality="number",
        qpv=[{"generation": 2024, "code": "QN03101A", "relation": "near", "certainty": "probable", "distance": 120}],
    )  # fmt: skip
    ChangeFactory(organisation=first.organisation, edition=edition, before="11", after="12")
    return {facts.name: facts.pk for facts in made}


@pytest.mark.smoke
def test_finding_an_organisation_by_filters_and_reading_why(
    page: Page, register: dict[str, int], check: Callable[[Page, str], None]
) -> None:
    page.goto("/registre/")
    expect(page.locator(COUNT)).to_have_text(re.compile(r"28.organisations"))
    check(page, "registre-liste")

    page.get_by_role("checkbox", name=re.compile("^Coopérative")).check()
    expect(page.locator(COUNT)).to_have_text(re.compile(r"1.organisation$"))
    assert page.url.endswith("/registre/?famille=cooperative")
    page.reload()
    expect(page.locator(COUNT)).to_have_text(re.compile(r"1.organisation$"))

    page.get_by_role("link", name=re.compile("Retirer le filtre.*Coopérative")).click()
    expect(page.locator(COUNT)).to_have_text(re.compile(r"28.organisations"))

    search = page.get_by_label("Nom, activité, commune, SIREN ou numéro RNA")
    search.fill("lac auterive")
    search.press("Enter")
    expect(page.locator(COUNT)).to_have_text(re.compile(r"2.organisations"))
    page.get_by_role("link", name="Ateliers du Lac").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ateliers du Lac")
    why = page.get_by_role("region", name="Pourquoi elle est de l’ESS")
    expect(why).to_contain_text("ESS par statut")
    expect(why).to_contain_text("Source : Liste des entreprises de l’ESS (ESS France), 28 octobre 2026")
    expect(page.get_by_text("À moins de 300 m du quartier prioritaire")).to_be_visible()
    expect(page.get_by_text(re.compile(r"de 10.à.19 vers 20.à.49.salariés"))).to_be_visible()
    reason = page.get_by_text("L’organisation figure sur la liste d’ESS France.")
    expect(reason).to_be_hidden()
    page.get_by_text("Chaque condition, sa source et sa date").click()
    expect(reason).to_be_visible()
    check(page, "registre-organisation")


def test_the_list_and_the_page_work_on_a_phone_in_the_dark_and_on_paper(
    new_page: Callable[..., Page], register: dict[str, int], check: Callable[[Page, str], None]
) -> None:
    phone = new_page(width=390, dark=True)
    phone.goto("/registre/?q=ateliers")
    check(phone, "registre-telephone-sombre")
    phone.get_by_role("link", name=re.compile("^Association départementale")).click()
    check(phone, "registre-nom-tres-long")
    tablet = new_page(width=1024)
    tablet.goto(f"/haute-garonne/registre/{register['Ateliers du Lac']}/")
    check(tablet, "registre-organisation-cadre")
    tablet.emulate_media(media="print")
    expect(tablet.get_by_text("L’organisation figure sur la liste d’ESS France.")).to_be_visible()
    expect(tablet.get_by_role("search")).to_have_count(0)


def test_the_list_works_without_javascript(new_page: Callable[..., Page], register: dict[str, int]) -> None:
    page = new_page(javascript=False)
    page.goto("/registre/")
    page.get_by_label("Commune ou intercommunalité").last.select_option("Pays du Lac")
    page.get_by_role("checkbox", name=re.compile("^Sport")).check()
    page.get_by_role("button", name="Appliquer les filtres").click()

    expect(page.locator(COUNT)).to_have_text(re.compile(r"1.organisation$"))
    expect(page.get_by_role("link", name="Club du Lac")).to_be_visible()
    page.get_by_label("Trier par").select_option("Effectif décroissant")
    page.get_by_role("button", name="Trier").click()
    assert "tri=taille" in page.url
    assert "famille" not in page.url


def test_a_place_is_proposed_while_one_types(page: Page, register: dict[str, int]) -> None:
    page.goto("/registre/")
    field = page.get_by_label("Commune ou intercommunalité")
    field.press_sequentially("pays du", delay=30)
    expect(page.locator("#territoires-proposes option")).to_have_count(1)
    field.fill("Pays du Lac (epci:200000001)")
    field.press("Tab")

    expect(page.locator(COUNT)).to_have_text(re.compile(r"2.organisations"))
    expect(page.get_by_role("link", name=re.compile("Retirer le filtre.*Pays du Lac"))).to_be_visible()


def test_what_must_be_checked_and_pages(
    page: Page, register: dict[str, int], check: Callable[[Page, str], None]
) -> None:
    page.goto("/registre/")
    page.get_by_role("link", name=re.compile("Suivante")).click()
    expect(page.get_by_role("link", name="Mutuelle des Pommiers")).to_be_visible()
    page.get_by_role("link", name=re.compile("À vérifier")).click()
    expect(page.get_by_role("link", name="Syndicat douteux")).to_be_visible()
    check(page, "registre-a-verifier")
    page.goto("/registre/?q=rien+du+tout")
    expect(page.get_by_text("Aucune organisation ne répond à tous ces filtres")).to_be_visible()
    check(page, "registre-aucun-resultat")


def test_a_company_learns_whether_it_is_of_the_ess(page: Page, check: Callable[[Page, str], None]) -> None:
    page.goto("/registre/suis-je-de-l-ess/")
    check(page, "ess-forme")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Il reste quelque chose à corriger")).to_be_visible()
    page.get_by_label("Société commerciale").check()
    page.get_by_role("button", name="Continuer").click()

    for name in ("un autre but", "gouvernance démocratique", "utilité sociale"):
        page.get_by_role("group", name=re.compile(name)).get_by_label("Oui").check()
    check(page, "ess-but")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label(re.compile("part du bénéfice va au report")).fill("30 %")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Continuer").click()

    expect(page.get_by_role("heading", name="Hors du périmètre de l’ESS")).to_be_visible()
    expect(page.get_by_text(re.compile("seulement du bénéfice y sont affectés"))).to_be_visible()
    check(page, "ess-reponse")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Télécharger la réponse")).click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")

    page.get_by_role("link", name="Règles de gestion").click()
    expect(page.get_by_label(re.compile("part du bénéfice va au report"))).to_have_value("30 %")


def test_the_method_is_readable(
    new_page: Callable[..., Page], register: dict[str, int], check: Callable[[Page, str], None]
) -> None:
    for width in (1440, 390):
        page = new_page(width=width)
        page.goto("/registre/methode/")
        page.get_by_text("Coopérative", exact=False).first.click()
        check(page, "registre-methode")


def test_before_any_edition_the_page_says_what_will_come(
    page: Page, transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    page.goto("/registre/")
    expect(page.get_by_text("Le registre n’est pas encore publié")).to_be_visible()
    check(page, "registre-vide")


def test_an_administrator_builds_and_loads_an_edition(
    new_page: Callable[..., Page], reference_subset: Path, transactional_db: None, settings, tmp_path: Path,
    check: Callable[[Page, str], None],
) -> None:  # fmt: skip
    from essor.territories.actions import load_reference

    load_reference(folder=reference_subset)
    settings.DATA_DIR, settings.EDITIONS_DIR = tmp_path, tmp_path / "editions"
    units = [unit(number, denominationUniteLegale=f"ASSOCIATION {number}") for number in range(1, 6)]
    write_stocks(tmp_path / "sources", units, [establishment(number) for number in range(1, 6)])
    page = new_page(user=UserFactory(installation_admin=True))

    page.goto("/installation/registre/editions/")
    check(page, "editions-aucune")
    page.get_by_role("link", name="Construire une édition").first.click()
    page.get_by_label("Territoire").fill("Haute-Garonne")
    check(page, "edition-construire")
    page.get_by_role("button", name="Construire l’édition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Construction"))
    check(page, "edition-travail")
    jobs.run_now(Job.objects.get())
    page.get_by_role("link", name="Voir l’édition").click(timeout=15_000)

    expect(page.get_by_text("nouvelles organisations")).to_be_visible()
    check(page, "edition")
    page.get_by_label("Je confirme la mise en vigueur").check()
    page.get_by_role("button", name="Mettre en vigueur").click()
    jobs.run_now(Job.objects.latest("pk"))
    page.get_by_role("link", name="Voir le registre").click(timeout=15_000)
    expect(page.locator(COUNT)).to_have_text(re.compile(r"5.organisations"))


def test_an_administrator_writes_a_version_of_the_perimeter(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    page = new_page(user=UserFactory(installation_admin=True))
    page.goto("/installation/registre/perimetre/")
    check(page, "perimetres")
    page.get_by_role("link", name="2026-11", exact=True).click()
    check(page, "perimetre")
    page.get_by_label("Code ou mots du libellé").fill("5710")
    page.get_by_label("Code ou mots du libellé").press("Enter")
    page.get_by_role("link", name="Modifier 5710").click()
    page.get_by_label("Nom de la version").fill("2027-01")
    page.get_by_label("En vigueur à partir du").fill(date(2027, 1, 1).isoformat())
    page.get_by_label("Pourquoi ce changement ?").fill("Vérifié dans la nomenclature de l’Insee")
    page.get_by_label("Certitude").select_option("Lu dans une source publique")
    check(page, "perimetre-nouveau")
    page.get_by_role("button", name="Ajouter une catégorie").click()
    expect(page.get_by_role("group", name="Catégorie 2")).to_be_visible()
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui change")
    check(page, "perimetre-differences")
    page.get_by_role("button", name="Enregistrer la version").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("2027-01")
    expect(page.get_by_text("a écrit la version « 2027-01 »")).to_be_visible()
