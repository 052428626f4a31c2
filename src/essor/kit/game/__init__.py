"""The serious game « Un mandat, dix décisions »: pure rules, situations in YAML, nothing kept of who plays."""
