"""Putting an edition in force: staged outside the live tables, then one transaction of set-based statements.

`rows` turns the edition's files into rows, `staging` holds them in an attached file (SQLite) or a schema (PostgreSQL),
`prepare` compares them with the live tables and gives identities to new organisations, `force` makes the switch.
"""
