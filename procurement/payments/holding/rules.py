"""Whose turn it is: the one office, place or party that has to act next before a contract's money moves on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.core.access import Permission
from procurement.payments import rules
from procurement.payments.rules import Standing


class Step(StrEnum):
    """What has to happen next; in the order in which money moves on."""

    SIGNATURE = "signature"  # the provider signs
    ANSWER = "answer"  # the provider takes or declines an order
    DELIVERY = "delivery"  # the provider delivers at the time agreed
    PROOFS = "proofs"  # the provider brings what proves the delivery
    RECTIFICATION = "rectification"  # the provider puts right what was not met
    ACCEPTANCE = "acceptance"  # the acceptor of the place looks at what was delivered
    ACCRUAL = "accrual"  # the program writes the claim, within a minute
    CORRECTION = "correction"  # the provider hands a returned claim in again
    APPROVAL = "approval"  # the claims officer approves
    BATCHING = "batching"  # the settlement clerk puts it into a batch
    CHECKING = "checking"  # the settlement approver checks the batch
    PAYING = "paying"  # the cashier pays it
    ACCOUNT = "account"  # the bank returned it: the provider corrects the account
    MILESTONE = "milestone"  # more units have to be accepted
    ORDERS = "orders"  # villages order
    GIVE_BACK = "give_back"  # the provider returns what it did not earn
    STOPPED = "stopped"  # a challenge holds the purchase: the answer or finance's decision
    NOBODY = "nobody"  # everything is paid


OWN = frozenset(
    {
        Step.SIGNATURE, Step.ANSWER, Step.DELIVERY, Step.PROOFS, Step.RECTIFICATION, Step.CORRECTION, Step.ACCOUNT,
        Step.GIVE_BACK,
    }
)  # fmt: skip
"""Steps that are the provider's own."""

OFFICES: Mapping[Step, Permission] = {
    Step.ACCEPTANCE: Permission.DELIVERY_ACCEPT,
    Step.APPROVAL: Permission.CLAIM_APPROVE,
    Step.BATCHING: Permission.SETTLEMENT_COMPUTE,
    Step.CHECKING: Permission.SETTLEMENT_APPROVE,
    Step.PAYING: Permission.SETTLEMENT_PAY,
}
"""Steps that an office holds, and the permission by which its people are known: these can be nudged."""

_STUCK = frozenset({Step.SIGNATURE, Step.PROOFS, Step.RECTIFICATION, Step.CORRECTION, Step.ACCOUNT, *OFFICES})
_WAITING = (Step.ACCRUAL, Step.ANSWER, Step.DELIVERY)
_GOES_ON = frozenset({Step.PROOFS, Step.RECTIFICATION, Step.ACCEPTANCE, Step.CORRECTION, Step.PAYING, Step.ACCOUNT})
"""What a challenge does not stop: what was delivered is proven and accepted, what is with the bank is paid."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is held: an order or a claim."""

    order_id: int | None = None
    claim_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits at a step: since when, where, and how it is called."""

    step: Step
    since: datetime | None = None
    place_code: str = ""
    place_zh: str = ""
    place_en: str = ""
    reference: str = ""  # of the order, the claim or the batch
    fen: int = 0
    units: int = 0
    thing: Thing = field(default_factory=Thing)


def holder(
    waits: Iterable[Wait],
    standing: Standing,
    *,
    signed: bool,
    unearned_paid_fen: int,
    stopped_since: datetime | None = None,
) -> Wait:
    """Return who has to act next: of all that is stuck, what has waited longest; else what comes next by itself."""
    going_on = (wait for wait in waits if not stopped_since or wait.step in _GOES_ON)
    found = sorted((wait for wait in going_on if wait.since), key=_rank)
    stuck = next((wait for wait in found if wait.step in _STUCK), None)
    if stuck:
        return stuck
    if stopped_since:
        return Wait(Step.STOPPED, stopped_since)
    if standing.ended and unearned_paid_fen:
        return Wait(Step.GIVE_BACK, fen=unearned_paid_fen)
    coming = next((wait for step in _WAITING for wait in found if wait.step is step), None)
    return coming or _by_itself(standing, signed=signed)


def _rank(wait: Wait) -> tuple[datetime | None, int]:
    return wait.since, list(Step).index(wait.step)


def _by_itself(standing: Standing, *, signed: bool) -> Wait:
    if standing.ended or not signed:
        return Wait(Step.NOBODY)
    more = to_next_milestone(standing)
    if standing.waiting and more:
        return Wait(Step.MILESTONE, units=more)
    if standing.claimed + standing.waiting < standing.quantity:
        return Wait(Step.ORDERS, units=standing.quantity - standing.claimed - standing.waiting)
    return Wait(Step.NOBODY)


def to_next_milestone(standing: Standing) -> int:
    """Return how many more accepted units the next milestone needs."""
    accepted = standing.claimed + standing.waiting
    goals = (rules.reached_at(standing.quantity, percent) for percent in standing.milestones)
    return next((goal - accepted for goal in goals if goal > accepted), 0)


@dataclass(frozen=True, slots=True)
class Parts:
    """A contract's price in fen, by how far it has come; the parts are apart from each other."""

    total: int
    paid: int = 0
    batched: int = 0
    approved: int = 0
    claimed: int = 0
    accepted: int = 0  # accepted and not claimed yet, what it will bring

    @property
    def rest(self) -> int:
        """Return what nothing has happened to yet."""
        return max(0, self.total - self.paid - self.batched - self.approved - self.claimed - self.accepted)

    def stacked(self) -> list[tuple[str, int]]:
        """Return the parts of the bar from the left, those that are not empty."""
        named = [(name, int(getattr(self, name))) for name in PARTS]
        return [(name, fen) for name, fen in named if fen > 0]


PARTS = ("paid", "batched", "approved", "claimed", "accepted", "rest")


def accepted_fen(standing: Standing) -> int:
    """Return what accepted units that no claim carries yet will bring."""
    due: Sequence[int] = rules.shares(
        standing.unearned_fen, standing.quantity - standing.claimed, standing.waiting, standing.price_fen
    )
    return standing.waiting * standing.price_fen - sum(due)
