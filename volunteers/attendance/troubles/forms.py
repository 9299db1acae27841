"""What the person reports, what the coordinator answers."""

from typing import Annotated

import msgspec

from volunteers.attendance.troubles.rules import LONGEST, TroubleKind


class TroubleForm(msgspec.Struct):
    """What is wrong, and what else there is to say."""

    kind: TroubleKind
    words: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""


class AnswerForm(msgspec.Struct):
    """What was done about it."""

    answer: Annotated[str, msgspec.Meta(max_length=LONGEST)]
