"""What people type about orders, acceptances and quotas."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from procurement.deliveries.answering.rules import Refusal
from procurement.deliveries.ordering.rules import ALL_HOURS, Hours, Part
from procurement.deliveries.ratings.rules import LONGEST_WORDS
from procurement.deliveries.rules import Finding, LineFinding

Reason = Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})]
Code = Annotated[str, msgspec.Meta(max_length=12)]


class OrderForm(msgspec.Struct):
    """One unit on a day of the calendar in a part of it, or at an exact time; or a place in the queue for it."""

    place_code: Code
    part: Part
    day: Annotated[str, msgspec.Meta(max_length=10)] = ""
    other_start: datetime | None = None
    note_zh: Annotated[str, msgspec.Meta(max_length=300, extra={"input": "textarea"})] = ""
    wait: bool = False


class HoursForm(msgspec.Struct):
    """The ticked parts of weekdays, each as ``0-morning``."""

    place_code: Code
    hours: list[str] = []

    def parts(self) -> Hours:
        """Return what was ticked and can be read."""
        every = {f"{weekday}-{part.value}": (weekday, part) for weekday, part in ALL_HOURS}
        return frozenset(every[one] for one in self.hours if one in every)


class AnswerForm(msgspec.Struct):
    """The orders that a provider ticked, and the word on them."""

    orders: list[str] = []
    take: bool = False
    refusal: Refusal | None = None
    reason: Reason = ""


class ReasonForm(msgspec.Struct):
    """Why an order is taken back."""

    reason: Reason = ""


class ChangeForm(msgspec.Struct):
    """Another time, and a word on why."""

    wished_start: datetime | None = None
    note_zh: Annotated[str, msgspec.Meta(max_length=200)] = ""


class RatingForm(msgspec.Struct):
    """One tap, and a few words if one likes."""

    rating: int
    words_zh: Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS)] = ""


class FindingForm(msgspec.Struct):
    """What an acceptor found."""

    people_reached: int
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)]
    opinion: Annotated[str, msgspec.Meta(max_length=1000, extra={"input": "textarea"})] = ""
    unmet: list[int] = []  # the numbers of the lines that were ticked
    rectify_by: date | None = None
    accepted: bool = False
    send_back: bool = False

    def finding(self, numbers: Sequence[int], words: Mapping[int, str]) -> Finding:
        """Return the same as the service takes it: what was not ticked is met, and the button says so."""
        if self.send_back and self.rectify_by is None:
            raise InvalidInput({"rectify_by": Message(N_("请填写整改期限。"))})
        unmet = frozenset(self.unmet)
        lines = tuple(LineFinding(one, one not in unmet, words.get(one, "")) for one in numbers) if unmet else ()
        due = self.rectify_by if self.send_back else None
        return Finding(self.accepted, self.people_reached, self.rating, self.opinion, lines, due)


class QuotaForm(msgspec.Struct):
    """One quota for every village of a place."""

    place_code: Code
    year: int
    quota: Annotated[int, msgspec.Meta(ge=0, le=1000)]
