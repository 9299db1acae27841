"""What an official division code tells."""

from enum import StrEnum


class Level(StrEnum):
    """The four levels of a city's administration."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"


LEVEL_BY_LENGTH = {4: Level.CITY, 6: Level.DISTRICT, 9: Level.TOWN, 12: Level.VILLAGE}


def level_of(code: str) -> Level:
    """Return the level that a code's length means."""
    return LEVEL_BY_LENGTH[len(code)]


def codes_above(code: str) -> list[str]:
    """Return the codes from the city down to the place itself: a parent's code begins its children's."""
    return [code[:length] for length in LEVEL_BY_LENGTH if length <= len(code)]
