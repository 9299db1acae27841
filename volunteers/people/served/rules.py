"""Which places one may name, and how many."""

from app.core.errors import DomainError
from app.core.text import N_

MOST_PLACES = 12
LEVELS = ("district", "town", "village")


class EnoughPlaces(DomainError):
    """Whoever serves everywhere names the distance instead."""

    code, status = "enough_places", 409
    message = N_("最多填 12 个地方。想去更多地方，请填上一级的区县，或把愿意走的距离改大。")


class NoSuchPlace(DomainError):
    """No district, town or village has this name or code."""

    code, status, message = "no_such_place", 422, N_("没有找到这个地方。试试少写几个字，例如“文晖”。")


def serves(codes: tuple[str, ...], place_code: str) -> bool:
    """Tell whether a place is one of those named, or lies below one; codes begin with their parent's."""
    return any(place_code.startswith(code) for code in codes)
