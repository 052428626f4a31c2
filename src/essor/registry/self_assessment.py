"""« Suis-je de l'ESS ? »: the questions of the form as plain data, and the answer by the rules of the
register.

Every number shown comes from the legal parameters of the day. The answers are those of the organisation:
nothing is verified, and the verdict says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.registry.company_conditions import ANSWER
from essor.registry.enums import Answer, Tag
from essor.registry.facts import Answers, EsusAgreement, Provenance, Qualification, UnitFacts
from essor.registry.perimeter import Perimeter, default_perimeter
from essor.registry.rules import qualify


class AssessmentError(ValueError):
    """Answers that cannot be read. ``errors`` maps the code of a question to a French message."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


@dataclass(frozen=True, slots=True)
class ShowIf:
    """A question is shown when another one bears one of these values."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``kind``: « choice » (one of ``choices``), « answer » (yes, no, unknown), « percent »."""

    code: str
    text: str
    help: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    show_if: ShowIf | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class _Form:
    """A legal form in everyday words: the category that stands for it, and the mark of a cooperative."""

    code: str
    words: str
    category: str | None
    marker: Tag | None = None


_FORMS = (
    _Form("association", "Association déclarée (loi de 1901)", "9220"),
    _Form("association_rup", "Association reconnue d’utilité publique", "9230"),
    _Form("association_local", "Association de droit local (Alsace, Moselle)", "9260"),
    _Form("collective", "Collectif ou association non déclarée", None),
    _Form("scop", "Scop", "5710", Tag.SCOP),
    _Form("scic", "Scic", "5710", Tag.SCIC),
    _Form("cae", "Coopérative d’activité et d’emploi", "5710", Tag.CAE),
    _Form("cuma", "Cuma", "6316"),
    _Form("farm_cooperative", "Coopérative agricole", "6317"),
    _Form("cooperative", "Autre coopérative", "5460"),
    _Form("mutual", "Mutuelle ou union de mutuelles", "8210"),
    _Form("mutual_insurer", "Société d’assurance mutuelle", "6411"),
    _Form("foundation", "Fondation", "9300"),
    _Form("company", "Société commerciale (SARL, SAS, SA…)", "5710"),
    _Form("civil_company", "Société civile", "6599"),
    _Form("sole_trader", "Entreprise individuelle, micro-entreprise", "1000"),
    _Form("public_body", "Organisme public, GIP", "7490"),
    _Form("union", "Syndicat, ordre, comité social et économique", "8490"),
    _Form("other", "Autre forme, ou je ne sais pas", None),
)
_COMPANY = ShowIf("legal_form", ("company",))
_ACTIVITY = ShowIf("legal_form", ("association", "association_rup", "association_local", "foundation"))
_NO_EXCLUDED_ACTIVITY = "none"
_INSERTION = (Tag.EI, Tag.ETTI, Tag.AI, Tag.ACI, Tag.EA, Tag.ESAT)
_YES_NO = tuple(Answer.choices())
_UTILITY_WORDS = {
    "vulnerable_people": "soutenir des personnes fragiles",
    "cohesion_and_education": "lutter contre les exclusions, éduquer à la citoyenneté, faire du lien social",
    "social_and_territorial_cohesion": "préserver le lien social et la cohésion des territoires",
    "citizenship_education": "éduquer à la citoyenneté, dont l’éducation populaire",
    "sustainable_development": "concourir au développement durable, à la transition énergétique, à la "
    "culture ou à la "
    "solidarité internationale",
}


