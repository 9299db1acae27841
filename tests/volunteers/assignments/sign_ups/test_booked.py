"""Whatever happens in whatever order, through the services or past them: booked equals the live rows."""

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.core import database, embedded
from app.core.access import Principal, Role
from app.core.errors import DomainError
from tests.conftest import rounds
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, set_capacity
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up, sign_up_many, withdraw

PEOPLE, SHIFTS = 6, 3
WRITES = (
    "DELETE FROM sign_up WHERE id = $1",
    "UPDATE sign_up SET status = 'checked_in' WHERE id = $1",
    "UPDATE sign_up SET status = 'completed' WHERE id = $1",
    "UPDATE sign_up SET status = 'absent' WHERE id = $1",
    "UPDATE sign_up SET status = 'confirmed', ended_at = NULL, ended_reason = '' WHERE id = $1",
    "UPDATE sign_up SET status = 'released', ended_at = now(), ended_reason = 'left' WHERE id = $1",
    """UPDATE sign_up SET position_id = (SELECT p.id FROM position p WHERE p.assignment_id = sign_up.assignment_id
                                         AND p.id <> sign_up.position_id LIMIT 1) WHERE id = $1""",
    "UPDATE position SET booked = booked + 1 WHERE id = (SELECT position_id FROM sign_up WHERE id = $1)",
)
_week = count(1)


class Seats(RuleBasedStateMachine):
    """Six people and three shifts with two positions each, a fresh week for each example."""

    runner: asyncio.Runner
    people: list[tuple[int, Principal]]
    officer: Principal

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run one use case; refusals are part of life."""
        try:
            return self.runner.run(work)
        except (DomainError, asyncpg.IntegrityConstraintViolationError) as refusal:
            return refusal

    @initialize()
    def publish(self) -> None:
        self.shifts: list[Published] = self.runner.run(self._published(next(_week)))
        self.mine: list[tuple[Principal, UUID]] = []

    async def _published(self, week: int) -> list[Published]:
        positions = (PositionDraft("a", 2, 0), PositionDraft("b", 1, 0))
        return await world.publish(
            *[await world.draft(week * 168 + 9 + 3 * n, positions=positions) for n in range(SHIFTS)]
        )

    @rule(who=st.integers(0, PEOPLE - 1), shift=st.integers(0, SHIFTS - 1), position=st.integers(0, 1))
    def signs_up(self, who: int, shift: int, position: int) -> None:
        principal = self.people[who][1]
        public_id = self.do(sign_up(principal, self.shifts[shift].position_ids[position]))
        if isinstance(public_id, UUID):
            self.mine.append((principal, public_id))

    @rule(which=st.integers(0, 20))
    def withdraws(self, which: int) -> None:
        if self.mine:
            self.do(withdraw(*self.mine[which % len(self.mine)]))

    @rule(shift=st.integers(0, SHIFTS - 1), who=st.lists(st.integers(0, PEOPLE - 1), min_size=1, max_size=8))
    def many_are_sent(self, shift: int, who: list[int]) -> None:
        seats = self.shifts[shift].position_ids
        wishes = [Wanted(seats[index % 2], self.people[person][0]) for index, person in enumerate(who)]
        self.do(sign_up_many(self.officer, wishes, Origin.DISPATCH))

    @rule(shift=st.integers(0, SHIFTS - 1))
    def is_cancelled(self, shift: int) -> None:
        self.do(cancel_assignment(self.officer, self.shifts[shift].reference, "weather"))

    @rule(shift=st.integers(0, SHIFTS - 1), capacity=st.integers(1, 4))
    def is_resized(self, shift: int, capacity: int) -> None:
        self.do(set_capacity(self.officer, self.shifts[shift].reference, 1, capacity))

    @rule(statement=st.sampled_from(WRITES), which=st.integers(0, 20))
    def somebody_writes_raw(self, statement: str, which: int) -> None:
        self.do(self._write(statement, which))

    async def _write(self, statement: str, which: int) -> None:
        rows = await database.fetch("SELECT id FROM sign_up WHERE assignment_id = ANY($1) ORDER BY id", self._ids())
        if rows:
            await database.execute(statement, rows[which % len(rows)]["id"])

    def _ids(self) -> list[int]:
        return [shift.id for shift in self.shifts]

    @invariant()
    def booked_equals_the_live_rows(self) -> None:
        if not hasattr(self, "shifts"):
            return
        rows = self.runner.run(
            database.fetch(
                """SELECT p.booked, p.capacity, count(s.id) AS live
                   FROM position p LEFT JOIN sign_up s ON s.position_id = p.id AND s.live
                   WHERE p.assignment_id = ANY($1) GROUP BY p.id""",
                self._ids(),
            )
        )
        assert all(row["booked"] == row["live"] <= row["capacity"] for row in rows), rows


def test_booked_always_equals_the_live_sign_ups(module_database: str) -> None:
    with asyncio.Runner() as runner:
        runner.run(database.connect(embedded.dsn(embedded.APPLICATION_ROLE, module_database), pool_size=2))
        try:
            Seats.runner = runner
            Seats.people = runner.run(world.volunteers(PEOPLE))
            Seats.officer = runner.run(world.officer(Role.COORDINATOR))
            run_state_machine_as_test(
                Seats,
                settings=settings(max_examples=rounds(25, 300), stateful_step_count=20, deadline=None, database=None),
            )
        finally:
            runner.run(database.disconnect())
