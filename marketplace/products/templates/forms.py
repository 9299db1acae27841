"""What a provider chooses."""

from typing import Annotated
from uuid import UUID

import msgspec


class CopyForm(msgspec.Struct):
    """A template, and the organization that will offer the service."""

    organization: UUID
    template: Annotated[str, msgspec.Meta(max_length=60)]
