"""The report on a file's rows, as it is kept between the two steps."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from app.core.text import Message
from app.imports.cells import Cells
from app.notifications import content


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """One sentence about one row: a msgid and its values as JSON."""

    msgid: str
    detail: str

    @classmethod
    def of(cls, message: Message) -> "Fault":
        """Return a message as it is kept."""
        return cls(message.msgid, content.encoded(message.values))

    @property
    def message(self) -> Message:
        """Return it ready for the edge."""
        return content.message(self.msgid, self.detail)


class Report(msgspec.Struct, frozen=True, array_like=True):
    """What is wrong, by row number; columns that were not looked at; a refusal of the whole."""

    rows: dict[int, tuple[Fault, ...]]
    unused: tuple[str, ...] = ()
    refusal: Fault | None = None


def report_on(rows: Iterable[Cells], unused: Sequence[str]) -> Report:
    """Return the report on rows that were checked."""
    return Report({row.number: tuple(map(Fault.of, row.faults)) for row in rows if row.faults}, tuple(unused))


def with_late(report: Report, late: Mapping[int, Message]) -> Report:
    """Return the report with what came up only while the rows were stored."""
    rows = {**report.rows, **{number: (Fault.of(said),) for number, said in late.items()}}
    return Report(dict(sorted(rows.items())), report.unused)
