"""Régions, départements, EPCI, EPT, communes and QPV, by vintage; where a point or an address lies."""
