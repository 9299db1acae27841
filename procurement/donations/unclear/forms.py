"""What finance says about unclear money."""

from typing import Annotated

import msgspec

from procurement.donations.unclear.rules import Outcome
from procurement.donations.unclear.service import NewDecision


class DecisionForm(msgspec.Struct):
    """What the money is, and why."""

    outcome: Outcome
    reason: Annotated[str, msgspec.Meta(max_length=300, extra={"input": "textarea"})]
    gift: Annotated[str, msgspec.Meta(max_length=20)] = ""
    fund: Annotated[str, msgspec.Meta(max_length=40)] = ""
    document: Annotated[str, msgspec.Meta(max_length=60)] = ""

    def of(self, matter: str) -> NewDecision:
        """Return what the service takes."""
        return NewDecision(matter, self.outcome, self.reason, self.gift, self.fund, self.document)
