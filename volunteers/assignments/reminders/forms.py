"""The moments that somebody wants to be reminded at."""

import msgspec


class MomentsForm(msgspec.Struct):
    """Ticked moments, in minutes before a shift."""

    moments: list[int] = []
