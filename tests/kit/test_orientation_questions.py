"""The questions of the orientation as an authority writes them: two of its own at most, published, answered, read."""

from dataclasses import replace

import pytest
from django.test import Client

from essor.accounts.models import Membership
from essor.kernel.questions import conditions as c
from essor.kernel.questions import definition as d
from essor.kernel.questions.editing import add
from essor.kernel.questions.models import FormVersion
from essor.kit.enums_support import Profile, Role, Stage, Theme
from essor.kit.models import OrientationRequest
from essor.kit.orientation_form import check, package_form
from essor.kit.rules_orientation import ROAD
from essor.kit.rules_orientation_form import with_private_texts
from essor.kit.support_orientation import OTHER_THEME
from essor.territories.enums import Kind
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.kit_factories import SupporterFactory

PAGE = "/gard/kit/orientation/questions/"
FORM = package_form()


def plain(texts: list[str]) -> list[str]:
    return [text.replace("\u00a0", " ") for text in texts]


def with_own(*questions: d.Question) -> d.Form:
    form = FORM
    for question in questions:
        form = add(form, "project", question)
    return form


# ── The rule ──


def test_the_package_asks_what_the_ranking_reads() -> None:
    codes = {question.code: tuple(each.code for each in question.choices) for question in FORM.questions()}
    assert codes == {
        "stage": tuple(Stage.values),
        "needs": tuple(Role.values),
        "profile": tuple(Profile.values),
        "theme": (*Theme.values, OTHER_THEME),
        "employs": (),
        "place": (),
    }
    assert set(ROAD) < set(codes["stage"])
    assert check(FORM) == []


def own(number: int, **more: object) -> d.Question:
    return replace(d.Question(f"own{number}", d.YES_NO, f"La vôtre {number}"), **more)


def test_a_ninth_question_is_refused() -> None:
    assert check(with_own(own(1), own(2))) == []
    assert plain(check(with_own(own(1), own(2), own(3)))) == [
        "9 questions : l’orientation en a 8 au plus, dont 2 de votre choix. Retirez-en."
    ]


@pytest.mark.parametrize(
    "label", ["Votre nom ?", "Votre prénom", "Un téléphone", "Votre e-mail", "Date de naissance"]
)
def test_a_question_that_names_people_is_refused(label: str) -> None:
    assert "ne demandez pas d’identité" in check(with_own(own(1, label=label)))[0]


def test_the_name_of_a_project_may_be_asked() -> None:
    assert check(with_own(own(1, kind=d.TEXT, label="Quel nom aura le projet ?"))) == []


def test_what_the_ranking_reads_keeps_its_bones_and_may_change_its_words() -> None:
    stage = FORM.by_code["stage"]

    def changed(question: d.Question) -> d.Form:
        asked = tuple(question if each.code == question.code else each for each in FORM.sections[0].questions)
        return replace(FORM, sections=(replace(FORM.sections[0], questions=asked),))

    words = replace(
        stage, label="À quel moment ?", choices=tuple(replace(each, label="…") for each in stage.choices)
    )
    assert check(changed(words)) == []
    for broken in (
        replace(stage, required=False),
        replace(stage, choices=stage.choices[1:]),
        replace(stage, kind=d.CHOICES),
        replace(FORM.by_code["profile"], when=c.Test("stage", "is", ("idea",))),
    ):
        assert "seuls ses mots peuvent changer" in check(changed(broken))[0]
    assert "Les parties de l’orientation n’ont pas de condition." in check(
        replace(FORM, sections=(replace(FORM.sections[0], when=c.Test("stage", "answered", (True,))),))
    )
    assert "choix, un oui ou non, ou un texte court" in check(with_own(own(1, kind=d.AMOUNT)))[0]


def test_texts_are_made_private() -> None:
    made = with_private_texts(with_own(own(1, kind=d.TEXT), own(2)))
    assert [made.by_code[code].private for code in ("own1", "own2")] == [True, False]


# ── The pages ──


@pytest.fixture
def agent(db: None) -> Membership:
    departement = TerritoryFactory(kind=Kind.DEPARTEMENT, code="30", name="Gard")
    return MembershipFactory(authority=AuthorityFactory(slug="gard", territory=departement), agent=True)


@pytest.fixture
def desk(client: Client, agent: Membership) -> Client:
    client.force_login(agent.user)
    return client


def written(client: Client, revision: int, **more: object) -> object:
    sent = {"label": "Qu’est-ce qui vous aiderait ?", "kind": "text", "revision": revision} | more
    return client.post(f"{PAGE}ajouter/", sent)


def published(client: Client) -> None:
    draft = FormVersion.objects.get(published_at=None)
    client.post(PAGE, {"publier": "1", "revision": draft.revision})


