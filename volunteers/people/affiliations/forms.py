"""What is typed about belonging."""

from typing import Annotated
from uuid import UUID

import msgspec


class AskForm(msgspec.Struct):
    """Which organization, and a word to it."""

    organization: UUID
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class AnswerForm(msgspec.Struct):
    """Why somebody is refused or let go."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
