"""The search of the register: a full-text index and columns beside it, derived from the database.

Words are looked for by Tantivy; filters, facets, order and distance are counted on numpy columns of the same folder
(ADR 0009). `writer` makes them, `reader` opens them, `select` answers; nothing here is the only copy of anything.
"""
