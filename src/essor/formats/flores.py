"""INSEE's tables « L’économie sociale » (Flores): establishments, employees, full-time equivalents, gross pay.

Source: insee.fr, « L’économie sociale », statistiques 7636531 (2018-2020, by région, family and sector), whose method
page gives the five families and says that commercial companies of the ESS are not counted. The published workbooks
were not at hand when this was written: headings are recognised by words (`official_columns`), **to be checked on a
real file**.
"""

from __future__ import annotations

from pathlib import Path

from essor.formats.official_tables import OfficialTable, Reading, read_table
from essor.formats.problems import Reject

WHAT = "un tableau « L’économie sociale » de l’Insee (Flores)"
MODEL = (
    "territoire",
    "année",
    "famille",
    "activité",
    "établissements",
    "effectifs salariés",
    "ETP",
    "rémunérations brutes (€)",
)
SAMPLE = (
    ("region:76", "2020", "Associations", "Action sociale", "1200", "24500", "19800", "612000000"),
    ("region:76", "2020", "Ensemble ESS", "Ensemble", "18000", "215000", "176000", "5900000000"),
    ("region:76", "2020", "Privé hors économie sociale", "Ensemble", "160000", "1290000", "1160000", "s"),
)


def read_flores(path: Path, reject: Reject) -> OfficialTable:
    """The figures of a table of INSEE, long or wide, CSV, .xlsx or .ods. Raises InputProblem."""
    return read_table(path, Reading(WHAT), reject)
