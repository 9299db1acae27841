"""Any sequence of accruing, grading, judging, batching, paying, returning, giving up and crashing keeps the books."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from asyncpg.connection import Connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.core import clock, database, embedded, storage
from app.core.access import Permission, Principal, Scope
from app.core.errors import DomainError
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.claims.cases import service as cases
from procurement.claims.cases.rules import CaseItem, Grade
from procurement.ledger import balances
from procurement.ledger.periods.service import close_month
from procurement.settlement import payout, revoking, service
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.conftest import TEMPLATE, rounds
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement import settled_work
from tests.procurement.settlement.books_hold import CLOSED, faults
from tests.procurement.settlement.returns.test_returns import name_account

BEGINNING = datetime(2026, 11, 29, 2, tzinfo=UTC)
PERIOD = (date(2026, 1, 1), date(2027, 1, 1))
BUDGET_FEN = 200_000
anything = st.integers(0, 10_000)
CRASHING = ["approve", "pay", "revoke", "judge", "grade"]


class Crash(Exception):
    """The connection broke."""


class Settling(RuleBasedStateMachine):
    """A district's money, moved by whatever comes."""

    @initialize()
    def begin(self) -> None:
        """Set up officers, a small budget and three payees in a database of their own."""
        self.runner = asyncio.Runner()
        self.name = f"t_{uuid4().hex[:16]}"
        self.now, self.keys, self.closed, self.shifts = BEGINNING, 0, [], 0
        self.run(self._begin())

    async def _begin(self) -> None:
        await storage.create_database(embedded.dsn(embedded.OWNER_ROLE, "postgres"), self.name, TEMPLATE)
        await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, self.name), pool_size=2)
        self.desk = await work.desk(BUDGET_FEN)
        self.people = [await work.person(f"Payee {number}") for number in range(3)]
        await world.line(self.desk, "legal_aid_case", BUDGET_FEN)
        recorder = await work.officer("recorder", Permission.CASE_RECORD)
        place = await database.fetch_value("SELECT id FROM place WHERE code = $1", work.DISTRICT)
        self.office = world.Office(self.desk, recorder, place)
        closer = await work.account("closer")
        scopes = {Permission.LEDGER_CLOSE: Scope(place_codes=("3301",))}
        self.closer = Principal(closer, kind="session", scopes=scopes)

    def teardown(self) -> None:
        """Drop the database."""
        if hasattr(self, "runner"):
            self.run(database.disconnect())
            self.run(storage.drop_database(embedded.dsn(embedded.OWNER_ROLE, "postgres"), self.name))
            self.runner.close()

    def run(self, work_to_do: Coroutine[Any, Any, Any]) -> Any:
        """Run to the end at the machine's own time; a refusal is an answer, anything else is a fault."""

        async def at_this_time() -> Any:
            with clock.travelled_to(self.now):
                return await work_to_do

        try:
            return self.runner.run(at_this_time())
        except DomainError:
            return None

    async def _some(self, sql: str, chance: int) -> Any:
        rows = await database.fetch(sql)
        return next(iter(rows[chance % len(rows)].values())) if rows else None

    @rule(who=anything)
    def confirm_work(self, who: int) -> None:
        """Somebody attended a shift, and it accrues."""

        async def accrue() -> None:
            self.shifts += 1
            day = date(2026, 11, 1) + timedelta(days=self.shifts % 28)
            await work.attended(self.people[who % 3], day=day, hour=8 + 4 * (self.shifts // 28 % 3))
            await accrual.accrue(clock.now())

        self.run(accrue())

    @rule(who=anything)
    def close_a_case(self, who: int) -> None:
        """Somebody closed a small case, and it accrues."""

        async def close() -> None:
            self.shifts += 1
            matter, person = f"{self.shifts}号", self.people[who % 3]
            await cases.record_case(
                self.office.recorder, world.civil(self.office, person, matter=matter, item=CaseItem.DRAFTING)
            )
            await accrual.accrue(clock.now())

        self.run(close())

    @rule(chance=anything)
    def grade(self, chance: int) -> None:
        """A case is graded, wherever its money is: it brings more, the same, or nothing."""
        self.run(self._grade(chance))

    async def _grade(self, chance: int) -> None:
        one = await self._some("SELECT reference FROM closed_case WHERE grade = '' ORDER BY id", chance)
        if one is not None:
            await cases.grade_case(self.office.recorder, one, list(Grade)[-(chance % 5) // 2])

    @rule(chance=anything)
    def send_back(self, chance: int) -> None:
        """A claim is returned, and handed in again by its payee."""

        async def back() -> None:
            one = await self._some("SELECT id FROM claim WHERE status = 'accrued' ORDER BY id", chance)
            if one is not None:
                await claims.return_claim(self.desk.claims, one, "look again")
                person = await database.fetch_value("SELECT person_id FROM claim WHERE id = $1", one)
                await claims.resubmit_claim(await settled_work.self_of(person), one)

        self.run(back())

    @rule(chance=anything)
    def judge(self, chance: int) -> None:
        """Some claims are approved, as far as the budget bears it; now and then one is rejected."""
        self.run(self._judge(chance))

    async def _judge(self, chance: int) -> None:
        rows = await database.fetch("SELECT id FROM claim WHERE status = 'accrued' ORDER BY id")
        ids = [row["id"] for row in rows[: 1 + chance % 4]]
        if chance % 7 == 0 and ids:
            await claims.reject_claim(self.desk.claims, ids.pop(), "not confirmed")
        if ids:
            await claims.approve_claims(self.desk.claims, ids)

    @rule(cap=st.sampled_from([None, 10_000, 25_000, 60_000, 75_000]))
    def compute(self, cap: int | None) -> None:
        """A run is computed, twice with the same key."""

        async def twice() -> None:
            self.keys += 1
            run = (self.desk.clerk, work.DISTRICT, *PERIOD, f"run {self.keys}", cap)
            first = await service.compute_batch(*run)
            assert (await service.compute_batch(*run)).id == first.id

        self.run(twice())

    @rule(chance=anything, step=st.sampled_from(["approve", "pay", "cancel", "revoke"]))
    def move_a_batch(self, chance: int, step: str) -> None:
        """A batch takes a step, or is refused it."""
        self.run(self._move(chance, step))

    async def _move(self, chance: int, step: str) -> None:
        takes: dict[str, tuple[str, Callable[[Principal, int], Awaitable[Any]], Principal]] = {
            "approve": ("computed", payout.approve_batch, self.desk.approver),
            "pay": ("approved", payout.pay_batch, self.desk.cashier),
            "cancel": ("computed", service.cancel_batch, self.desk.clerk),
            "revoke": ("approved", revoking.revoke_batch, self.desk.approver),
        }
        status, take, who = takes[step]
        one = await self._some(f"SELECT id FROM settlement_batch WHERE status = '{status}' ORDER BY id", chance)
        if one is not None:
            await take(who, one)

    @rule(chance=anything, corrected=st.booleans())
    def come_back(self, chance: int, corrected: bool) -> None:
        """The bank returns a line of a paid batch; its payee may name another account."""

        async def back() -> None:
            batch = await self._some("SELECT id FROM settlement_batch WHERE status = 'paid' ORDER BY id", chance)
            if batch is None:
                return
            if corrected:
                for person in self.people:
                    await name_account(person, f"62220000{chance:08}")
            slip = BankReturn(1 + chance % 3, "closed", clock.today(), f"TH-{chance}")
            await record_return(self.desk.cashier, batch, slip)

        self.run(back())

    @rule()
    def next_month(self) -> None:
        """The month ends and is closed; what comes later is booked in the next one."""
        self.now = (self.now.replace(day=28) + timedelta(days=4)).replace(day=2)
        self.run(self._close())

    async def _close(self) -> None:
        month = await database.fetch_value("SELECT min(starts_on) FROM ledger_period WHERE closed_at IS NULL")
        if month:
            await close_month(self.closer, month)
        self.closed = await database.fetch(CLOSED)

    @rule()
    def fold(self) -> None:
        """The balances are folded."""
        self.run(balances.fold())

    @rule(chance=anything, statement=st.integers(1, 25), step=st.sampled_from(CRASHING))
    def crash(self, chance: int, statement: int, step: str) -> None:
        """The connection breaks in the middle of a step."""
        steps = {"judge": self._judge, "grade": self._grade}
        again = steps[step](chance) if step in steps else self._move(chance, step)
        try:
            with broken_at(statement):
                self.run(again)
        except Crash:
            pass

    @invariant()
    def the_books_hold(self) -> None:
        """Everything is as it must be, and closed months stay as they were."""
        if hasattr(self, "runner"):
            assert self.run(faults()) == []
            closed = self.run(database.fetch(CLOSED))
            assert closed[: len(self.closed)] == self.closed


class broken_at:  # noqa: N801 - reads as a word of the sentence
    """Break the connection before the given statement is sent."""

    def __init__(self, statement: int) -> None:
        """Count from 1."""
        self.left = statement
        self.kept = {name: getattr(Connection, name) for name in ("_execute", "copy_records_to_table")}

    def __enter__(self) -> None:
        """Begin."""
        for name, send in self.kept.items():
            setattr(Connection, name, self._breaking(send))

    def __exit__(self, *_: object) -> None:
        """End."""
        for name, send in self.kept.items():
            setattr(Connection, name, send)

    def _breaking(self, send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def breaking(*arguments: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise Crash
            return await send(*arguments, **named)

        return breaking


def test_whatever_happens_in_whatever_order_the_books_hold(tmp_path: object) -> None:
    profile = settings(
        max_examples=rounds(3, 150),
        stateful_step_count=rounds(20, 50),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=rounds(1, 0) == 1,
        database=None,
    )
    run_state_machine_as_test(Settling, settings=profile)
