"""The guides made executable: fiches, levers, recipes, support ecosystem, self-diagnosis, course."""
