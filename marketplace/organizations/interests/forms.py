"""What an officer types about a tie."""

from datetime import date
from typing import Annotated

import msgspec

from marketplace.organizations.interests.rules import Interest, InterestKind


class InterestForm(msgspec.Struct):
    """A tie to an organization, found by its credit code."""

    uscc: Annotated[str, msgspec.Meta(max_length=18)]
    kind: InterestKind
    since: date
    until: date | None = None

    def interest(self) -> Interest:
        """Return the same as the service takes it."""
        return Interest(self.uscc, self.kind, self.since, self.until)


class EndForm(msgspec.Struct):
    """When a tie ended."""

    until: date
