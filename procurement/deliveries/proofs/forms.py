"""What people type when they bring proofs."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from procurement.deliveries.proofs.rules import LogEntry, Moment, ProofKind

FileKind = Literal["photo", "sign_in_sheet"]
Text = Annotated[str, msgspec.Meta(max_length=1000, extra={"input": "textarea"})]


class ProofForm(msgspec.Struct):
    """Files of one kind, and when and where they were taken; the files stand beside the form."""

    kind: FileKind
    taken_at: datetime
    taken_where: Annotated[str, msgspec.Meta(max_length=100)]

    def moment(self) -> Moment:
        """Return the same as the service takes it."""
        return Moment(self.taken_at, self.taken_where)

    def proof_kind(self) -> ProofKind:
        """Return which kind of proof the files are."""
        return ProofKind(self.kind)


class LogForm(msgspec.Struct):
    """The service log."""

    topic_zh: Annotated[str, msgspec.Meta(max_length=200)]
    people: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    asked_zh: Text
    follow_up_zh: Text = ""

    def entry(self) -> LogEntry:
        """Return the same as the service takes it."""
        return LogEntry(self.topic_zh, self.people, self.asked_zh, self.follow_up_zh)


class ReportForm(msgspec.Struct):
    """What was put right."""

    report_zh: Text
