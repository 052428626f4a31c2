"""Imports of partner directories: read, map the columns, match with the register, have a person confirm, apply."""
