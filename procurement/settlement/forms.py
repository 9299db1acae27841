"""What a settlement clerk fills in."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from procurement.settlement.rules import BatchStatus

PlaceCode = Annotated[str, msgspec.Meta(min_length=4, max_length=12, pattern=r"^\d+$", examples=["330106"])]
Key = Annotated[str, msgspec.Meta(min_length=4, max_length=80, examples=["330106-2026-11"])]
EVERY = "all"

BatchShown = StrEnum("BatchShown", {"EVERY": EVERY, **{status.name: status.value for status in BatchStatus}})  # type: ignore[misc]


class BatchesForm(msgspec.Struct):
    """The filter above the batches."""

    status: BatchShown = BatchShown(EVERY)


class PeriodForm(msgspec.Struct):
    """A district and a period, both days included, as a person says it."""

    place: PlaceCode
    period_from: date
    period_to: date

    @property
    def period_end(self) -> date:
        """Return the first day that no longer belongs to the period."""
        if self.period_to < self.period_from:
            raise InvalidInput({"period_to": Message(N_("结束日期不能早于开始日期。"))})
        return self.period_to + timedelta(days=1)


class ComputeForm(PeriodForm):
    """The same with the key that makes pressing twice one batch."""

    key: Key = msgspec.field(default="")


class ComputeBody(msgspec.Struct):
    """A batch to compute: a place, a period (``period_to`` is its first day outside) and a key of the caller's own."""

    place: PlaceCode
    period_from: Annotated[date, msgspec.Meta(examples=["2026-11-01"])]
    period_to: Annotated[date, msgspec.Meta(examples=["2026-12-01"])]
    idempotency_key: Key
