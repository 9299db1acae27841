"""A small world of money for the tests of pages: claims at every station of their way, and people to look at them."""

from dataclasses import dataclass
from datetime import date

from app.core import clock, database
from app.core.access import Permission, Principal, Scope
from procurement.claims import accrual
from procurement.demonstration.paying import approve_looked_through
from procurement.settlement import payout, service
from procurement.settlement.service import Batch
from tests.procurement import attended_work as work

self_of = work.self_of
PERIOD = (date(2026, 11, 1), date(2026, 12, 1))
ELSEWHERE = Scope(place_codes=("330105",))


@dataclass
class Money:
    """The desk of a district, one of its payees with the claims by reference, and somebody who supervises."""

    desk: work.Desk
    supervisor: Principal
    payee: Principal
    references: list[str]
    own: list[str]
    batch: Batch | None = None

    @property
    def reference(self) -> str:
        """Return the payee's first claim."""
        return self.own[0]


async def accrued(people: int = 2, shifts: int = 2, *, appropriation_fen: int = 10_000_000) -> Money:
    """Set up claims that wait for approval: each person attended the same shifts, ¥250.00 each."""
    desk = await work.desk(appropriation_fen)
    for number in range(people):
        payee = await work.person(f"Payee {number}")
        desk.payees.append(payee)
        for shift in range(shifts):
            await work.attended(payee, day=date(2026, 11, 9 + 2 * shift))
    await accrual.accrue(clock.now())
    rows = await database.fetch("SELECT reference, person_id FROM claim ORDER BY reference")
    own = [row["reference"] for row in rows if row["person_id"] == desk.payees[0]]
    supervisor = await work.officer("supervisor", Permission.LEDGER_READ)
    return Money(desk, supervisor, await self_of(desk.payees[0]), [row["reference"] for row in rows], own)


async def approved(people: int = 2, shifts: int = 2) -> Money:
    """Go on: all are approved."""
    money = await accrued(people, shifts)
    await approve_looked_through(money.desk.claims, await claim_ids())
    return money


async def computed(people: int = 2, shifts: int = 2) -> Money:
    """Go on: they are in a batch."""
    money = await approved(people, shifts)
    money.batch = await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "2026-11")
    return money


async def paid(people: int = 2, shifts: int = 2) -> Money:
    """Go on: the batch is approved and paid."""
    money = await computed(people, shifts)
    assert money.batch is not None
    await payout.approve_batch(money.desk.approver, money.batch.id)
    await payout.pay_batch(money.desk.cashier, money.batch.id)
    return money


async def claim_ids() -> list[int]:
    """Return the ids of all claims."""
    return [row["id"] for row in await database.fetch("SELECT id FROM claim ORDER BY id")]


def moved(officer: Principal) -> Principal:
    """Return the same officer, but of another district."""
    return Principal(officer.account_id, kind="session", scopes=dict.fromkeys(officer.scopes, ELSEWHERE))
