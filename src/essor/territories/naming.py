"""French names after « de ». The COG says for each name how it links: its TNCC."""

# TNCC: 0 consonant without article, 1 vowel without article, 2 Le, 3 La, 4 Les, 5 L', 6 Aux, 7 Las, 8 Los.
_ARTICLE = {2: "du ", 3: "de la ", 4: "des ", 5: "de l’"}


def of_name(name: str, liaison: int, kind: str) -> str:
    """`name` after « de »: « de la Haute-Garonne », « du Havre », « de La Rochelle », « d’Arles ».

    A commune's name holds its article, of which « Le », « Les » and « Aux » contract; other names do not hold it.
    `liaison` is INSEE's TNCC.
    """
    if liaison == 1:
        return f"d’{name}"
    if kind != "commune":
        return f"{_ARTICLE.get(liaison, 'de ')}{name}"
    if liaison == 2 and name.startswith("Le "):
        return f"du {name.removeprefix('Le ')}"
    if liaison == 4 and name.startswith("Les "):
        return f"des {name.removeprefix('Les ')}"
    if liaison == 6 and name.startswith("Aux "):
        return f"des {name.removeprefix('Aux ')}"
    return f"de {name}"
