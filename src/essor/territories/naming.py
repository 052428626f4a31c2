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


_THE = {2: "le ", 3: "la ", 4: "les ", 5: "l’"}
_BARE = ("Mayotte",)


def the_name(name: str, liaison: int, kind: str) -> str:
    """`name` with its article: « la Haute-Garonne », « l’Occitanie », « la CC du Frontonnais », « Toulouse ».

    The COG gives no article to régions whose name has none after « de » (« de Bretagne », « d’Occitanie »): as a
    subject they take one.
    """
    if kind in ("commune", "ept") or name in _BARE or name.startswith(("La ", "Le ", "Les ")):
        return name
    if kind in ("region", "departement") and liaison == 1:
        return f"l’{name}"
    if kind == "region" and liaison == 0:
        return f"la {name}"
    return f"{_THE.get(liaison, '')}{name}"


def is_plural(liaison: int, kind: str) -> bool:
    """True when the verb is in the plural: « les Landes comptent », but « Les Ulis compte » (a commune)."""
    return liaison == 4 and kind not in ("commune", "ept")
