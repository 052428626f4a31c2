"""The register's periodic work: declared here so that the kernel reads it."""

from essor.registry import digest

__all__ = ["digest"]
