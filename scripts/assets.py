"""Make what Essor serves or embeds from the npm packages: htmx, fonts, icons; a second run does nothing.

Needs `npm ci` and fontTools with brotli (development dependencies). At run time nothing reads node_modules.
"""

import argparse
import hashlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MODULES = PROJECT / "node_modules"
KERNEL = PROJECT / "src" / "essor" / "kernel"
VENDOR = KERNEL / "static" / "vendor"
FONTS = KERNEL / "fonts"
STAMP = VENDOR / ".stamp"

ATKINSON = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next"
BRICOLAGE = "@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque"
# From the package to the served name. Bricolage keeps its optical size: large titles get their character from it.
COPIED = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre/maplibre-gl.css",
    f"{ATKINSON}-latin-wght-normal.woff2": "fonts/atkinson-latin.woff2",
    f"{ATKINSON}-latin-ext-wght-normal.woff2": "fonts/atkinson-latin-ext.woff2",
    f"{ATKINSON}-latin-wght-italic.woff2": "fonts/atkinson-italic-latin.woff2",
    f"{BRICOLAGE}-latin-opsz-normal.woff2": "fonts/bricolage-latin.woff2",
    f"{BRICOLAGE}-latin-ext-opsz-normal.woff2": "fonts/bricolage-latin-ext.woff2",
}
LICENCES = {
    "htmx.org/LICENSE": "licences/htmx.txt",
    "maplibre-gl/LICENSE.txt": "licences/maplibre-gl.txt",
    "lucide-static/LICENSE": "licences/lucide.txt",
    "@fontsource-variable/atkinson-hyperlegible-next/LICENSE": "licences/atkinson-hyperlegible-next.txt",
    "@fontsource-variable/bricolage-grotesque/LICENSE": "licences/bricolage-grotesque.txt",
}
# Typst reads no WOFF2: static faces become TrueType, Latin and extended Latin in one file.
TYPST_FACES = {
    "atkinson-hyperlegible-next": ("400-normal", "400-italic", "700-normal", "700-italic"),
    "bricolage-grotesque": ("600-normal", "700-normal"),
}


class AssetsError(Exception):
    """What is missing, and what to do."""


def source(name: str) -> Path:
    """A file of a package; AssetsError when the packages are not installed."""
    path = MODULES / name
    if not path.is_file():
        raise AssetsError(f"missing {path.relative_to(PROJECT)}: run `npm ci --ignore-scripts` first")
    return path


def icon_names() -> list[str]:
    """The icons of the house, from the list that the template tag checks too."""
    lines = (KERNEL / "icons.txt").read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def sprite(names: list[str]) -> str:
    """One SVG with a symbol per icon, drawn with the colour of the text around it."""
    symbols = []
    for name in names:
        drawing = source(f"lucide-static/icons/{name}.svg").read_text(encoding="utf-8")
        inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        if not inside:
            raise AssetsError(f"lucide-static/icons/{name}.svg is not the expected SVG")
        shapes = " ".join(inside.group(1).split())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def face_sources(family: str, face: str) -> list[Path]:
    """The two WOFF2 files that make one TrueType face."""
    files = f"@fontsource/{family}/files/{family}"
    return [source(f"{files}-{part}-{face}.woff2") for part in ("latin", "latin-ext")]


def make_face(family: str, face: str, target: Path) -> None:
    """Convert and join the files of one face to TrueType."""
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for number, path in enumerate(face_sources(family, face)):
            font = TTFont(path)
            font.flavor = None
            part = Path(folder) / f"{number}.ttf"
            font.save(part)
            parts.append(str(part))
        Merger().merge(parts).save(target)


def fingerprint() -> str:
    """What the assets depend on: this script, the list of icons, the lock file."""
    digest = hashlib.sha256()
    for path in (Path(__file__), KERNEL / "icons.txt", PROJECT / "package-lock.json"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def expected() -> list[Path]:
    """Every file that the script makes."""
    served = [VENDOR / name for name in (*COPIED.values(), *LICENCES.values(), "icons.svg")]
    return served + [
        FONTS / f"{family}-{face}.ttf" for family, faces in TYPST_FACES.items() for face in faces
    ]


def up_to_date() -> bool:
    """Whether nothing changed since the last run."""
    return (
        STAMP.is_file()
        and STAMP.read_text(encoding="utf-8") == fingerprint()
        and all(path.is_file() for path in expected())
    )


def build() -> None:
    """Make all assets."""
    for name, served in (COPIED | LICENCES).items():
        target = VENDOR / served
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source(name), target)
    (VENDOR / "icons.svg").write_text(sprite(icon_names()), encoding="utf-8")
    FONTS.mkdir(parents=True, exist_ok=True)
    for family, faces in TYPST_FACES.items():
        for face in faces:
            make_face(family, face, FONTS / f"{family}-{face}.ttf")
    STAMP.write_text(fingerprint(), encoding="utf-8")


def main() -> int:
    """Command line: 0 when the assets are there, 1 when a package is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--force", action="store_true", help="make them again even when nothing changed")
    arguments = parser.parse_args()
    if up_to_date() and not arguments.force:
        print("assets: nothing to do")
        return 0
    try:
        build()
    except AssetsError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    print(f"assets: {len(expected())} files made")
    return 0


if __name__ == "__main__":
    sys.exit(main())
