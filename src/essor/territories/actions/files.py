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
from essor.territories.actions.zonings import is_zoning, load_zoning


def load_file(
    path: Path,
    *,
    source: str = "",
    day: date | None = None,
    actor_id: int | None = None,
    on_progress: Progress = silent,
) -> LoadReport:
    """Load outlines or QPV (GeoJSON), a zoning (CSV, .xlsx, JSON) or the COG (CSV), told apart by content.

    Raises InputProblem.

    `source` and `day` (of the data) are shown with the outlines; without a source the name of the file is.
    """
    kind = sniff(path)
    if kind is FileKind.XLSX or _holds_zoning(path, kind):
        return load_zoning(path, source=source, day=day, actor_id=actor_id, on_progress=on_progress)
    if kind is FileKind.TEXT:
        return load_cog(path, actor_id=actor_id, on_progress=on_progress)
    if kind is not FileKind.JSON:
        raise InputProblem(
            path.name,
            f"un fichier {kind.value} n’est pas attendu ici.",
            "Donnez des contours ou des quartiers prioritaires (GeoJSON), le code officiel géographique (CSV), "
            "ou un zonage des communes (CSV, .xlsx, JSON).",
        )
    from essor.formats.outlines import is_qpv, read_properties

    load = load_qpv if is_qpv(read_properties(path)) else load_outlines
    return load(path, source=source, day=day, actor_id=actor_id, on_progress=on_progress)


def _holds_zoning(path: Path, kind: FileKind) -> bool:
    """True for a CSV or a JSON list of the class of each commune; the first bytes settle most cases."""
    if kind is FileKind.JSON:
        with path.open("rb") as stream:
            head = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
        return head.startswith(b"[") and b"zrr" in head.lower() and is_zoning(path)
    if kind is not FileKind.TEXT:
        return False
    with path.open("rb") as stream:
        head = stream.read(1 << 14).lower()
    return any(word in head for word in (b"dens", b"zrr", b"frr")) and is_zoning(path)
