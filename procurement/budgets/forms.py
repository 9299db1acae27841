"""What people type about budgets."""

from typing import Annotated
from uuid import UUID

import msgspec

from app.core.errors import InvalidInput
from app.core.money import NotAnAmount, parse_yuan
from app.core.text import N_, Message
from procurement.budgets.service import NewLine

Code = Annotated[str, msgspec.Meta(max_length=12)]


class YearForm(msgspec.Struct):
    """The filter above the lines."""

    year: int | None = None


class PlaceYearForm(msgspec.Struct):
    """The filter above the execution of a year."""

    year: int | None = None
    place: Code = ""


class LineForm(msgspec.Struct):
    """A budget line to open."""

    programme: Annotated[str, msgspec.Meta(max_length=20)]
    place_code: Code
    year: int
    functional_code: Annotated[str, msgspec.Meta(max_length=7)]
    economic_code: Annotated[str, msgspec.Meta(max_length=5)]

    def line(self) -> NewLine:
        """Return the same as the service takes it."""
        return NewLine(**msgspec.structs.asdict(self))


class ProposeForm(msgspec.Struct):
    """Money to put into a line, or to cut with a minus sign; typed in yuan."""

    amount: Annotated[str, msgspec.Meta(max_length=20)]
    document: Annotated[str, msgspec.Meta(max_length=100)]

    @property
    def amount_fen(self) -> int:
        """Return the amount; what is no amount in yuan is refused."""
        try:
            return parse_yuan(self.amount)
        except NotAnAmount:
            raise InvalidInput({"amount": Message(N_("请填写金额，最多两位小数，例如 12000 或 -500.50。"))}) from None


class DecideForm(msgspec.Struct):
    """The proposals that an approver ticked, and the word on them."""

    proposals: list[UUID] = []
    approve: bool = False
    reason: Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})] = ""
