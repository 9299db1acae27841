"""What a chain of hours says, and whether it still says it.

Hours are counted for unpaid work (志愿服务条例 第2条), recorded truthfully, accurately and completely
(志愿服务记录与证明出具办法（试行）, 民政部令第67号, 第3条). Every entry holds the SHA-256 of the one before and of
what it rests on, so that nobody can change, insert or take out an entry without breaking all that follow.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_

GENESIS = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_REASON = 200


class EntryKind(StrEnum):
    """Credited with the attendance, or put right later."""

    CREDIT = "credit"
    CORRECTION = "correction"


class Fault(StrEnum):
    """What is wrong with a chain."""

    GAP = "gap"
    BROKEN_LINK = "broken_link"
    CHANGED = "changed"
    NOT_CREDITED = "not_credited"


class ReasonMissing(DomainError):
    """A correction says why."""

    code, status, message = "hours_reason_missing", 422, N_("更正时长要写明原因。")


class HoursImplausible(DomainError):
    """Nobody was there for less than nothing, or for much longer than the shift."""

    code, status, message = (
        "hours_implausible",
        422,
        N_("更正后的时长不合理：不能少于 0，也不能超过班次前 1 小时到后 3 小时。"),
    )


class OwnHours(DomainError):
    """A second party corrects; never oneself."""

    code, status, message = "own_hours", 409, N_("不能更正自己的时长，请站点另一位工作人员更正。")


class NotCredited(DomainError):
    """Nobody confirmed that the person came."""

    code, status, message = "hours_not_attended", 409, N_("没有确认到场，不能记时长。")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry with what it rests on, as stored."""

    entry_id: int
    person_id: int
    number: int
    kind: str
    attendance_id: int
    minutes: int
    recorded_by: int
    credited_at: datetime
    sign_up_id: int
    outcome: str
    arrived_at: datetime | None
    left_at: datetime | None
    attended_minutes: int
    confirmed_by: int
    confirmed_at: datetime
    reason: str
    previous_sha256: bytes
    entry_sha256: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a person at which the chain does not hold."""

    person_id: int
    number: int
    fault: Fault


def entry_sha256(link: Link) -> bytes:
    """Return the hash of an entry, as the database's hours_entry_hash does."""
    said = (
        *("hours-1", link.person_id, link.number, link.kind, link.attendance_id, link.minutes, link.recorded_by),
        *(_instant(link.credited_at), link.sign_up_id, link.outcome, _instant(link.arrived_at), _instant(link.left_at)),
        *(link.attended_minutes, link.confirmed_by, _instant(link.confirmed_at), link.reason),
    )
    return hashlib.sha256(link.previous_sha256 + "|".join(map(str, said)).encode()).digest()


def first_breaks(links: Iterable[Link]) -> list[Break]:
    """Return the first broken link of each person; entries come ordered by person and number."""
    breaks: list[Break] = []
    person_id, expected, head = 0, 1, GENESIS
    for link in links:
        if link.person_id != person_id:
            person_id, expected, head = link.person_id, 1, GENESIS
        elif breaks and breaks[-1].person_id == person_id:
            continue
        if fault := _fault(link, expected, head):
            breaks.append(Break(person_id, link.number, fault))
        expected, head = link.number + 1, link.entry_sha256
    return breaks


def _fault(link: Link, expected: int, head: bytes) -> Fault | None:
    if link.number != expected:
        return Fault.GAP
    if link.previous_sha256 != head:
        return Fault.BROKEN_LINK
    return None if entry_sha256(link) == link.entry_sha256 else Fault.CHANGED


def _instant(at: datetime | None) -> str:
    return "-" if at is None else str((at - _EPOCH) // timedelta(microseconds=1))
