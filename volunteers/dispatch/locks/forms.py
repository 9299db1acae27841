"""What is locked, and why."""

from typing import Annotated
from uuid import UUID

import msgspec


class LockForm(msgspec.Struct):
    """A person or a shift of a plan: exactly one of them."""

    reason: Annotated[str, msgspec.Meta(max_length=200, examples=["周二一直是她"])] = ""
    person: UUID | None = None
    shift: Annotated[str, msgspec.Meta(max_length=20, examples=["RW-2026-000123"])] = ""
