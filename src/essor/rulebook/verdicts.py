"""The verdict of each rule: the first words of an answer, with a tone. `ok`, `no`, `wait` as everywhere; `info` for a
figure that is neither good nor bad.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from essor.law.rules import RULES
from essor.law.wording import french_euros, french_list, french_number, french_percent

Json = Mapping[str, Any]
_SOURCES = re.compile(r" \([^()]*\)\.$")
Verdict = dict[str, str]


def verdict_of(name: str, answer: Json) -> Verdict:
    """Label, tone and summary of an answer."""
    return _VERDICTS[name](answer)


def _verdict(label: str, tone: str, summary: str = "") -> Verdict:
    return {"label": label, "tone": tone, "summary": summary}


def _euros(amount: Any) -> str:
    return french_euros(Decimal(str(amount)))


def _percent(share: Any) -> str:
    return french_percent(Decimal(str(share)))


def _number(value: Any) -> str:
    return french_number(Decimal(str(value)))


def _without_sources(text: str) -> str:
    """A sentence without the texts that close it in brackets: they stand with the conditions."""
    return _SOURCES.sub(".", text)


def _words(name: str, answer: Json, field: str = "status") -> str:
    """The French words of a code of the answer."""
    options = RULES[name].answer_schema["properties"][field]["oneOf"]
    return str(next(option["title"] for option in options if option["const"] == answer[field]))


def _competence(answer: Json) -> Verdict:
    tone = {"allowed": "ok", "conditional": "wait", "not_allowed": "no"}[answer["status"]]
    label = {
        "allowed": _("Oui, c’est possible"),
        "conditional": _("Oui, sous condition"),
        "not_allowed": _("Non, pas sous cette forme"),
    }[answer["status"]]
    summary = ""
    if answer["status"] == "conditional" and answer["conditions"]:
        summary = _without_sources(answer["conditions"][0]["text"])
    elif answer["status"] == "not_allowed" and answer["way_round"]:
        summary = _("Une autre voie existe : voir plus bas.")
    return _verdict(label, tone, summary)


_FORMS = {
    "grant": gettext_lazy("Vous contribuez à un projet que l’organisation a conçu et mène elle-même."),
    "cpo": gettext_lazy("Une subvention sur plusieurs années, avec des objectifs convenus."),
    "call_for_projects": gettext_lazy(
        "Un cadre ouvert à plusieurs organisations, qui proposent chacune leur projet."
    ),
    "call_for_interest": gettext_lazy("Un repérage d’idées ou d’acteurs, sans financement à ce stade."),
    "contract": gettext_lazy("Vous payez une prestation qui répond à votre besoin."),
    "reserved_contract": gettext_lazy(
        "Vous payez une prestation, et la réservez à des structures que la loi nomme."
    ),
    "concession": gettext_lazy("L’exploitant gère le service à ses risques, payé surtout par les usagers."),
    "sieg_mandate": gettext_lazy(
        "Un acte dit les obligations de service public, leur durée et la compensation."
    ),
    "capital": gettext_lazy(
        "Vous devenez associé : une délibération décide des parts et de qui vous représente."
    ),
}


def _contract_form(answer: Json) -> Verdict:
    count = len(answer["risks"])
    what = str(_FORMS[answer["form"]])
    if not count:
        return _verdict(answer["form_label"], "ok", what)
    summary = ngettext("Avec un point d’attention.", "Avec %(count)s points d’attention.", count) % {
        "count": count
    }
    return _verdict(answer["form_label"], "wait", f"{what} {summary}")


def _state_aid(answer: Json) -> Verdict:
    if not answer["conform"]:
        return _verdict(_("Non, le plafond serait dépassé"), "no", answer["issues"][0]["text"])
    return _verdict(
        _("Il reste %(room)s") % {"room": _euros(answer["room"])},
        "ok",
        _("%(total)s déjà reçus sur la période, pour un plafond de %(ceiling)s.")
        % {"total": _euros(answer["total"]), "ceiling": _euros(answer["ceiling"])},
    )


def _reserved_contract(answer: Json) -> Verdict:
    possible = [row["label"] for row in answer["reservations"] if row["possible"]]
    if not possible:
        return _verdict(_("Aucune réservation connue ce jour-là"), "no")
    count = ngettext("Une réservation possible", "%(count)s réservations possibles", len(possible))
    return _verdict(count % {"count": len(possible)}, "ok", f"{french_list(possible)}.")


def _scic_capital(answer: Json) -> Verdict:
    summary = _("%(share)s du capital au secteur public local, pour un plafond de %(cap)s.") % {
        "share": _percent(answer["public_share"]),
        "cap": _percent(answer["cap"]),
    }
    return _conformity(answer, summary)


def _scic_colleges(answer: Json) -> Verdict:
    return _conformity(answer, "" if answer["conform"] else answer["issues"][0]["text"])


def _conformity(answer: Json, summary: str) -> Verdict:
    if answer["conform"]:
        return _verdict(_("Conforme"), "ok", summary)
    return _verdict(_("Pas conforme"), "no", summary)


def _scic_reserves(answer: Json) -> Verdict:
    if not answer["base"]:
        return _verdict(_("Rien à mettre en réserve"), "info", answer["explanation"][0])
    return _verdict(
        _("%(amount)s au moins en réserve") % {"amount": _euros(answer["minimum_impartible"])},
        "info",
        _("Soit %(share)s de l’excédent, que personne ne pourra se partager.")
        % {"share": _percent(answer["share"])},
    )


def _of_status(name: str, tones: Mapping[str, str]) -> Callable[[Json], Verdict]:
    def verdict(answer: Json) -> Verdict:
        points = answer.get("issues") or answer.get("missing") or ()
        return _verdict(_words(name, answer), tones[answer["status"]], points[0]["text"] if points else "")

    return verdict


def _procurement(answer: Json) -> Verdict:
    return _verdict(answer["procedure_label"], "info")


def _spaser(answer: Json) -> Verdict:
    summary = _("Seuil du jour : %(threshold)s d’achats annuels hors taxes.") % {
        "threshold": _euros(answer["threshold"])
    }
    return _verdict(_words("spaser", answer), "wait" if answer["compulsory"] else "info", summary)


def _brs(answer: Json) -> Verdict:
    saving = Decimal(str(answer["monthly_saving"]))
    summary = _("En achetant sur le marché : %(market)s par mois.") % {
        "market": _euros(answer["market_monthly"])
    }
    label = _("%(total)s par mois") % {"total": _euros(answer["monthly_total"])}
    return _verdict(label, "ok" if saving > 0 else "wait", summary)


def _insertion_hours(answer: Json) -> Verdict:
    label = _("%(hours)s heures d’insertion") % {"hours": _number(answer["hours"])}
    summary = ngettext(
        "Soit %(fte)s équivalent temps plein sur un an, et %(rate)s des heures du marché.",
        "Soit %(fte)s équivalents temps plein sur un an, et %(rate)s des heures du marché.",
        2 if answer["fte"] >= 2 else 1,
    ) % {
        "fte": _number(answer["fte"]),
        "rate": _percent(answer["rate"]),
    }
    return _verdict(label, "info", summary)


_CONDITIONS = {"conform": "ok", "by_right": "ok", "not_conform": "no", "to_check": "wait"}
_AGEC = {"met": "ok", "not_met": "no", "unknown": "wait", "informed": "info", "not_in_force": "info"}
_VERDICTS: Mapping[str, Callable[[Json], Verdict]] = {
    "competence": _competence,
    "contract_form": _contract_form,
    "state_aid": _state_aid,
    "reserved_contract": _reserved_contract,
    "scic_capital": _scic_capital,
    "scic_colleges": _scic_colleges,
    "scic_reserves": _scic_reserves,
    "ess_company": _of_status("ess_company", _CONDITIONS),
    "esus": _of_status("esus", _CONDITIONS),
    "procurement_threshold": _procurement,
    "agec": _of_status("agec", _AGEC),
    "spaser": _spaser,
    "brs": _brs,
    "insertion_hours": _insertion_hours,
}
