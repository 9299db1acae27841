"""Who is signed up, and whether it is all or none."""

from uuid import UUID

import msgspec


class GroupForm(msgspec.Struct):
    """The members that were ticked."""

    members: list[UUID] = []
    all_or_none: bool = False
