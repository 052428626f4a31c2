"""Official tables as tests write them."""

from pathlib import Path

HEAD = "territoire;année;famille;activité;établissements;effectifs"
FLORES = f"""{HEAD}
departement:31;2020;Associations;Ensemble;4000;40000
departement:31;2020;Coopératives;Ensemble;500;9000
departement:31;2020;Ensemble ESS;Ensemble;4600;50000
departement:31;2020;Privé hors économie sociale;Ensemble;30000;450000
departement:31;2020;Associations;Action sociale;900;s
france;2020;Ensemble ESS;Ensemble;222000;2400000
"""
REVISED = f"""{HEAD}
departement:31;2020;Ensemble ESS;Ensemble;4610;50500
departement:31;2021;Ensemble ESS;Ensemble;4700;51000
departement:31;2020;Coopératives;Ensemble;s;s
"""
QUARTERS = "code_qp,nom_qp,tp60,inconnue\nQP031001,A,40.2,3\nQP031002,B,,4\n"


def written(folder: Path, text: str, name: str = "flores.csv") -> Path:
    """The table in a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
