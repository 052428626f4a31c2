"""What the shipped parameters are worth: faults that make them wrong, remarks for who keeps them up to date."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from essor.law import parameters as law
from essor.law.parameters.model import Node, Parameter
from essor.law.wording import french_date


@dataclass(frozen=True, slots=True)
class Audit:
    """Faults to correct, remarks to look at, and how many parameters and values were read."""

    parameters: int
    values: int
    to_verify: int
    faults: tuple[str, ...]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"ok": not self.faults, **asdict(self)}


def audit(on: date, root: Node | None = None) -> Audit:
    """Check a tree (the shipped one by default) as seen on a day.

    What cannot be read at all (no reference, unknown unit, two values on one date: values can therefore never overlap)
    raises ``LegalParameterError`` when the tree is loaded. Faults are what ``parameters.check`` tells. Remarks: an
    uncertain value without a note that says what to verify, a value that has ended and that nothing follows.
    """
    parameters = list((root or law.tree()).parameters())
    values = [value for item in parameters for value in item.history()]
    return Audit(
        parameters=len(parameters),
        values=len(values),
        to_verify=sum(not value.certainty.is_sure for value in values),
        faults=tuple(law.problems(parameters)),
        warnings=tuple(warning for item in parameters for warning in _warnings(item, on)),
    )


def _warnings(item: Parameter, on: date) -> Iterator[str]:
    for value in item.history():
        if not value.certainty.is_sure and not value.note:
            yield (
                f"{item.id} : la valeur du {french_date(value.valid_from)} est à vérifier, mais aucune note ne dit quoi"
            )
    last = item.entries[-1]
    if last.value is None and last.start <= on and not last.note:
        yield f"{item.id} : terminée le {french_date(last.start)}, sans suite ni note qui dise pourquoi"
