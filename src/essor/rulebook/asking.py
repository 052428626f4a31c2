"""From what was sent to an answer: the one way that the page, the JSON form and the printed note share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from essor.kernel.periods import today
from essor.law.rules import RuleError, RuleInputError
from essor.rulebook.catalogue import DAY, Asked
from essor.rulebook.rule_form import MARK, RuleForm, address_of, completed, pairs
from essor.rulebook.shown import Shown, shown_answer, shown_case

WHOLE = "entree"  # a case as JSON, for programs and for cases too long for an address
OTHER_DAY = "et"
LONGEST_ADDRESS = 2000
_LONGEST_JSON = 200_000

# What the level of an authority is to the rules; other kinds choose for themselves.
_LEVELS = {"region", "departement", "metropole", "epci", "commune"}


class UnreadableCase(ValueError):
    """The case sent as JSON is not one; in French."""


@dataclass
class Answer:
    """A case and what the rule says of it: an answer, or a refusal in French words."""

    asked: Asked
    given: dict[str, Any]
    raw: dict[str, Any] | None
    refusal: str = ""

    @property
    def day(self) -> date:
        """The day of the law that was applied."""
        return day_of(self.given)

    @cached_property
    def shown(self) -> Shown:
        """The answer in French words."""
        return shown_answer(self.asked.rule, self.raw or {}, self.day)

    @cached_property
    def case(self) -> list[dict[str, str]]:
        """What was asked, in French words."""
        return shown_case(self.asked, self.given)

    @property
    def address(self) -> str:
        """The query that gives the same answer again; empty when it is too long for an address."""
        found = address_of(self.asked.rule.input_schema, self.given)
        return found if len(found) <= LONGEST_ADDRESS else ""

    @property
    def as_json(self) -> str:
        """The case as JSON, as `essor law rule` takes it."""
        return json.dumps(plain(self.given), ensure_ascii=False)


def day_of(given: Mapping[str, Any]) -> date:
    """The day of a case; today when it has none."""
    text = given.get(DAY)
    return date.fromisoformat(str(text)) if text else today()


def plain(value: Any) -> Any:
    """The case with numbers as JSON has them: an integer, else the shortest decimal."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def answer_of(asked: Asked, given: dict[str, Any]) -> Answer:
    """Run the rule. Raises `RuleInputError`; a case that the law of the day cannot answer is a refusal."""
    try:
        return Answer(asked, given, asked.rule.run(given))
    except RuleError as error:
        return Answer(asked, given, None, str(error))


def form_of(request: HttpRequest, asked: Asked) -> RuleForm:
    """The form, filled by what was sent, else by what is known: the level of the authority, the day."""
    sent = request.POST if request.method == "POST" else request.GET
    whole = sent.get(WHOLE)
    if whole:
        sent = sent_of(asked, read_whole(whole))
    if _is_sent(asked, sent):
        return RuleForm(asked, completed(asked, _dated(asked, sent)), {}, bound=True)
    return RuleForm(asked, sent, defaults(request, asked), bound=False)


def form_again(answer: "Answer") -> RuleForm:
    """The form of a case that was answered, its numbers and days well written."""
    sent = sent_of(answer.asked, answer.given)
    return RuleForm(answer.asked, completed(answer.asked, sent), {}, bound=True)


def sent_of(asked: Asked, given: Mapping[str, Any]) -> QueryDict:
    """A case in JSON form as a browser would have sent it. Raises `UnreadableCase`."""
    unknown = [name for name in given if name not in asked.rule.input_schema["properties"]]
    if unknown:
        raise UnreadableCase(
            _("Champ inconnu dans « entree » : %s. Le schéma de la règle dit ceux qu’elle lit.")
            % ", ".join(unknown)[:200]
        )
    sent = QueryDict(mutable=True)
    try:
        for key, text in [*pairs(asked.rule.input_schema, given), (MARK, "1")]:
            sent.appendlist(key, text)
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        raise UnreadableCase(_("« entree » ne suit pas le schéma de la règle.")) from None
    return sent


def read_whole(text: str) -> dict[str, Any]:
    """A case sent as JSON. Raises `UnreadableCase`."""
    if len(text) > _LONGEST_JSON:
        raise UnreadableCase(_("Le cas est trop long."))
    try:
        found = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (json.JSONDecodeError, RecursionError):
        raise UnreadableCase(_("« entree » n’est pas du JSON : corrigez l’adresse.")) from None
    if not isinstance(found, dict):
        raise UnreadableCase(_("« entree » doit être un objet JSON."))
    return found


def defaults(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """What the form proposes before anyone answers."""
    properties = asked.rule.input_schema["properties"]
    found: dict[str, Any] = {DAY: today().isoformat()} if DAY in properties else {}
    authority = getattr(request, "authority", None)
    if authority is not None and authority.kind in _LEVELS and "level" in properties:
        found["level"] = authority.kind
    return found


def _is_sent(asked: Asked, sent: QueryDict) -> bool:
    """Was the question asked, rather than some fields filled in by a link? The day goes without saying: today."""
    schema = asked.rule.input_schema
    said = [name for name in schema["properties"] if _says(sent, name)]
    needed = {name for name in schema["required"] if name != DAY}
    return MARK in sent or (bool(said) and needed <= set(said))


def _dated(asked: Asked, sent: QueryDict) -> QueryDict:
    """What was sent, with today when it names no day."""
    if DAY in sent or DAY not in asked.rule.input_schema["properties"]:
        return sent
    dated = sent.copy()
    dated[DAY] = today().isoformat()
    return dated


def _says(sent: QueryDict, name: str) -> bool:
    return any(key == name or key.startswith(f"{name}-") for key in sent)


def answer_to(form: RuleForm) -> Answer | None:
    """The answer to a form that was sent; None when it holds something to correct, then told on its fields."""
    if not form.bound or not form.is_valid():
        return None
    try:
        return answer_of(form.asked, form.input())
    except RuleInputError as error:
        form.place(error.problems)
        return None


def on_another_day(answer: Answer, text: str) -> Answer | None:
    """The same case on another day; None when the day cannot be read or is the same."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if day == answer.day:
        return None
    try:
        return answer_of(answer.asked, {**answer.given, DAY: day.isoformat()})
    except RuleInputError as error:
        return Answer(answer.asked, {**answer.given, DAY: day.isoformat()}, None, " ".join(error.problems))