def self_assessment_questions(on: date, perimeter: Perimeter | None = None) -> tuple[Question, ...]:
    """The questions to ask on a day, in order. Raises ``NotInForceError`` before the law of 31 July 2014."""
    perimeter = perimeter or default_perimeter(on)
    return (
        Question(
            code="legal_form",
            text="Quelle est votre forme juridique ?",
            help="Elle figure dans vos statuts et sur votre avis de situation Sirene.",
            kind="choice",
            choices=tuple((form.code, form.words) for form in _FORMS),
            required=True,
        ),
        Question(
            code="activity",
            text="Votre activité principale est-elle l’une de celles-ci ?",
            help=(
                "La statistique publique laisse ces activités hors de l’ESS, même exercées par une "
                "association."
            ),
            kind="choice",
            choices=((_NO_EXCLUDED_ACTIVITY, "Aucune de celles-ci"), *_excluded_activities(perimeter)),
            show_if=_ACTIVITY,
        ),
        _yes_no(
            "ess_flag",
            "Êtes-vous inscrits au registre du commerce avec la mention « entreprise de l’ESS » ?",
            "La mention figure sur l’extrait Kbis ; Sirene la reprend.",
        ),
        _yes_no(
            "ess_list",
            "Figurez-vous sur la liste des entreprises de l’ESS ?",
            "Les chambres régionales de l’ESS la tiennent, ESS France la publie.",
            None,
        ),
        *_company_questions(on),
        Question(
            code="insertion",
            text="Êtes-vous conventionnés ou agréés pour l’insertion ou le travail adapté ?",
            help="Ces structures bénéficient de plein droit de l’agrément Esus si elles relèvent de l’ESS.",
            kind="choice",
            choices=(("none", "Non"), *((str(tag.value), tag.label) for tag in _INSERTION)),
        ),
        _yes_no(
            "esus",
            "Avez-vous un agrément Esus en cours de validité ?",
            f"Le préfet le donne pour {law.value('esus.duration.usual', on).text}, "
            f"{law.value('esus.duration.young', on).text} pour une entreprise de moins de "
            f"{law.value('esus.duration.young_age', on).text}."
            if law.in_force("esus.duration.usual", on)
            else "Le préfet le donne pour une durée limitée.",
            None,
        ),
    )


def _yes_no(code: str, text: str, help_text: str, show_if: ShowIf | None = _COMPANY) -> Question:
    return Question(code=code, text=text, help=help_text, kind="answer", choices=_YES_NO, show_if=show_if)


def _excluded_activities(perimeter: Perimeter) -> tuple[tuple[str, str], ...]:
    return tuple((rule.prefix, rule.label) for rule in perimeter.exclusions)


def _company_questions(on: date) -> tuple[Question, ...]:
    """What a commercial company is asked: art. 1, I, then II, 2°, with the numbers in force that day."""
    questions = [
        _yes_no(
            "purpose",
            "Vos statuts visent-ils un autre but que le seul partage des bénéfices ?",
            "Première condition de l’article 1er de la loi.",
        ),
        _yes_no(
            "governance",
            "Vos statuts prévoient-ils une gouvernance démocratique ?",
            "Associés, salariés et parties prenantes sont informés et participent ; le capital ne "
            "décide pas seul.",
        ),
        _yes_no(
            "profits_kept",
            "Les bénéfices servent-ils en majorité à maintenir ou à développer l’activité ?",
            "Troisième condition, premier volet.",
        ),
        _yes_no(
            "reserves_locked",
            "Les réserves obligatoires sont-elles impartageables ?",
            "Elles ne peuvent pas être distribuées aux associés.",
        ),
        _yes_no(
            "liquidation",
            "En cas de liquidation, ce qui reste va-t-il à une autre structure de l’ESS ?",
            "C’est le boni de liquidation.",
        ),
    ]
    fund = law.in_force("ess.company.dev_fund", on)
    if fund:
        limit = law.value("ess.company.dev_fund_limit", on)
        questions += [
            Question(
                code="dev_fund_share",
                text="Quelle part du bénéfice va au fonds de développement ?",
                help=f"La loi demande {fund.text} au moins. Laissez vide si vous ne savez pas.",
                kind="percent",
                show_if=_COMPANY,
            ),
            _yes_no(
                "dev_fund_full",
                f"Vos réserves atteignent-elles déjà {limit.text} du capital ?",
                "Si oui, l’affectation au fonds de développement n’est plus obligatoire.",
            ),
        ]
    reserves = law.in_force("ess.company.reserves", on)
    if reserves:
        questions.append(
            Question(
                code="reserves_share",
                text="Quelle part du bénéfice va au report et aux réserves obligatoires ?",
                help=f"La loi demande {reserves.text} au moins. Laissez vide si vous ne savez pas.",
                kind="percent",
                show_if=_COMPANY,
            )
        )
    objectives = law.value("ess.utility", on).items
    questions += [
        _yes_no(
            "no_amortisation",
            "Vos statuts interdisent-ils d’amortir le capital, et de le réduire sans pertes ?",
            "Une réduction reste permise pour assurer la continuité de l’activité.",
        ),
        _yes_no(
            "utility",
            "Recherchez-vous à titre principal une utilité sociale ?",
            "Au moins l’un de ces objectifs : "
            + " ; ".join(_UTILITY_WORDS.get(str(objective), str(objective)) for objective in objectives)
            + ".",
        ),
    ]
    if law.in_force("ess.company.statutes", on):
        text = "Toutes ces règles sont-elles écrites dans vos statuts ?"
        questions.append(_yes_no("statutes", text, "La loi le demande."))
    return tuple(questions)


