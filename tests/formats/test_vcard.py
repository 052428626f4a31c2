"""Contact cards: escaped, folded, and read back by the rules of the RFC."""

import re

from hypothesis import given
from hypothesis import strategies as st

from essor.formats import vcard


def unfold(card: str) -> list[str]:
    return card.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_any_name_stays_on_its_line_and_is_read_back(name: str) -> None:
    card = vcard.write(vcard.Card(name, "https://essor.example/registre/1/"))
    assert all(len(line.encode()) <= vcard.MAX_LINE for line in card.split("\r\n"))
    lines = unfold(card)
    assert [line.partition(":")[0] for line in lines] == [
        "BEGIN", "VERSION", "FN", "N", "ORG", "URL", "SOURCE", "END",
    ]  # fmt: skip
    plain = name.replace("\r\n", "\n").replace("\r", "\n")
    assert unescape(lines[2].partition(":")[2]) == "".join(s for s in plain if s == "\n" or s.isprintable())


def test_a_whole_card() -> None:
    card = vcard.Card(
        "Ateliers ; bois, métal", "https://essor.example/registre/7/", "2026-08-01", "3 RUE DES LILAS", "31190",
        "Auterive", 43.35, 1.47, "https://ateliers.example", "SIREN 123456782",
    )  # fmt: skip
    assert unfold(vcard.write(card)) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        r"FN:Ateliers \; bois\, métal",
        "N:;;;;",
        r"ORG:Ateliers \; bois\, métal",
        "ADR;TYPE=WORK:;;3 RUE DES LILAS;Auterive;;31190;France",
        "GEO:43.350000;1.470000",
        "URL:https://ateliers.example",
        "URL:https://essor.example/registre/7/",
        "NOTE:SIREN 123456782",
        "SOURCE:https://essor.example/registre/7/",
        "REV:2026-08-01",
        "END:VCARD",
    ]
