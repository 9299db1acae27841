"""What people type about amendments."""

from datetime import date
from typing import Annotated

import msgspec

from procurement.contracts.amendments.rules import Change


class AmendmentForm(msgspec.Struct):
    """Units to add, or a new last day; and why."""

    reason_zh: Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})]
    added: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0
    ends_on: date | None = None

    def change(self) -> Change:
        """Return the same as the service takes it."""
        return Change(self.added, self.ends_on)
