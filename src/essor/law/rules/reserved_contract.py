"""Which reservation fits a contract, and why the others do not.

Code de la commande publique, art. L2113-12 (handicap), L2113-13 (insertion), L2113-13-1 (prison), L2113-14 (both),
L2113-15 and L2113-16 (ESS, for health, social or cultural services of the list); L3113-1 to -3 for concessions.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.schema import RuleInputError, asked
from essor.law.wording import french_number


class Bought(Labelled):
    """What is bought."""

    SERVICES = "services", "Services"
    SUPPLIES = "supplies", "Fournitures"
    WORKS = "works", "Travaux"


class Reservation(Labelled):
    """For whom a contract may be reserved."""

    HANDICAP = "handicap", "Entreprises adaptées et Esat"
    INSERTION = "insertion", "Structures d’insertion par l’activité économique"
    BOTH = "both", "Travail adapté et insertion à la fois"
    PRISON = "prison", "Opérateurs employant des personnes détenues"
    ESS = "ess", "Entreprises de l’économie sociale et solidaire"


@dataclass(frozen=True, slots=True)
class ReservedContractInput:
    """The need."""

    nature: Bought = asked("Nature de l’achat")
    on: date = asked("Jour où la consultation est engagée")
    cpv: str = asked("Code CPV", default="", help="Huit chiffres, avec ou sans la clé de contrôle.")
    years: Decimal = asked("Durée du marché, en années", default=Decimal(1), minimum="0.01", maximum=99)
    previous_holder_same_services: bool = asked(
        "Le candidat pressenti a-t-il eu, sous la réservation ESS, un marché des mêmes services ces dernières années ?",
        default=False,
    )
    concession: bool = asked("Est-ce une concession ?", default=False)


@dataclass(frozen=True, slots=True)
class ReservationAnswer:
    """One reservation: possible or not, why, and what it asks."""

    reservation: Reservation = answered("Réservation")
    label: str = answered("Réservation, en mots")
    possible: bool = answered("Possible")
    why: str = answered("Pourquoi")
    conditions: tuple[Point, ...] = answered("Conditions")


@dataclass(frozen=True, slots=True)
class ReservedContract:
    """``possible`` lists the codes that fit; ``reservations`` explains all of them."""

    possible: tuple[Reservation, ...] = answered("Réservations possibles")
    reservations: tuple[ReservationAnswer, ...] = answered("Chaque réservation")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def reserved_contract(given: ReservedContractInput) -> ReservedContract:
    """Every reservation with its answer. Raises ``RuleInputError`` for a CPV code that is not one."""
    reasons = Reasons(given.on)
    cpv = _cpv(given.cpv)
    share = reasons.value_if_any("procurement.reserved.min_share")
    answers = (
        _for_workers(Reservation.HANDICAP, share is not None, reasons),
        _for_workers(Reservation.INSERTION, share is not None, reasons),
        _simple(Reservation.BOTH, "procurement.reserved.both", reasons),
        _simple(Reservation.PRISON, "procurement.reserved.prison", reasons),
        _ess(given, cpv, reasons),
    )
    possible = tuple(answer.reservation for answer in answers if answer.possible)
    for answer in answers:
        reasons.say(f"{answer.label} : {'possible' if answer.possible else 'impossible'}. {answer.why}")
    if given.concession:
        concessions = reasons.value_if_any("procurement.reserved.concessions")
        if concessions:
            reasons.say(f"Une concession se réserve comme un marché ({told(concessions)}).")
    reasons.say(
        "L’avis ou la consultation dit la réservation. Une réservation ne dispense pas des seuils de publicité "
        "et de procédure."
    )
    return ReservedContract(possible, answers, reasons.explanation, reasons.references)


def _cpv(code: str) -> str:
    digits = code.split("-")[0].replace(" ", "")
    if code and not (len(digits) == 8 and digits.isdecimal() and digits.isascii()):
        raise RuleInputError([f"cpv : « {code} » n’est pas un code CPV (huit chiffres, comme 85312000-9)."])
    return digits


def _for_workers(reservation: Reservation, in_force: bool, reasons: Reasons) -> ReservationAnswer:
    text = reasons.value_if_any(f"procurement.reserved.{reservation.value}")
    if text is None or not in_force:
        return _refused(
            reservation, "Les textes en vigueur ce jour-là ne sont pas connus d’Essor : à vérifier."
        )
    return ReservationAnswer(
        reservation,
        reservation.label,
        True,
        f"Tout marché ou lot peut se réserver ainsi, quels que soient son objet et son montant ({told(text)}).",
        (_share_condition(reasons),),
    )


def _share_condition(reasons: Reasons) -> Point:
    share = reasons.value("procurement.reserved.min_share")
    return Point(
        "min_share",
        f"Au moins {share.text} des travailleurs de la structure sont des personnes concernées ({told(share)}).",
    )


def _simple(reservation: Reservation, parameter: str, reasons: Reasons) -> ReservationAnswer:
    text = reasons.value_if_any(parameter)
    if text is None:
        return _refused(reservation, "Cette réservation n’existe pas encore ce jour-là.")
    conditions = (_share_condition(reasons),)
    return ReservationAnswer(
        reservation, reservation.label, True, f"La loi le permet ({told(text)}).", conditions
    )


def _refused(reservation: Reservation, why: str) -> ReservationAnswer:
    return ReservationAnswer(reservation, reservation.label, False, why, ())


def _ess(given: ReservedContractInput, cpv: str, reasons: Reasons) -> ReservationAnswer:
    scope = reasons.value_if_any("procurement.reserved.ess.scope")
    if scope is None:
        return _refused(Reservation.ESS, "Cette réservation n’existe pas encore ce jour-là.")
    if given.nature is not Bought.SERVICES:
        return _refused(
            Reservation.ESS,
            f"Elle ne vaut que pour des services de santé, sociaux ou culturels, non pour des "
            f"{given.nature.label.lower()} ({told(scope)}).",
        )
    codes = reasons.value("procurement.reserved.ess.cpv")
    if cpv and not covered(cpv, tuple(map(str, codes.items))):
        return _refused(
            Reservation.ESS,
            f"Le code CPV {cpv} n’est pas dans la liste des services de santé, sociaux ou culturels ({told(codes)}).",
        )
    longest = reasons.value("procurement.reserved.ess.max_duration")
    if given.years > longest.decimal:
        return _refused(
            Reservation.ESS,
            f"Le marché durerait {french_number(given.years)} ans : au plus {longest.text} ({told(longest)}). "
            f"Le raccourcir.",
        )
    previous = reasons.value("procurement.reserved.ess.previous_years")
    if given.previous_holder_same_services:
        return _refused(
            Reservation.ESS,
            f"Le candidat ne peut pas avoir eu, sous ce régime, un marché des mêmes services dans les "
            f"{previous.text} qui "
            f"précèdent ({told(previous)}). La réservation reste possible pour d’autres candidats.",
        )
    conditions = reasons.value("procurement.reserved.ess.conditions")
    why = f"Le service est de santé, social ou culturel, et figure à la liste ({told(codes)})."
    if not cpv:
        why = f"Seulement si le service est à la liste des codes CPV : donner son code pour le savoir ({told(codes)})."
    return ReservationAnswer(
        Reservation.ESS,
        Reservation.ESS.label,
        True,
        why,
        (
            Point(
                "public_service_mission",
                f"L’entreprise a pour but une mission de service public liée à ces services ({told(conditions)}).",
            ),
            Point(
                "profits",
                "Ses bénéfices sont réinvestis pour son objet, ou distribués selon un principe participatif.",
            ),
            Point("duration", f"Le marché dure au plus {longest.text} ({told(longest)})."),
            Point(
                "previous",
                f"Pas de marché des mêmes services sous ce régime dans les {previous.text} qui précèdent "
                f"({told(previous)}).",
            ),
        ),
    )


def covered(cpv: str, codes: tuple[str, ...]) -> bool:
    """Is a code (eight digits) in the list, whose items are codes or ranges « first-last »? Exact, as the "
    "directive is."""
    for item in codes:
        first, _, last = item.partition("-")
        if first <= cpv <= (last or first):
            return True
    return False


RULE = Rule(
    "reserved_contract",
    "Marché réservé : pour qui, et pourquoi pas les autres",
    ReservedContractInput,
    reserved_contract,
)
