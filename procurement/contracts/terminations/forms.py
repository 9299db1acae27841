"""What people type about ending a contract early."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import Yuan
from procurement.contracts.terminations.rules import Fault, Ground, Proposal


class TerminationForm(msgspec.Struct):
    """The ground, the facts, and what the ground asks for."""

    ground: Ground
    reason_zh: Annotated[str, msgspec.Meta(max_length=1000, extra={"input": "textarea"})]
    cure_by: date | None = None
    at_fault: Fault = Fault.NONE
    compensation_fen: Yuan = 0

    def proposal(self) -> Proposal:
        """Return the same as the service takes it."""
        return Proposal(self.ground, self.reason_zh, self.cure_by, self.at_fault, self.compensation_fen)
