"""Correcting the texts of the kit on screen: versions, differences, what authorities add."""
