"""A point of the world on the city's plane, as far as it makes sense."""

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from marketplace.places.points import plane

FARTHEST_M = 30_000
"""How far from the nearest village somebody may stand and still be shown what is near."""

OUTSIDE = N_("你所在的位置不在杭州。请填一个地方的名字。")


def on_the_plane(latitude: float, longitude: float) -> tuple[int, int]:
    """Return the metres east and north of a position that a browser tells; refuse what is no place on earth."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InvalidInput({"place": Message(OUTSIDE)})
    return plane((longitude, latitude))
