"""What a row of the bank's return file says, and which payment it speaks of. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import N_, Message
from procurement.settlement.replies.names import FAILURE, SUCCESS

PAYMENT = re.compile(r"(JS-\d{4}-\d{6,})-(\d{1,6})", re.IGNORECASE)


class Outcome(StrEnum):
    """What became of a payment, in the bank's words."""

    CONFIRMED = "confirmed"
    RETURNED = "returned"


OUTCOME_NAMES = {Outcome.CONFIRMED: N_("已到账"), Outcome.RETURNED: N_("银行退回")}


@dataclass(frozen=True, slots=True)
class SentLine:
    """A payment as it was sent: its line of the file, whose account, how much, and what the bank has said before."""

    batch_id: int
    payment_id: int
    line: int
    account: str
    net_fen: int
    paid_on: date
    said: Outcome | None


@dataclass(frozen=True, slots=True)
class Told:
    """What the bank says of one payment; ``repeated`` if it has said the same before."""

    batch_id: int
    payment_id: int
    line: int
    outcome: Outcome
    reason: str
    day: date
    document: str
    repeated: bool


def outcome_of(text: str, reason: str, *, has_column: bool) -> Outcome | None:
    """Read the bank's word; a file without such a column lists what came back, each with a reason."""
    word = re.sub(r"\s", "", text).casefold()
    if word in SUCCESS:
        return Outcome.CONFIRMED
    if word in FAILURE or (not has_column and reason):
        return Outcome.RETURNED
    return None


def named_payment(reference: str) -> tuple[str, int] | None:
    """Return batch and line of a payment's own reference."""
    found = PAYMENT.fullmatch(reference.strip())
    return (found[1].upper(), int(found[2])) if found else None


def same_account(told: str, sent: str) -> bool:
    """Tell whether an account number is the one that was paid to; banks mask the middle, and group the digits."""
    plain = re.sub(r"[\s-]", "", told)
    if "*" not in plain:
        return plain == sent
    start, end = plain.split("*", 1)[0], plain.rsplit("*", 1)[1]
    return bool(start or end) and sent.startswith(start) and sent.endswith(end)


def matching(lines: Sequence[SentLine], account: str, fen: int | None) -> list[SentLine]:
    """Return the payments that an account and an amount fit."""
    return [
        line
        for line in lines
        if account and same_account(account, line.account) and (fen is None or fen == line.net_fen)
    ]


def contradiction(said: Outcome | None, outcome: Outcome) -> Message | None:
    """Say why a word cannot stand beside an earlier one: what came back did not arrive after all."""
    if said is Outcome.RETURNED and outcome is Outcome.CONFIRMED:
        return Message(N_("这一笔已经登记为银行退回，不能再登记到账。"))
    return None


def day_fault(day: date, paid_on: date, today: date) -> Message | None:
    """Say what is wrong with the day the bank names."""
    if paid_on <= day <= today:
        return None
    return Message(N_("处理日期应在付款当天到今天之间。"))


def canonical(header: Sequence[str], headings: Mapping[str, str]) -> list[str]:
    """Return the header with the bank's own headings replaced by ours; ``headings`` is {bank's: ours}."""
    wanted = {theirs.strip().casefold(): ours for theirs, ours in headings.items()}
    return [wanted.get(name.strip().casefold(), name) for name in header]
