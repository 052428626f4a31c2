"""The completed file of a list of places, as CSV and as a workbook."""

from collections.abc import Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _

from essor.formats.xlsx import LONGEST
from essor.kernel.cells import csv_lines
from essor.registry.qpv_answers import CERTAINTIES, SITUATIONS, Answer, completed
from essor.registry.qpv_summary import UNANSWERED, Tally

NAME = "quartiers-prioritaires"


def as_csv(answers: Sequence[Answer]) -> bytes:
    """The completed file: its columns, then those of the answers."""
    return "".join(csv_lines(*completed(answers))).encode("utf-8", "replace")


def write_workbook(answers: Sequence[Answer], file: BinaryIO) -> None:
    """The same rows, then their figures by commune, in a workbook whose cells are all texts or numbers."""
    import xlsxwriter  # type: ignore[import-untyped]  # a third of a second: paid by those who ask for a workbook

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "constant_memory": True,
        "in_memory": False,
    }
    book = xlsxwriter.Workbook(file, options)
    bold = book.add_format({"bold": True})
    head, rows = completed(answers)
    sheet = book.add_worksheet(_("Lignes"))
    sheet.freeze_panes(1, 0)
    for rank, name in enumerate(head):
        sheet.write_string(0, rank, name[:LONGEST], bold)
    for number, row in enumerate(rows, 1):
        for rank, text in enumerate(row):
            if text:
                sheet.write_string(number, rank, text[:LONGEST])
    figures = book.add_worksheet(_("Synthèse"))
    for rank, name in enumerate((_("Liste"), _("Commune"), _("Situation"), _("Certitude"), _("Lignes"))):
        figures.write_string(0, rank, name, bold)
    for number, (generation, commune, relation, certainty, count) in enumerate(Tally.of(answers).rows(), 1):
        figures.write_number(number, 0, generation)
        figures.write_string(number, 1, commune[:LONGEST])
        figures.write_string(number, 2, _("sans réponse") if relation == UNANSWERED else SITUATIONS[relation])
        figures.write_string(number, 3, CERTAINTIES.get(certainty, ""))
        figures.write_number(number, 4, count)
    book.close()
