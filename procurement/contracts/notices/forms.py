"""What an officer types about a contract's publication and filing."""

from datetime import date
from typing import Annotated

import msgspec

from procurement.contracts.notices.rules import NoticeKind, Recorded


class NoticeForm(msgspec.Struct):
    """One duty that was done."""

    kind: NoticeKind
    done_on: date
    url: Annotated[str, msgspec.Meta(max_length=300)] = ""
    number: Annotated[str, msgspec.Meta(max_length=60)] = ""

    def recorded(self) -> Recorded:
        """Return the same as the service takes it."""
        return Recorded(self.kind, self.done_on, self.url, self.number)
