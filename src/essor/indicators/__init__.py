"""Indicators: figures with a definition, a source, a period and a territory, each explained down to what makes it."""
