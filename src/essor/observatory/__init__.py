"""The figures of the territory: portraits, ranks, maps, atlas, official tables and published figures."""
