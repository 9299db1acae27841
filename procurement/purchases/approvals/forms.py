"""What people type about who may decide what."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from app.web.fields import Yuan
from procurement.purchases.approvals.authority import NewDeputy, NewLevel, NewLimit
from procurement.purchases.approvals.rules import Level

Code = Annotated[str, msgspec.Meta(max_length=12)]


class LimitForm(msgspec.Struct):
    """Figures to propose, typed in yuan."""

    place_code: Code
    section_up_to: Yuan
    division_up_to: Yuan
    effective_from: date
    document: Annotated[str, msgspec.Meta(max_length=100)]

    def limit(self) -> NewLimit:
        """Return the same as the service takes it."""
        return NewLimit(
            self.place_code, self.effective_from, self.section_up_to, self.division_up_to, self.document
        )  # fmt: skip


class LevelForm(msgspec.Struct):
    """A level to propose for a person."""

    account: UUID
    place_code: Code
    level: Level
    starts_on: date
    ends_on: date | None = None

    def new_level(self) -> NewLevel:
        """Return the same as the service takes it."""
        return NewLevel(self.account, self.place_code, self.level, self.starts_on, self.ends_on)


class DeputyForm(msgspec.Struct):
    """A deputy to name; without ``account`` it is one's own."""

    deputy: UUID
    starts_on: date
    ends_on: date
    account: UUID | None = None

    def new_deputy(self) -> NewDeputy:
        """Return the same as the service takes it."""
        return NewDeputy(self.deputy, self.starts_on, self.ends_on, self.account)


class DecideForm(msgspec.Struct):
    """A second person's word."""

    approve: bool = False
    reason: Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})] = ""
