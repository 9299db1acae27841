"""What members, mentors and officers fill in about incubation."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import LongText
from marketplace.organizations.incubation.rules import IncubationEvent, Milestone


class ApplyForm(msgspec.Struct):
    """What the organization wants to learn."""

    aim_zh: LongText


class MilestoneForm(msgspec.Struct):
    """A milestone and its evidence."""

    milestone: Milestone
    evidence_zh: Annotated[str, msgspec.Meta(max_length=500)]


class ConfirmForm(msgspec.Struct):
    """The milestones that a second person has looked at."""

    milestones: list[Milestone] = []


class DecideForm(msgspec.Struct):
    """An officer's decision; the mentor is named when an organization is taken in."""

    event: IncubationEvent
    reason: LongText
    mentor_phone: Annotated[str, msgspec.Meta(max_length=20)] = ""


class MeetingForm(msgspec.Struct):
    """One meeting of mentor and organization."""

    held_on: date
    minutes: int
    topic_zh: LongText
    next_zh: LongText


class LeaveForm(msgspec.Struct):
    """Why an organization leaves."""

    reason: LongText
