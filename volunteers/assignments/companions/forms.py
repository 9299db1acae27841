"""How many come."""

from typing import Annotated

import msgspec

from volunteers.assignments.companions.rules import LARGEST, SMALLEST

Size = Annotated[int, msgspec.Meta(ge=SMALLEST, le=LARGEST, examples=[3])]


class GatherForm(msgspec.Struct):
    """How many come, oneself among them."""

    size: Size
