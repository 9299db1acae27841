"""What a coordinator promises to places, from which day on, and why."""

from datetime import date
from typing import Annotated

import msgspec

from volunteers.assignments.rules import Compensation, Kind
from volunteers.coverage.rules import Every, Level
from volunteers.people.credentials.rules import CredentialKind

Reason = Annotated[str, msgspec.Meta(max_length=300, extra={"input": "textarea"}, examples=["每个村社都有法律顾问"])]


class RuleForm(msgspec.Struct):
    """A rule; ``days`` counts only where it is so many days, ``minutes`` 0 takes any visit."""

    place: Annotated[str, msgspec.Meta(pattern=r"^(\d{4}|\d{6}|\d{9}|\d{12})$", examples=["330127"])]
    level: Level
    credentials: Annotated[list[CredentialKind], msgspec.Meta(min_length=1)]
    every: Every
    reason: Reason
    days: Annotated[int, msgspec.Meta(ge=2, le=366, examples=[30])] | None = None
    kind: Kind | None = None
    minutes: Annotated[int, msgspec.Meta(ge=0, le=720, examples=[150])] = 0
    alert_days: Annotated[int, msgspec.Meta(ge=1, le=60, examples=[10])] = 10
    lead_days: Annotated[int, msgspec.Meta(ge=1, le=60, examples=[14])] = 14
    compensation: Compensation = Compensation.UNPAID
    insured: bool = False
    valid_from: date | None = None
    valid_until: date | None = None
    document: Annotated[str, msgspec.Meta(max_length=200, examples=["司发通〔2018〕5号"])] = ""


class EndForm(msgspec.Struct):
    """The last day of a rule, and why."""

    last_day: date
    reason: Reason
