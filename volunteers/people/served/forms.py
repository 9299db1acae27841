"""What a person types to name a place."""

from typing import Annotated

import msgspec


class PlaceForm(msgspec.Struct):
    """``place`` is what was typed, ``code`` the place chosen where several fit."""

    place: Annotated[str, msgspec.Meta(max_length=60)] = ""
    code: Annotated[str, msgspec.Meta(max_length=12, pattern=r"^\d*$")] = ""
