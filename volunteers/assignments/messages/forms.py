"""What the station writes."""

from typing import Annotated

import msgspec

from volunteers.assignments.messages.rules import LONGEST


class MessageForm(msgspec.Struct):
    """The message, and whether those who wait hear it too."""

    body: Annotated[str, msgspec.Meta(max_length=LONGEST, extra={"input": "textarea"})]
    to_waiting: bool = False
