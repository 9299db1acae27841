"""What a solve found, as rows: who is proposed where, and why a seat stays empty."""

from collections.abc import Iterable, Mapping, Sequence, Set
from enum import StrEnum
from typing import Any

import msgspec

from app.core import database
from app.core.database import transaction
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.engine.explain import PLAN_REFUSALS, Gap
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan
from volunteers.dispatch.input.standing import position_of
from volunteers.dispatch.rules import RunStatus

Pair = tuple[int, int]
"""A position's id and a person's id."""
Proposed = tuple[int, int, bool]
"""The same, and whether the person had signed up already."""


class Outcome(StrEnum):
    """What became of a proposal: taken off by a move, or at publication sent (asked, or seated) or refused."""

    PROPOSED = "proposed"
    TAKEN = "taken"
    SENT = "sent"
    REFUSED = "refused"


def proposals(instance: Instance, plan: Plan, locked: Set[Assignment] = frozenset()) -> list[Proposed]:
    """Return (position, person, pinned) for each seat of the plan; who is only locked has signed up for nothing."""
    pinned = {(row.position, row.volunteer) for row in instance.pinned if row not in locked}
    seats = [(position_of(row), row) for row in plan.assignments]
    return [
        (position, int(row.volunteer), (row.position, row.volunteer) in pinned)
        for position, row in seats
        if position is not None
    ]


def gaps(found: Iterable[Gap]) -> list[tuple[int, int, bool, str, str]]:
    """Return (position, empty seats, held, reason, refusals as JSON) for each position with an empty seat."""
    return [
        (int(gap.position), gap.empty_seats, gap.shift_held, reason(gap).value, _counts(gap.refused)) for gap in found
    ]


def reason(gap: Gap) -> Refusal:
    """Name the first thing to mend: what keeps away the people who come closest to standing there.

    If anybody is eligible, it is what most of them meet in the plan. If nobody is, it is the last thing that
    was checked and still kept somebody away: who is only too far is closer than who lacks the credential.
    """
    in_the_plan = {refusal: count for refusal, count in gap.refused.items() if refusal in PLAN_REFUSALS and count}
    if in_the_plan:
        return max(in_the_plan, key=lambda refusal: in_the_plan[refusal])
    return next((refusal for refusal in reversed(Refusal) if gap.refused.get(refusal)), Refusal.AVAILABILITY)


async def write(
    run_id: int,
    fence: int,
    columns: Mapping[str, Any],
    proposed: Sequence[Proposed],
    empty: Sequence[tuple[int, int, bool, str, str]],
) -> RunStatus:
    """Store a result if this attempt is still the latest; otherwise leave the run to the attempt that is."""
    async with transaction():
        row = await database.fetch_one("SELECT status, fence FROM dispatch_run WHERE id = $1 FOR NO KEY UPDATE", run_id)
        if row is None or row["fence"] != fence or row["status"] != RunStatus.SOLVING:
            return RunStatus(row["status"]) if row else RunStatus.FAILED
        await write_rows(run_id, proposed, empty)
        await database.update_row("dispatch_run", run_id, dict(columns))
    return RunStatus(columns["status"])


async def write_rows(
    run_id: int, proposed: Sequence[Proposed], empty: Sequence[tuple[int, int, bool, str, str]]
) -> None:
    """Store who is proposed where and which seats stay empty, in the current transaction."""
    await database.copy_rows(
        "dispatch_proposal", ("run_id", "position_id", "person_id", "pinned"), [(run_id, *one) for one in proposed]
    )
    await database.copy_rows(
        "dispatch_gap",
        ("run_id", "position_id", "empty_seats", "held", "reason", "refusals"),
        [(run_id, *one) for one in empty],
    )


async def unpinned(run_id: int) -> list[Pair]:
    """Return the proposals that send somebody who has not signed up already, in the plan's order."""
    rows = await database.fetch(
        "SELECT position_id, person_id FROM dispatch_proposal WHERE run_id = $1 AND NOT pinned"
        " AND outcome = 'proposed' ORDER BY id",
        run_id,
    )
    return [(row["position_id"], row["person_id"]) for row in rows]


async def mark(run_id: int, outcomes: Mapping[Pair, Outcome]) -> None:
    """Write what became of each proposal."""
    await database.execute(
        """UPDATE dispatch_proposal d SET outcome = o.outcome
           FROM unnest($2::bigint[], $3::bigint[], $4::text[]) AS o (position_id, person_id, outcome)
           WHERE d.run_id = $1 AND d.position_id = o.position_id AND d.person_id = o.person_id""",
        run_id,
        *database.columns([(*pair, outcome.value) for pair, outcome in outcomes.items()], 3),
    )


def _counts(refused: Mapping[Refusal, int]) -> str:
    return msgspec.json.encode({refusal.value: count for refusal, count in refused.items() if count}).decode()
