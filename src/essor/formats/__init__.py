"""Official data formats, one file per format. Pure Python and DuckDB: knows no other room."""
