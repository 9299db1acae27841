"""Whether a fund may take gifts today, and why not.

慈善法 §27: money is raised from the public over the internet by organizations that hold the qualification for public
fundraising (公开募捐资格); the paper is a row that an officer has verified, with its term.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.text import N_, Message, Words
from marketplace.organizations.provision import QualificationKind
from marketplace.organizations.qualifications.rules import Paper, PaperState
from procurement.blocks import Block, Source

CHARITY_LAW_27 = Source("慈善法", "第27条", verified=False)
NEEDED = QualificationKind.PUBLIC_FUNDRAISING


class Cause(StrEnum):
    """What a fund is for."""

    LEGAL_AID = "legal_aid"
    MEDIATION = "mediation"
    DISTRICT = "district"


CAUSE_NAMES = {
    Cause.LEGAL_AID: N_("法律援助"),
    Cause.MEDIATION: N_("人民调解"),
    Cause.DISTRICT: N_("本地区公共法律服务"),
}
STATE_REASONS = {
    PaperState.PENDING: N_("%(owner)s的公开募捐资格还在核验。"),
    PaperState.REFUSED: N_("%(owner)s的公开募捐资格没有通过核验。"),
    PaperState.NOT_YET: N_("%(owner)s的公开募捐资格还没有生效。"),
    PaperState.EXPIRED: N_("%(owner)s的公开募捐资格已经到期。"),
}
NO_PAPER = N_("%(owner)s没有登记公开募捐资格。")
WORTH = [PaperState.VALID, PaperState.NOT_YET, PaperState.PENDING, PaperState.EXPIRED, PaperState.REFUSED]
"""The best of several papers speaks for the fund."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The organization behind a fund as the rule sees it."""

    name: Words
    verified: bool  # the organization itself
    papers: Sequence[Paper]


def qualification_blocks(owner: Owner, day: date) -> list[Block]:
    """Name what keeps a fund's owner from raising money from the public on a day."""
    states = {paper.state(day) for paper in owner.papers if paper.kind is NEEDED}
    best = next((state for state in WORTH if state in states), None)
    if best is PaperState.VALID and owner.verified:
        return []
    reason = STATE_REASONS.get(best, NO_PAPER) if best else NO_PAPER
    if best is PaperState.VALID:
        reason = N_("%(owner)s在本平台的登记已停用。")
    return [
        Block(
            "fund_not_qualified",
            CHARITY_LAW_27,
            Message(reason, {"owner": owner.name}),
            Message(N_("登记有效的公开募捐资格证书并通过核验后，才能收捐赠。")),
            "",
        )
    ]


@dataclass(frozen=True, slots=True)
class Month:
    """What came into a fund and went out of it in one month in one currency; minor units."""

    first_day: date
    received: int = 0
    back: int = 0  # refunds and lost disputes
    fees: int = 0
    used: int = 0

    @property
    def given(self) -> int:
        """Return what was given after what went back."""
        return self.received - self.back


def every_month(known: Sequence[Month], until: date) -> list[Month]:
    """Return the months one after the other until that of a day; those of which nothing is known are empty."""
    of = {one.first_day: one for one in known}
    first, last = min([until.replace(day=1), *of]), max([until, *of])
    found = []
    while first <= last:
        found.append(of.get(first, Month(first)))
        first = (first + timedelta(days=31)).replace(day=1)
    return found


@dataclass(frozen=True, slots=True)
class Totals:
    """What came into a fund and went out of it in one currency, as the ledger has it; minor units, all positive."""

    currency: str
    given: int  # after refunds and lost disputes
    fees: int
    used: int

    @property
    def balance(self) -> int:
        """Return what the fund has."""
        return self.given - self.fees - self.used
