"""Which version of Essor this is."""

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version


@cache
def version() -> str:
    """Version of the installed package, « 0.1.0 »."""
    try:
        return installed_version("essor")
    except PackageNotFoundError:
        return "0"
