"""Cancellations, sign-ups, improvements and undos in any order leave a sound plan, and the way back is exact."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.weeks import small_weeks
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan
from volunteers.dispatch.engine.repair import Repairer
from volunteers.dispatch.engine.repair_answer import Repair
from volunteers.dispatch.engine.solve import solve
from volunteers.dispatch.engine.validation import faults_of

Moment = tuple[Instance, Plan]


class Week(RuleBasedStateMachine):
    """One week with a plan in force."""

    repairer: Repairer

    def __init__(self) -> None:
        super().__init__()
        self.before: list[Moment] = []

    @initialize(instance=small_weeks(5, 6), seconds=st.sampled_from([0, 5]))
    def publish(self, instance: Instance, seconds: int) -> None:
        self.repairer = Repairer(instance, solve(instance, time_limit=seconds).plan)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        instance = self.repairer.instance
        planned = self.repairer.plan.assignments
        anybody = [Assignment(s.id, "", v.id) for s in instance.shifts for v in instance.volunteers]
        row = data.draw(st.sampled_from([*planned, *planned, *anybody]))
        self.step(lambda: self.repairer.cancel(row.shift, row.volunteer))
        now = self.repairer.plan.assignments
        assert (row.shift, row.volunteer) not in {(other.shift, other.volunteer) for other in now}

    @rule(data=st.data())
    def sign_up(self, data: st.DataObject) -> None:
        instance = self.repairer.instance
        seats = [(s.id, p.id) for s in instance.shifts for p in s.positions]
        row = Assignment(*data.draw(st.sampled_from(seats)), data.draw(st.sampled_from(instance.volunteers)).id)
        before = self.moment()
        try:
            self.step(lambda: self.repairer.pin(row))
        except ValueError:
            assert self.moment() == before
        else:
            assert row in self.repairer.plan.assignments

    @rule()
    def improve(self) -> None:
        vector = self.repairer.vector
        self.step(self.repairer.improve_in_background)
        assert self.repairer.vector <= vector

    @precondition(lambda self: self.before)
    @rule()
    def undo(self) -> None:
        self.repairer.undo()
        assert self.moment() == self.before.pop()

    def step(self, act) -> None:  # noqa: ANN001 - a closure that gives a Repair
        """Act, and hold the answer against what happened."""
        moment, vector = self.moment(), self.repairer.vector
        repair: Repair = act()
        self.before.append(moment)
        rows = {(row.shift, row.position, row.volunteer) for row in moment[1].assignments}
        for move in repair.moves:
            assert move.takes or move.leaves
            for seat in move.leaves:
                rows.remove((seat.shift, seat.position, move.volunteer))
        for move in repair.moves:
            for seat in move.takes:
                assert (seat.shift, seat.position, move.volunteer) not in rows
                rows.add((seat.shift, seat.position, move.volunteer))
        assert rows == {(row.shift, row.position, row.volunteer) for row in self.repairer.plan.assignments}
        assert (repair.before, repair.after) == (vector, self.repairer.vector)

    def moment(self) -> Moment:
        return self.repairer.instance, self.repairer.plan

    @invariant()
    def the_plan_is_sound(self) -> None:
        if hasattr(self, "repairer"):
            instance, plan = self.moment()
            assert faults_of(instance) == []
            result = check(instance, plan)
            assert result.violations == ()
            assert result.vector == self.repairer.vector


TestWeek = Week.TestCase
TestWeek.settings = settings(
    deadline=None,
    max_examples=rounds(25, 1500),
    stateful_step_count=8,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
