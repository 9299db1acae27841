"""What a settlement clerk fills in."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from app.web.fields import Yuan
from procurement.settlement.rules import BatchStatus

PlaceCode = Annotated[str, msgspec.Meta(min_length=4, max_length=12, pattern=r"^\d+$", examples=["330106"])]
Key = Annotated[str, msgspec.Meta(min_length=4, max_length=80, examples=["330106-2026-11"])]
OwnKey = Annotated[str, msgspec.Meta(max_length=80, pattern=r"^(|.{4,})$")]
EVERY = "all"

BatchShown = StrEnum("BatchShown", {"EVERY": EVERY, **{status.name: status.value for status in BatchStatus}})  # type: ignore[misc]


class BatchesForm(msgspec.Struct):
    """The filter above the batches."""

    status: BatchShown = BatchShown(EVERY)


class PeriodForm(msgspec.Struct):
    """A district and a period, both days included, as a person says it; the money at hand, if it is limited.

    The key makes pressing twice one batch.
    """

    place: PlaceCode
    period_from: date
    period_to: date
    cap_fen: Yuan | None = None
    key: OwnKey = ""

    @property
    def period_end(self) -> date:
        """Return the first day that no longer belongs to the period."""
        if self.period_to < self.period_from:
            raise InvalidInput({"period_to": Message(N_("结束日期不能早于开始日期。"))})
        return self.period_to + timedelta(days=1)


class ComputeBody(msgspec.Struct):
    """A batch to compute: a place, a period (``period_to`` is its first day outside) and a key of the caller's own.

    With ``cap_fen`` no more than that is paid: the oldest approvals first, nobody overtaking.
    """

    place: PlaceCode
    period_from: Annotated[date, msgspec.Meta(examples=["2026-11-01"])]
    period_to: Annotated[date, msgspec.Meta(examples=["2026-12-01"])]
    idempotency_key: Key
    cap_fen: Annotated[int, msgspec.Meta(gt=0, examples=[5_000_000])] | None = None
