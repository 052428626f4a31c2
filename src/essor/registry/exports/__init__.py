"""Exports of exactly the set that the list shows: CSV, XLSX, ODS, GeoJSON."""
