"""The register's periodic work: declared here so that the kernel reads it."""

from essor.registry import digest
from essor.registry.exports import workbook

__all__ = ["digest", "workbook"]
