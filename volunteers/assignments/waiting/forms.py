"""Where somebody is moved in line, and why."""

from typing import Annotated
from uuid import UUID

import msgspec


class MoveForm(msgspec.Struct):
    """A place counted from one, and the reason that everybody will read."""

    entry: UUID
    place: Annotated[int, msgspec.Meta(ge=1)]
    reason: Annotated[str, msgspec.Meta(max_length=200)]
