"""How exact an address found is: case by case, then whatever a service says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.address_columns import WrittenAddress
from essor.registry.rules_addresses import (
    NOT_FOUND,
    Answered,
    Level,
    Placed,
    Refused,
    by_register,
    of_commune_alone,
    place,
)

TOULOUSE = WrittenAddress("3 rue des Lilas", "31000", "Toulouse")
CORSE = WrittenAddress("1 cours Napoléon", "20000", "Ajaccio")


def said(kind: str = "housenumber", score: float | None = 0.9, **more: str) -> Answered:
    return Answered(1.44, 43.6, score, kind, **more)


@pytest.mark.parametrize(
    ("kind", "score", "error", "level"),
    [
        ("housenumber", 0.95, 50, Level.NUMBER),
        ("housenumber", 0.7, 50, Level.NUMBER),
        ("housenumber", 0.69, 1500, Level.NUMBER),
        ("housenumber", 0.5, 1500, Level.NUMBER),
        ("interpolation", 0.9, 150, Level.ESTIMATED),
        ("street", 0.9, 500, Level.WAY),
        ("street", 0.6, 1500, Level.WAY),
        ("locality", 0.9, 1500, Level.PLACE),
        ("municipality", 0.9, 3000, Level.COMMUNE),
        ("municipality", 0.55, 3000, Level.COMMUNE),
        ("poi", 0.9, 3000, Level.COMMUNE),  # a level that is not known is the least exact
        ("register", 0.9, 3000, Level.COMMUNE),  # ours, that no service may claim
    ],
)
def test_the_error_follows_the_level_and_the_score(kind: str, score: float, error: int, level: Level) -> None:
    found = place(TOULOUSE, said(kind, score))
    assert isinstance(found, Placed)
    assert (found.error, found.level) == (error, level)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            said(score=0.49),
            "l’adresse n’a pas été trouvée : ce qui lui ressemble le plus est trop différent (score 0,49).",
        ),
        (said(score=None), "l’adresse n’a pas été trouvée."),
        (said(score=float("nan")), "l’adresse n’a pas été trouvée."),
        (Answered(None, 43.6, 0.9, "street"), "l’adresse n’a pas été trouvée."),
        (Answered(43.6, 1.44, 0.9, "street"), "le service d’adresses a donné une position qui n’est pas en France."),
        (said(citycode="75056"), "l’adresse n’a été trouvée que dans un autre département."),
        (said(postcode="69001"), "l’adresse n’a été trouvée que dans un autre département."),
    ],
)  # fmt: skip
def test_what_is_not_the_address_is_refused(answer: Answered, reason: str) -> None:
    found = place(TOULOUSE, answer)
    assert isinstance(found, Refused)
    assert (found.reason, bool(found.remedy)) == (reason, True)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (CORSE, Answered(8.73, 41.92, 0.9, "street", citycode="2A004", postcode="20000")),
        (WrittenAddress("x", "97400", ""), Answered(55.45, -20.88, 0.9, "street", citycode="97411")),
        (WrittenAddress("x", "", "Toulouse"), said(citycode="31555")),
        (TOULOUSE, said(citycode="32013", postcode="31000")),  # a postal code that crosses the border
    ],
)
def test_the_same_departement_however_it_is_written(asked: WrittenAddress, answer: Answered) -> None:
    assert isinstance(place(asked, answer), Placed)


def test_a_commune_alone_is_never_sure_where_it_has_a_quartier() -> None:
    assert of_commune_alone("sure", has_quarters=True) == "uncertain"
    assert of_commune_alone("sure", has_quarters=False) == "sure"


def test_the_position_of_the_register_says_where_it_comes_from() -> None:
    assert by_register(1.4, 43.6, None, "31555", "Toulouse").error == 100
    assert by_register(1.4, 43.6, 0, "31555", "Toulouse").error == 50
    assert by_register(1.4, 43.6, 500, "31555", "Toulouse").error == 500


NUMBERS = st.one_of(st.none(), st.floats())


@given(lon=NUMBERS, lat=NUMBERS, score=NUMBERS, kind=st.text(max_size=14), citycode=st.text(max_size=5))
def test_whatever_a_service_says(
    lon: float | None, lat: float | None, score: float | None, kind: str, citycode: str
) -> None:
    found = place(TOULOUSE, Answered(lon, lat, score, kind, citycode=citycode))
    if isinstance(found, Placed):
        assert found.score is not None
        assert found.score >= NOT_FOUND
        assert 0 < found.error <= 3000
        assert found.words
    else:
        assert found.reason
        assert found.remedy


@given(
    kind=st.sampled_from([level.value for level in Level]),
    scores=st.tuples(st.floats(0.5, 1), st.floats(0.5, 1)).map(sorted),
)
def test_a_better_score_is_never_less_exact(kind: str, scores: list[float]) -> None:
    low, high = (place(TOULOUSE, said(kind, score)) for score in scores)
    assert isinstance(low, Placed)
    assert isinstance(high, Placed)
    assert high.error <= low.error
