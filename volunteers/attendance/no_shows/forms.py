"""What somebody says for themselves, and what the station answers."""

from typing import Annotated

import msgspec

from volunteers.attendance.no_shows.rules import LONGEST, Verdict

Text = Annotated[str, msgspec.Meta(max_length=LONGEST, extra={"input": "textarea"})]


class ExcuseForm(msgspec.Struct):
    """Why one did not come."""

    reason: Text


class AnswerForm(msgspec.Struct):
    """Whether that counts, and why."""

    verdict: Verdict
    answer: Text