def assess(answers: Mapping[str, str], on: date, perimeter: Perimeter | None = None) -> Qualification:
    """The verdict for what a person answered: codes of questions to codes of choices, or percentages as
    typed.

    ``next_steps`` of the answer says what is missing. A question that is not shown for this legal form is not
    read. Raises ``AssessmentError`` with a message for each answer that cannot be read.
    """
    perimeter = perimeter or default_perimeter(on)
    questions = self_assessment_questions(on, perimeter)
    read = _read(questions, answers)
    form = next(item for item in _FORMS if item.code == read["legal_form"])
    found = qualify(_facts(form, read), perimeter, on)
    if form.code == "collective":
        return replace(
            found,
            reason=(
                "La loi vise des personnes morales, ce qu’un collectif ou une association non déclarée n’est pas ; la "
                "statistique publique compte pourtant l’association non déclarée que Sirene connaît."
            ),
            next_steps=("Déclarer l’association en préfecture : elle relèvera de l’ESS par son statut.",),
        )
    return found


def legal_category_of(form: str) -> str:
    """The legal category that stands for a form of the questions (`legal_form`); empty when none does."""
    return next((item.category or "" for item in _FORMS if item.code == form), "")


def visible_questions(questions: tuple[Question, ...], answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions to show, given what was answered so far."""
    return tuple(
        question
        for question in questions
        if question.show_if is None or answers.get(question.show_if.question) in question.show_if.values
    )


def _read(questions: tuple[Question, ...], answers: Mapping[str, str]) -> dict[str, str]:
    read: dict[str, str] = {}
    errors: dict[str, str] = {}
    for question in visible_questions(questions, answers):
        given = (answers.get(question.code) or "").strip()
        if not given:
            if question.required:
                errors[question.code] = f"« {question.text} » : choisissez une réponse."
            continue
        if question.kind == "percent":
            if _share(given) is None:
                errors[question.code] = (
                    f"« {question.text} » : « {given[:40]} » n’est pas un pourcentage entre 0 et 100, "
                    "écrivez par exemple 20 ou 57,5."
                )
        elif given not in {code for code, _ in question.choices}:
            errors[question.code] = f"« {question.text} » : « {given[:40]} » n’est pas un choix proposé."
        read[question.code] = given
    if errors:
        raise AssessmentError(errors)
    return read


def _share(text: str) -> Decimal | None:
    """A percentage as typed (« 57,5 % ») as a share of 1; None when it is not one."""
    number = text.replace("%", "").replace("\u00a0", "").replace("\u202f", "").replace(",", ".").strip()
    try:
        share = Decimal(number) / 100
    except ArithmeticError:
        return None
    return share if share.is_finite() and 0 <= share <= 1 else None


def _facts(form: _Form, read: Mapping[str, str]) -> UnitFacts:
    def answer(code: str) -> Answer:
        return Answer(read.get(code, "unknown"))

    said = Provenance(ANSWER)
    markers = {form.marker} if form.marker else set()
    insertion = read.get("insertion", "none")
    if insertion != "none":
        markers.add(Tag(insertion))
    activity = read.get("activity", _NO_EXCLUDED_ACTIVITY)
    return UnitFacts(
        legal_category=form.category,
        activity=None if activity == _NO_EXCLUDED_ACTIVITY else activity,
        ess_flag={Answer.YES: "O", Answer.NO: "N"}.get(answer("ess_flag")),
        on_ess_france_list={Answer.YES: True, Answer.NO: False}.get(answer("ess_list")),
        esus=EsusAgreement() if answer("esus") is Answer.YES else None,
        markers=frozenset(tag for tag in markers if tag),
        answers=Answers(
            purpose=answer("purpose"),
            governance=answer("governance"),
            profits_kept=answer("profits_kept"),
            reserves_locked=answer("reserves_locked"),
            liquidation=answer("liquidation"),
            dev_fund_share=_share(read.get("dev_fund_share", "")),
            dev_fund_full=answer("dev_fund_full"),
            reserves_share=_share(read.get("reserves_share", "")),
            no_amortisation=answer("no_amortisation"),
            utility=answer("utility"),
            statutes=answer("statutes"),
        ),
        form_words=form.words,
        provenance=dict.fromkeys(("legal_form", "activity", "ess_flag", "ess_list", "markers", "esus"), said),
    )
