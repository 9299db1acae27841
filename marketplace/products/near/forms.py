"""Where somebody stands, as a browser tells it."""

import msgspec


class Position(msgspec.Struct):
    """A position, rounded by the browser to about a hundred metres."""

    latitude: float = 200
    longitude: float = 200
