"""Load a file whatever it is: the content says which official format."""

from datetime import date
from pathlib import Path

from essor.formats.problems import InputProblem
from essor.formats.readers import Kind as FileKind
from essor.formats.readers import sniff
from essor.territories.actions.cog import load_cog
from essor.territories.actions.outlines import load_outlines
from essor.territories.actions.qpv import load_qpv
from essor.territories.actions.report import LoadReport, Progress, silent


def load_file(
    path: Path,
    *,
    source: str = "",
    day: date | None = None,
    actor_id: int | None = None,
    on_progress: Progress = silent,
) -> LoadReport:
    """Load outlines or QPV (GeoJSON) or the COG (CSV), told apart by content. Raises InputProblem.

    `source` and `day` (of the data) are shown with the outlines; without a source the name of the file is.
    """
    kind = sniff(path)
    if kind is FileKind.TEXT:
        return load_cog(path, actor_id=actor_id, on_progress=on_progress)
    if kind is not FileKind.JSON:
        raise InputProblem(
            path.name,
            f"un fichier {kind.value} n’est pas attendu ici.",
            "Donnez des contours ou des quartiers prioritaires (GeoJSON), ou le code officiel géographique (CSV).",
        )
    from essor.formats.outlines import is_qpv, read_properties

    load = load_qpv if is_qpv(read_properties(path)) else load_outlines
    return load(path, source=source, day=day, actor_id=actor_id, on_progress=on_progress)
