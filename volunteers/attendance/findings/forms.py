"""What the coordinator decides, and which findings they want to see."""

from typing import Annotated

import msgspec

from volunteers.attendance.findings.rules import LONGEST, FindingEvent

Reason = Annotated[str, msgspec.Meta(max_length=LONGEST, extra={"input": "textarea"})]


class DecisionForm(msgspec.Struct):
    """Whether there is something to it, and why."""

    event: FindingEvent
    reason: Reason
