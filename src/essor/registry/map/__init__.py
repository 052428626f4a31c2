"""The map of the register: positions held in memory, vector tiles of exactly the set that the list shows."""
