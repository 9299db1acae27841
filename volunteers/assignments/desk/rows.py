"""The kinds of seats on a form, one below the other: rows are added with a button, without JavaScript.

The first row's fields have their plain names, the others end in ``-2``, ``-3`` …; a row without a role is no row.
"""

import re
from collections.abc import Sequence
from typing import Any

from litestar import Request

from app.core.errors import InvalidInput
from app.core.text import Message
from app.web.forms import Form
from volunteers.assignments.desk.forms import PositionForm
from volunteers.assignments.rules import MOST_POSITIONS, PositionDraft

MORE = "more"
"""The name of the button that asks for one row more."""
_NAMED = re.compile(rf"({'|'.join(PositionForm.__struct_fields__)})(?:-(\d+))?")
Row = Form[PositionForm]


class PositionRows:
    """The rows of a form as they were typed."""

    def __init__(self, rows: Sequence[Row], *, asked_for_more: bool = False) -> None:
        """Keep the rows; at least one is always shown."""
        self.rows = list(rows) or [Form.empty(PositionForm)]
        self.asked_for_more = asked_for_more
        if asked_for_more and len(self.rows) < MOST_POSITIONS:
            self.rows.append(Form.empty(PositionForm))

    @classmethod
    def of(cls, positions: Sequence[Any]) -> "PositionRows":
        """Return rows that hold these positions, to be changed."""
        return cls([Form.of(PositionForm.of(position)) for position in positions])

    @classmethod
    async def read(cls, request: Request[Any, Any, Any]) -> "PositionRows":
        """Read the rows of a submitted form."""
        sent = list((await request.form()).multi_items())
        by_row: dict[int, list[tuple[str, Any]]] = {}
        for key, value in sent:
            if named := _NAMED.fullmatch(key):
                by_row.setdefault(int(named[2] or 1), []).append((named[1], value))
        rows = [Form.from_pairs(PositionForm, by_row[number]) for number in sorted(by_row)[:MOST_POSITIONS]]
        meant = [row for row in rows if str(row.text("role_zh")).strip()]
        return cls(
            meant or rows[:1] or [Form.from_pairs(PositionForm, [])], asked_for_more=any(key == MORE for key, _ in sent)
        )

    @property
    def errors(self) -> dict[str, Message]:
        """Return what is wrong in the rows, by the names of their fields."""
        return {f"{name}{suffix}": said for suffix, row in self.named() for name, said in row.errors.items()}

    @property
    def drafts(self) -> tuple[PositionDraft, ...]:
        """Return the positions, or refuse with a message for each wrong field of each row."""
        if self.errors:
            raise InvalidInput(self.errors)
        return tuple(row.value.draft() for row in self.rows)

    def named(self) -> list[tuple[str, Row]]:
        """Return each row with what its fields' names end in."""
        return [("" if number == 1 else f"-{number}", row) for number, row in enumerate(self.rows, start=1)]
