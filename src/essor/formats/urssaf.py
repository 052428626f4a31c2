"""Exports of open.urssaf.fr: employer establishments, employees and payroll of the private sector by family of the ESS.

Source: open.urssaf.fr, « Nombre d’établissements employeurs, effectifs salariés et masse salariale du secteur privé,
… x familles ESS » (yearly, since 1998) and its methodology: private sector, general scheme, without agriculture nor
Mayotte; establishments and employees are yearly means; pay is the uncapped base of contributions. Headings are
recognised by words: **to be checked on a real export**.
"""

from __future__ import annotations

from pathlib import Path

from essor.formats.official_tables import OfficialTable, Reading, read_table
from essor.formats.problems import Reject

WHAT = "un export de open.urssaf.fr par famille de l’ESS"
MODEL = (
    "Année", "Code département", "Familles ESS", "Secteur NA88", "Nombre d'établissements", "Effectifs salariés moyens",
    "Masse salariale",
)  # fmt: skip
SAMPLE = (
    ("2022", "31", "Associations", "88 Action sociale sans hébergement", "640", "11250", "265000000"),
    ("2022", "31", "Hors ESS", "88 Action sociale sans hébergement", "310", "4800", "120000000"),
)


def read_urssaf(path: Path, reject: Reject) -> OfficialTable:
    """The figures of an export, yearly or quarterly, CSV or .xlsx. Raises InputProblem."""
    return read_table(path, Reading(WHAT, place_needed=False), reject)
