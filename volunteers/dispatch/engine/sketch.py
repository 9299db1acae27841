"""A plan at once, for a question that somebody asks and looks at: no clock, no solver, always the same answer."""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.incumbent import Deadline, Incumbent
from volunteers.dispatch.engine.instance import Instance, Plan
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.rebuild import rebuild
from volunteers.dispatch.engine.restart import repaired
from volunteers.dispatch.engine.roster import assignments_of


def sketch(instance: Instance) -> Plan:
    """Return a valid plan of a valid instance, no worse than greedy and than what still holds of the previous plan.

    Tenths of a second for a district. Nothing is proven: another plan may be better.
    """
    problem = compile_problem(instance)
    incumbent = Incumbent(problem, greedy(problem).chosen(), Deadline(float("inf")), None)
    if problem.previous_rows:
        incumbent.offer(repaired(problem), "repaired")
    nobody = np.zeros(0, np.int64)
    for wished in (np.flatnonzero(problem.keeps), incumbent.chosen):
        incumbent.offer(rebuild(problem, nobody, wished, lambda: False), "chains")
    return Plan(instance.name, assignments_of(problem, incumbent.chosen), vector=tuple(incumbent.vector))
