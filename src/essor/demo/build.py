"""All the files of the demonstration, in the official forms: what an administrator would download."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from essor.demo import companions
from essor.demo.evolution import SEED, Economy, economy, editions, of_the_register
from essor.demo.faults import Fault, Faults
from essor.demo.places import Atlas, read_atlas
from essor.demo.quarters import GENERATIONS, quarters, write_quarters
from essor.demo.sheets import write_csv
from essor.demo.stocks import establishments, geolocation, legal_units
from essor.kernel.french import day

Progress = Callable[[str, int, int | None], None]
STEPS = 5


@dataclass(frozen=True)
class Generated:
    """The files by the option of `essor registry build` that takes them, and the bad rows that they announce."""

    files: dict[str, list[Path]]
    faults: list[Fault]
    day: date


def generate(
    folder: Path,
    progress: Progress | None = None,
    *,
    scale: float = 1.0,
    seed: int = SEED,
    variant: int = 1,
    extract: bool = False,
) -> Generated:
    """Write the files of an edition of the demonstration in `folder` (made when it is missing).

    `scale` 1.0 is the real size (some 200 000 legal units); `variant` 2 is the same territory three months later;
    `extract` leaves out the units that no register of the ESS would hold.
    The same arguments give the same bytes. Raises OSError when the folder cannot be written.
    """
    atlas = read_atlas()
    now = economy(atlas, scale, seed, variant)
    return _write(folder, of_the_register(now) if extract else now, atlas, seed, progress)


def generate_both(
    earlier: Path, folder: Path, progress: Progress | None = None, *, scale: float = 1.0, seed: int = SEED
) -> tuple[Generated, Generated]:
    """Both editions: the first one, as an extract, in `earlier`, then the second one in `folder`; see `generate`."""
    atlas = read_atlas()
    before, now = editions(atlas, scale, seed)
    return (
        _write(earlier, of_the_register(before), atlas, seed, progress),
        _write(folder, now, atlas, seed, progress),
    )


def _write(folder: Path, now: Economy, atlas: Atlas, seed: int, progress: Progress | None) -> Generated:
    show = progress or (lambda _step, _done, _total: None)
    folder.mkdir(parents=True, exist_ok=True)
    label = f"Fichiers au {day(now.day)}"
    show(label, 0, STEPS)
    writer = _Writer(folder, now, atlas, seed)
    for done, write in enumerate(
        (writer.legal_units, writer.establishments, writer.geolocation, writer.lists, writer.quarters), 1
    ):
        write()
        show(label, done, STEPS)
    return Generated(writer.files, writer.faults.announced, now.day)


class _Writer:
    """Writes the files of one edition; the stock of establishments is kept, as the lists take their SIRET there."""

    def __init__(self, folder: Path, now: Economy, atlas: Atlas, seed: int) -> None:
        self.files: dict[str, list[Path]] = {}
        self.faults = Faults(now)
        self._folder, self._now, self._atlas = folder, now, atlas
        self._stock = establishments(now.units, now.places, now.locations, atlas, now.day)
        self._quarters = quarters(atlas, seed)

    def _path(self, option: str, name: str) -> Path:
        path = self._folder / name
        self.files.setdefault(option, []).append(path)
        return path

    def legal_units(self) -> None:
        path = self._path("legal_units", "StockUniteLegale_utf8.parquet")
        sheet = legal_units(self._now.units, self._now.places, self._now.day)
        self.faults.spoil_legal_units(sheet, path.name)
        sheet.write_parquet(path)

    def geolocation(self) -> None:
        path = self._path("geolocation", "GeolocalisationEtablissement_Sirene.parquet")
        codes = self._atlas.codes[self._now.places.commune]
        sheet = geolocation(self._stock, self._now.locations, codes, self._quarters)
        self.faults.spoil_geolocation(sheet, self._stock, path.name)
        sheet.write_parquet(path)

    def establishments(self) -> None:
        path = self._path("establishments", "StockEtablissement_utf8.parquet")
        every = self._stock.take(slice(None))
        self.faults.spoil_establishments(every, path.name)
        every.write_parquet(path)

    def lists(self) -> None:
        now, stock, atlas, faults = self._now, self._stock, self._atlas, self.faults
        path = self._path("ess_list", "liste-ess-france.csv")
        write_csv(
            path, companions.ESS_LIST_HEADER, faults.spoil_ess_list(companions.ess_list(now), path.name)
        )
        path = self._path("siae", "structures-insertion.csv")
        rows = faults.spoil_insertion(companions.insertion(now, stock, atlas), path.name)
        write_csv(path, companions.SIAE_HEADER, rows)
        path = self._path("esus", "liste-esus.csv")
        write_csv(path, companions.ESUS_HEADER, faults.spoil_esus(companions.esus(now), path.name), ";")
        path = self._path("own_list", "liste-du-departement.csv")
        rows = faults.spoil_own_list(companions.own_list(now, stock), path.name)
        write_csv(path, companions.OWN_LIST_HEADER, rows, ";")
        path = self._path("rna", "rna_waldec_31.csv")
        write_csv(path, companions.RNA_HEADER, companions.rna(now, stock, atlas), ";")

    def quarters(self) -> None:
        for generation in GENERATIONS:
            write_quarters(self._path("qpv", f"qpv-{generation}.geojson"), generation, self._quarters)
