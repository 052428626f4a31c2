"""Which goals the sectors of the register most often serve: a landmark of Essor, not a measure. Pure.

An organisation may serve others, or harm one: only its own account would tell.
"""

SECTORS: dict[str, tuple[int, ...]] = {
    "social_action": (1, 3, 10),
    "home_care": (3, 10),
    "childcare": (4, 5),
    "insertion": (8, 10),
    "health": (3,),
    "education": (4,),
    "leisure": (4, 10),
    "sport": (3, 10),
    "culture": (4, 11),
    "civil_society": (16, 17),
    "environment": (12, 13, 15),
    "energy": (7, 13),
    "food": (2, 12, 15),
    "housing": (1, 11),
    "tourism": (8, 12),
    "mobility": (9, 11, 13),
    "finance": (8, 9),
    "digital": (9,),
    "research": (9,),
    "business_services": (8,),
    "personal_services": (8, 12),
    "retail": (8, 12),
    "construction": (9, 11),
    "industry": (9, 12),
    "administration": (16, 17),
}


def sectors_of(goal: int) -> tuple[str, ...]:
    """Sectors of the register that most often serve a goal."""
    return tuple(sector for sector, goals in SECTORS.items() if goal in goals)