def test_an_agent_writes_publishes_and_reads_what_is_answered(desk: Client, agent: Membership) -> None:
    assert written(desk, 0).status_code == 302
    choices = {"label": "Jusqu’où ?", "kind": "choice", "choices": "Ma commune\nLe canton"}
    assert written(desk, 2, **choices).status_code == 302
    page = desk.get(PAGE)
    assert plain(page.context["changes"]) == [
        "Question ajoutée : « Qu’est-ce qui vous aiderait ? ».", "Question ajoutée : « Jusqu’où ? ».",
    ]  # fmt: skip
    assert "aiderait" not in Client().get("/gard/kit/orientation/").content.decode()
    assert "aiderait" in desk.get(f"{PAGE}apercu/").content.decode()
    published(desk)
    assert FormVersion.objects.filter(owner_id=agent.authority_id).published().count() == 1

    SupporterFactory(name="Club solidaire")
    visitor = Client()
    said = {
        "stage": "launch", "needs": ["finance"], "profile": "association", "theme": "food", "employs": "non",
        "place": "Gard", "token": "a" * 22, "qu_est_ce_qui_vous": "Un local", "jusqu_ou": "le_canton",
    }  # fmt: skip
    asking = visitor.get("/gard/kit/orientation/")
    assert asking.context["lead"].startswith("Huit questions")
    path = visitor.post("/gard/kit/orientation/", said)["Location"]
    kept = OrientationRequest.objects.get()
    assert (kept.answers["qu_est_ce_qui_vous"], kept.answers["jusqu_ou"]) == ("Un local", "le_canton")
    shown = visitor.get(path)
    assert {"label": "Jusqu’où\u00a0?", "value": "Le canton"} in shown.context["facts"]
    assert "Un local" not in shown.content.decode()
    assert visitor.get(f"{path}pdf/").content.startswith(b"%PDF")

    seen = desk.get("/gard/kit/orientation/demandes/")
    assert [(each["rows"], each["texts"]) for each in seen.context["own"]] == [
        ([], ["Un local"]), ([("Le canton", 1)], []),
    ]  # fmt: skip
    assert "Un local" in seen.content.decode()
    table = b"".join(desk.get("/gard/kit/orientation/demandes/csv/").streaming_content).decode()
    assert table.strip().splitlines()[1].endswith("Un local;Le canton")


def test_answers_keep_the_version_they_were_given_under(desk: Client, agent: Membership) -> None:
    written(desk, 0, kind="yes_no", label="Un local ?")
    published(desk)
    said = {
        "stage": "idea", "needs": ["inform"], "profile": "youth", "theme": "food", "employs": "oui", "place": "",
        "token": "b" * 22, "un_local": "oui",
    }  # fmt: skip
    path = Client().post("/gard/kit/orientation/", said)["Location"]
    desk.post(PAGE, {"retirer": "un_local"})
    published(desk)
    assert {"label": "Un local\u00a0?", "value": "oui"} in Client().get(path).context["facts"]
    assert "Un local" not in Client().get("/gard/kit/orientation/").content.decode()
    history = desk.get(f"{PAGE}versions/")
    assert [plain(row["changes"]) for row in history.context["rows"]] == [
        ["Question retirée : « Un local ? »."], ["Question ajoutée : « Un local ? »."],
    ]  # fmt: skip


def test_one_goes_back_to_the_package(desk: Client, agent: Membership) -> None:
    written(desk, 0)
    published(desk)
    desk.post(f"{PAGE}versions/", {"revenir": "1"})
    assert "aiderait" not in Client().get("/gard/kit/orientation/").content.decode()
    assert [row["version"].version for row in desk.get(f"{PAGE}versions/").context["rows"]] == [2, 1]


def test_what_cannot_be_is_told_on_the_page(desk: Client) -> None:
    page = written(desk, 0, label="Votre téléphone ?")
    assert "ne demandez pas d’identité" in page.context["form"].non_field_errors()[0]
    for number in range(2):
        written(desk, FormVersion.objects.filter(published_at=None).get().revision, label=f"Utile {number}")
    answer = desk.get(f"{PAGE}ajouter/", follow=True)
    assert "retirez-en une" in plain([str(each) for each in answer.context["messages"]])[0]
    answer = desk.post(PAGE, {"retirer": "stage"}, follow=True)
    assert "ne se retire pas" in str(next(iter(answer.context["messages"])))
    assert desk.get(f"{PAGE}modifier/lune/").status_code == 404


def test_two_agents_do_not_write_over_each_other(desk: Client) -> None:
    written(desk, 0)
    written(desk, 2, label="Une autre ?")
    page = desk.post(f"{PAGE}modifier/stage/", {"label": "Où ?", "choices": "a\nb", "revision": 2})
    assert page.context["form"].errors["choices"] == [
        "Gardez les 6 choix, dans leur ordre : seuls leurs mots changent."
    ]
    lines = "\n".join(each.label for each in FORM.by_code["stage"].choices)
    page = desk.post(f"{PAGE}modifier/stage/", {"label": "Où ?", "choices": lines, "revision": 2})
    assert "Une autre personne a modifié ce brouillon" in page.context["form"].non_field_errors()[0]
    assert (
        desk.post(f"{PAGE}modifier/stage/", {"label": "Où ?", "choices": lines, "revision": 3}).status_code
        == 302
    )
    desk.post(PAGE, {"publier": "1", "revision": "3"})
    assert FormVersion.objects.filter(published_at=None).exists()
    desk.post(PAGE, {"monter": "une_autre"})
    assert [each.code for each in FormVersion.objects.get(published_at=None).form().questions()][-2:] == [
        "une_autre", "qu_est_ce_qui_vous",
    ]  # fmt: skip
    desk.post(PAGE, {"abandonner": "1"})
    assert not FormVersion.objects.filter(published_at=None).exists()
