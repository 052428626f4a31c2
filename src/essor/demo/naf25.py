"""Activities in the NAF 2025, only where the class kept its number and has one sub-class (NAF rév. 2 « Z » → « Y »).

SIRENE gives both codes since December 2025; the others stay empty here rather than guessed.
"""

import numpy as np

from essor.demo.draws import Objects

SAME_CLASS = frozenset({
    "01.11", "01.13", "01.50", "01.61", "01.63", "43.34", "49.32", "55.20", "55.30", "64.19", "70.22", "71.11",
    "81.10", "81.21", "81.30", "85.20", "85.51", "85.52", "93.11", "93.12", "93.19", "94.11", "94.12",
    "94.20", "94.91", "94.92", "94.99",
})  # fmt: skip


def naf25(naf: Objects) -> Objects:
    """The NAF 2025 code of each NAF rév. 2 code, None where it is not certain."""
    return np.array(
        [f"{code[:5]}Y" if code[:5] in SAME_CLASS and code[5] == "Z" else None for code in naf], dtype=object
    )
