"""Invented SIREN, SIRET and RNA numbers: right keys, in ranges that no real organisation bears.

- SIREN beginning with **46**: INSEE numbered companies in 45… then 47…; no 46… was seen among 13 000 real
  numbers of public files, where each of its neighbours counts hundreds.
- RNA beginning with **W319**: the real ones of the Haute-Garonne bear W311, W312 and W313 (three arrondissements).
"""

import numpy as np
from numpy.typing import NDArray

from essor.demo.draws import Ints, Objects

SIREN_PREFIX = "46"
RNA_PREFIX = "W319"
CAPACITY = 1_000_000
# Prime with the capacity: serial numbers are spread over the range, each used once.
_SPREAD = 387_420_489


def _spread(serial: Ints) -> Ints:
    if serial.size and int(serial.max()) >= CAPACITY:
        raise ValueError(f"La plage de numéros inventés n’en compte que {CAPACITY}.")
    return (serial * _SPREAD + 104_729) % CAPACITY


def _luhn(numbers: Ints, digits: int) -> Ints:
    """Luhn's sum of the numbers, followed by a key yet to come."""
    total = np.zeros(numbers.shape, dtype=np.int64)
    rest = numbers.copy()
    for rank in range(digits):
        digit = rest % 10
        if rank % 2 == 0:
            digit = digit * 2
            digit -= 9 * (digit > 9)
        total += digit
        rest //= 10
    return total


def sirens(serial: Ints) -> Ints:
    """The SIREN of each serial number, as nine-digit integers."""
    stem = int(SIREN_PREFIX) * CAPACITY + _spread(serial)
    return stem * 10 + (-_luhn(stem, 8)) % 10


def nics(siren: Ints, rank: Ints) -> Ints:
    """The NIC (rank and key) of the `rank`-th establishment of each SIREN: five digits."""
    stem = siren * 10_000 + rank
    return rank * 10 + (-_luhn(stem, 13)) % 10


def padded(numbers: NDArray[np.int64], width: int) -> Objects:
    """The numbers as text, with leading zeros."""
    return np.char.zfill(numbers.astype(str), width).astype(object)


def rnas(serial: Ints) -> Objects:
    """The RNA number of each serial number."""
    return np.array([f"{RNA_PREFIX}{number:06d}" for number in _spread(serial).tolist()], dtype=object)
