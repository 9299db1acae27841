"""Whatever many people do to several lines at once, each line stays within its appropriation and equals its book."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.core.access import Principal, Role
from app.core.database import transaction
from procurement.budgets import rules, service
from procurement.budgets.adjustments.service import (
    AdjustmentDecision,
    NewAdjustment,
    decide_adjustments,
    propose_adjustment,
)
from procurement.budgets.movements import BudgetExceeded, post_movements
from procurement.budgets.rules import Amounts, MoneySource, Movement, Pot
from procurement.budgets.service import Decision, NewLine, Proposal
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.budgets.test_budgets import amounts

LINES = 3
OPENING = 1_000
MOST = 400

positions = st.integers(0, LINES - 1)
pots = st.sampled_from(list(Pot))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody does to a line, or between two."""

    kind: str
    line: int
    other: int
    fen: int
    pot: Pot


steps = st.builds(
    Step,
    st.sampled_from(
        ["grant", "cut", "cut", "adjust", "adjust", "reserve", "reserve", "reserve", "commit", "spend", "release"]
    ),
    positions,
    positions,
    st.integers(1, MOST),
    pots,
)
batches = st.lists(st.lists(steps, min_size=2, max_size=12), min_size=1, max_size=4)


@dataclass(frozen=True, slots=True)
class Ground:
    """Who acts, and places in which no line was opened yet."""

    officer: Principal
    approver: Principal
    places: Iterator[str]
    sources: Iterator[int]


@pytest.fixture
async def ground(db: None) -> Ground:
    """Return people and fresh places for every example."""
    places = iter([row["code"] for row in await buying.villages(1000, buying.CITY)])
    officer, approver = await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.person_as(Role.APPROVER)
    return Ground(officer, approver, places, count(1))


async def opened(here: Ground) -> list[int]:
    """Open lines of one place with some money in each."""
    place, year = next(here.places), clock.today().year
    programmes = ("purchase", "expenses", "on_site")
    lines = [NewLine(programme, place, year, "2040607", "30227") for programme in programmes]
    ids = await service.open_lines(here.officer, lines)
    proposed = await service.propose_appropriations(here.officer, [Proposal(one, OPENING, "文号") for one in ids])
    await service.decide_appropriations(here.approver, [Decision(one, approve=True) for one in proposed])
    return ids


def movement(step: Step, line_id: int, source: MoneySource) -> Movement:
    if step.kind == "reserve":
        return rules.reserve(line_id, step.fen, source)
    if step.kind == "commit":
        return rules.commit(line_id, step.fen, source)
    return {"spend": rules.spend, "release": rules.release}[step.kind](line_id, step.fen, source, step.pot)


async def act(here: Ground, ids: list[int], step: Step) -> dict[int, Amounts]:
    """Do one step through the services and return what it changed."""
    line, other = ids[step.line], ids[step.other]
    if step.kind in ("grant", "cut"):
        fen = step.fen if step.kind == "grant" else -step.fen
        [proposal] = await service.propose_appropriations(here.officer, [Proposal(line, fen, "文号")])
        await service.decide_appropriations(here.approver, [Decision(proposal, approve=True)])
        return {line: Amounts(approved=fen)}
    if step.kind == "adjust":
        if line == other:
            return {}
        adjustment = await propose_adjustment(here.officer, NewAdjustment(line, other, step.fen, "文号"))
        await decide_adjustments(here.approver, [AdjustmentDecision(adjustment, approve=True)])
        return {line: Amounts(approved=-step.fen), other: Amounts(approved=step.fen)}
    made = movement(step, line, MoneySource("property", next(here.sources)))
    async with transaction():
        await post_movements(here.officer, [made])
    return {line: made.change}


@settings(max_examples=rounds(15, 100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches)
async def test_batches_on_parallel_connections_keep_every_line_within_its_appropriation(
    ground: Ground, taken: list[list[Step]]
) -> None:
    ids = await opened(ground)
    known = dict.fromkeys(ids, Amounts(approved=OPENING))
    for batch in taken:
        outcomes: list[Any] = await asyncio.gather(*(act(ground, ids, step) for step in batch), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BudgetExceeded):
                continue
            assert isinstance(outcome, dict), outcome  # no deadlock, nothing unforeseen
            for line_id, change in outcome.items():
                known[line_id] = known[line_id] + change
        for line_id in ids:
            line = await amounts(line_id)  # which is the sum of its movements
            assert line == known[line_id]
            assert line.bound <= line.approved
            assert min(line.approved, line.reserved, line.committed, line.spent) >= 0
