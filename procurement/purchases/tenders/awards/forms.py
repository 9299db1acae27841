"""What an approver types about a result that another one recorded."""

from typing import Annotated

import msgspec

from procurement.purchases.tenders.awards.service import AwardWord


class AwardForm(msgspec.Struct):
    """Yes or no to the result of the round that was shown; a no says why."""

    round: int
    step: int
    approve: bool = False
    minutes: Annotated[str, msgspec.Meta(max_length=100)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})] = ""

    def word(self) -> AwardWord:
        """Return the same as the service takes it."""
        return AwardWord(self.approve, self.reason, self.minutes, self.round, self.step)
