"""The life of a group of friends, how long it gathers, and what stands in its way.

Taking part is of each one's own free will (志愿服务条例 art. 3): nobody signs a friend up, each agrees for themselves.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce

from app.core.errors import DomainError
from app.core.text import N_, Message

LONGEST_GATHERING = timedelta(hours=24)
LAST_YES = timedelta(minutes=15)
"""How long before the start the last yes must be there: time enough to set out."""
SHORTEST_GATHERING = timedelta(minutes=5)
SMALLEST, LARGEST = 2, 6
TOKEN_BYTES = 16


class GroupStatus(StrEnum):
    """Gathering until all have agreed and are seated; every end is final."""

    GATHERING = "gathering"
    SEATED = "seated"
    DISSOLVED = "dissolved"
    EXPIRED = "expired"


class GroupEvent(StrEnum):
    """The last yes, the maker's change of mind, what time does."""

    SEAT = "seat"
    DISSOLVE = "dissolve"
    EXPIRE = "expire"


TRANSITIONS: dict[tuple[GroupStatus, GroupEvent], GroupStatus] = {
    (GroupStatus.GATHERING, GroupEvent.SEAT): GroupStatus.SEATED,
    (GroupStatus.GATHERING, GroupEvent.DISSOLVE): GroupStatus.DISSOLVED,
    (GroupStatus.GATHERING, GroupEvent.EXPIRE): GroupStatus.EXPIRED,
}
STATUS_NAMES: Mapping[GroupStatus, str] = {
    GroupStatus.GATHERING: N_("等人到齐"),
    GroupStatus.SEATED: N_("一起报上了"),
    GroupStatus.DISSOLVED: N_("已解散"),
    GroupStatus.EXPIRED: N_("过时没到齐"),
}


class WrongSize(DomainError):
    """A group is of two to six."""

    code, status, message = "wrong_size", 422, N_("连你自己一共 2 到 6 人。")


class TooFewSeats(DomainError):
    """Nobody is invited to seats that are not there."""

    code, status, message = (
        "too_few_seats",
        409,
        N_("余位不够 %(size)s 人，现在还剩 %(free)s 个。请减少人数或换一个班次。"),
    )


class TooLateToGather(DomainError):
    """Nobody could answer and set out in time."""

    code, status, message = "too_late_to_gather", 409, N_("离开始太近，来不及约人了。请各自报名。")


class AlreadyGathering(DomainError):
    """One group at a time for a shift."""

    code, status, message = "already_gathering", 409, N_("这个任务你已经约了人。等人到齐，或先解散再约。")


class AlreadyCompanion(DomainError):
    """One yes is enough."""

    code, status, message = "already_companion", 409, N_("你已经答应了，不用再点。")


class GroupIsComplete(DomainError):
    """As many have agreed as were to come."""

    code, status, message = "group_is_complete", 409, N_("这一组已经够人了。你可以自己报名。")


class GroupIsIncomplete(DomainError):
    """Somebody has not agreed yet."""

    code, status, message = "group_is_incomplete", 409, N_("人还没有到齐，到齐了会自动报名。")


class GroupIsOver(DomainError):
    """Seated, dissolved or out of time."""

    code, status, message = "group_is_over", 409, N_("这一组已经结束，不能再加入或改动。")


class MakerDissolves(DomainError):
    """Who invited everybody does not slip away."""

    code, status, message = "maker_dissolves", 409, N_("是你约的人。你去不了，请解散这一组。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "companion_group_one_open": AlreadyGathering,
    "companion_once": AlreadyCompanion,
    "companion_while_gathering": GroupIsOver,
    "companion_group_seated_in_time": GroupIsOver,
    "companion_group_before_the_shift": TooLateToGather,
}


def gather_until(now: datetime, starts: datetime) -> datetime | None:
    """Return until when a group may gather; None when it is too late to invite anybody."""
    last = starts - LAST_YES
    return min(now + LONGEST_GATHERING, last) if last - now >= SHORTEST_GATHERING else None


def new_token() -> str:
    """Return the random 128 bits of a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_sha256(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a complete group was not seated: too few seats, and by person what keeps them away."""

    size: int
    free: int
    unfit: Mapping[int, tuple[str, Sequence[Message]]]

    def told_to(self, person_id: int) -> Message:
        """Say it to one of them: the reasons of a person are for that person alone, the others hear the name."""
        told = []
        if self.free < self.size:
            told.append(Message(N_("要 %(size)s 个名额，只剩 %(free)s 个。"), {"size": self.size, "free": self.free}))
        for one, (name, reasons) in self.unfit.items():
            if one == person_id:
                told += [Message(N_("你现在报不上：%(reason)s"), {"reason": reason}) for reason in reasons]
            else:
                told.append(Message(N_("%(name)s 现在报不上。"), {"name": name}))
        return reduce(lambda done, more: Message(N_("%(done)s%(more)s"), {"done": done, "more": more}), told)
