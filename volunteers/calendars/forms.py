"""Which station's calendar somebody asks for."""

import msgspec


class StationFeedForm(msgspec.Struct):
    """A station, by the number that the list of choices carries."""

    station: int
