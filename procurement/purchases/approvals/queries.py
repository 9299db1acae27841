"""Reading the chain: what is done of a purchase, whose turn it is, and who may decide what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal, Role, Scope
from app.core.database import Row
from procurement.purchases.approvals import rules
from procurement.purchases.approvals.chain import CHAIN_OF
from procurement.purchases.approvals.rules import Level
from procurement.purchases.rules import AWAITS_APPROVAL

WAITING = sorted(f"{method}/{status}" for method, status in AWAITS_APPROVAL)
"""The methods and states in which a purchase waits for a step of its chain."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a purchase's chain: done with a name and a day, or next with the names of who may take it."""

    step: int
    level: Level
    verdict: str = ""  # approved, refused; empty while it is to come
    decider: str = ""
    in_stead_of: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    minutes: str = ""
    next: bool = False
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn a waiting purchase is, and whether it is the reader's."""

    step: int
    steps: int
    level: Level
    mine: bool
    stead: str  # whom the reader would stand in for


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """Something that two people set: figures, a level or a deputy, with its place or people."""

    public_id: UUID
    place_code: str
    place_zh: str
    place_en: str
    person: str
    deputy: str
    level: Level | None
    section_up_to_fen: int
    division_up_to_fen: int
    document: str
    starts_on: date
    ends_on: date | None
    status: str
    reason: str
    proposed_by: int
    proposer: str
    proposed_at: datetime
    decider: str
    people: tuple[int, ...]  # accounts that it gives power to
    account_id: int | None

    def in_force(self, today: date) -> bool:
        """Tell whether it holds on a day."""
        return self.status == "confirmed" and self.starts_on <= today and (not self.ends_on or today <= self.ends_on)


async def steps_of(purchase_id: int, waiting: bool) -> list[StepView]:
    """Return the steps of what is decided, in order: those taken, and those to come while it waits."""
    rows = await database.fetch(_TAKEN, purchase_id)
    taken = [_step(row) for row in rows]
    if not waiting:
        return taken
    row = await database.fetch_one(_TO_COME, purchase_id, clock.today())
    chain = rules.levels_of(row["steps"]) if row else ()
    return [
        *taken,
        *(
            StepView(
                number, level, next=number == len(taken) + 1,
                candidates=tuple(row["people"]) if row and number == len(taken) + 1 else (),
            )
            for number, level in enumerate(chain[len(taken) :], start=len(taken) + 1)
        ),
    ]  # fmt: skip


async def turns(principal: Principal, purchase_ids: Sequence[int]) -> dict[int, Turn]:
    """Return whose turn each waiting purchase is."""
    rows = await database.fetch(_TURNS, principal.actor, clock.today(), list(purchase_ids))
    return {
        row["id"]: Turn(
            row["taken"] + 1,
            len(row["steps"]),
            rules.levels_of(row["steps"])[row["taken"]],
            row["mine"],
            row["stead"] or "",
        )
        for row in rows
        if row["taken"] < len(row["steps"])
    }


async def limits(scope: Scope) -> list[AuthorityView]:
    """Return the figures of the places in scope and above, with their history, the latest first."""
    return [_authority(row) for row in await database.fetch(_LIMITS, list(scope.place_codes))]


def holding(rows: Sequence[AuthorityView], today: date) -> list[AuthorityView]:
    """Return the figures in force at each place: the latest that have begun."""
    found: dict[str, AuthorityView] = {}
    for row in rows:
        if row.in_force(today):
            found.setdefault(row.place_code, row)
    return list(found.values())


async def levels(scope: Scope) -> list[AuthorityView]:
    """Return who holds which level at the places in scope and above."""
    return [_authority(row) for row in await database.fetch(_LEVELS, list(scope.place_codes))]


async def deputies(scope: Scope) -> list[AuthorityView]:
    """Return who stands in for people with a level at the places in scope and above."""
    return [_authority(row) for row in await database.fetch(_DEPUTIES, list(scope.place_codes))]


async def approvers(scope: Scope) -> list[tuple[str, str]]:
    """Return people with the approver's role at the places in scope or above, as (public id, name)."""
    rows = await database.fetch(
        """SELECT DISTINCT account.public_id, account.display_name FROM account
           JOIN membership m ON m.account_id = account.id
           WHERE m.role = $1 AND account.status = 'active' AND m.valid_from <= $3
             AND (m.valid_until IS NULL OR m.valid_until > $3)
             AND EXISTS (SELECT FROM unnest($2::text[]) AS mine (code)
                         WHERE starts_with(mine.code, m.place_code) OR starts_with(m.place_code, mine.code))
           ORDER BY account.display_name""",
        Role.APPROVER.value,
        list(scope.place_codes),
        clock.now(),
    )
    return [(str(row["public_id"]), row["display_name"]) for row in rows]


def _step(row: Row) -> StepView:
    return StepView(
        row["step"], Level(row["level"]), row["verdict"], row["decider"], row["stood_for"] or "", row["decided_at"],
        row["reason"], row["minutes"],
    )  # fmt: skip


def _authority(row: Row) -> AuthorityView:
    known: dict[str, Any] = {
        "place_code": "", "place_zh": "", "place_en": "", "person": "", "deputy": "", "section_up_to_fen": 0,
        "division_up_to_fen": 0, "document": "", "ends_on": None, "account_id": None, **row,
    }  # fmt: skip
    known["level"] = Level(row["level"]) if row.get("level") else None
    known["decider"] = row["decider"] or ""
    known["people"] = tuple(known.pop(name) for name in ("holder_id", "deputy_id") if known.get(name))
    known.pop("holder_id", None), known.pop("deputy_id", None)
    return AuthorityView(**known)


MINE = """
(p.requested_by <> $1 AND $1 <> ALL (done.people)
 AND (chain.steps[done.taken + 1] = 'single' OR EXISTS (
        SELECT FROM approvers_of(p.place_id, chain.steps[done.taken + 1], $2) w
        WHERE w.account_id = $1
          AND (w.in_stead_of IS NULL OR w.in_stead_of <> ALL (done.people || p.requested_by)))))
"""
"""Tells of a purchase ``p`` joined with CHAIN_OF whether account $1 may take its next step on day $2."""

_TAKEN = """
SELECT a.step, a.level, a.verdict, a.decided_at, a.reason, a.minutes, decider.display_name AS decider,
       stood_for.display_name AS stood_for
FROM purchase_approval a JOIN account decider ON decider.id = a.decided_by
LEFT JOIN account stood_for ON stood_for.id = a.in_stead_of
WHERE a.purchase_id = $1 AND a.round = approval_round($1) ORDER BY a.step
"""
_TO_COME = f"""
SELECT chain.steps,
       ARRAY(SELECT DISTINCT account.display_name
             FROM approvers_of(p.place_id, chain.steps[done.taken + 1], $2) w
             JOIN account ON account.id = w.account_id
             WHERE w.account_id <> ALL (done.people || p.requested_by)
               AND (w.in_stead_of IS NULL OR w.in_stead_of <> ALL (done.people || p.requested_by))
             ORDER BY account.display_name) AS people
FROM purchase p {CHAIN_OF} WHERE p.id = $1
"""
_TURNS = f"""
SELECT p.id, chain.steps, done.taken, {MINE} AS mine,
       (SELECT stood_for.display_name FROM approvers_of(p.place_id, chain.steps[done.taken + 1], $2) w
        LEFT JOIN account stood_for ON stood_for.id = w.in_stead_of WHERE w.account_id = $1
        ORDER BY w.in_stead_of NULLS FIRST LIMIT 1) AS stead
FROM purchase p {CHAIN_OF} WHERE p.id = ANY($3)
"""
_SET_BY = """
x.public_id, x.status, x.reason, x.proposed_by, proposer.display_name AS proposer, x.proposed_at,
decider.display_name AS decider
"""
_SETTERS = """
JOIN account proposer ON proposer.id = x.proposed_by LEFT JOIN account decider ON decider.id = x.decided_by
"""
_PLACE = "place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en"
_NEAR = """
EXISTS (SELECT FROM unnest($1::text[]) AS mine (code)
        WHERE starts_with(mine.code, place.code) OR starts_with(place.code, mine.code))
"""
_LIMITS = f"""
SELECT {_SET_BY}, {_PLACE}, x.effective_from AS starts_on, x.section_up_to_fen, x.division_up_to_fen, x.document
FROM approval_limit x JOIN place ON place.id = x.place_id {_SETTERS} WHERE {_NEAR}
ORDER BY place.code, x.effective_from DESC, x.id DESC LIMIT 200
"""
_LEVELS = f"""
SELECT {_SET_BY}, {_PLACE}, x.level, x.starts_on, x.ends_on, holder.display_name AS person, x.account_id,
       x.account_id AS holder_id
FROM approver_level x JOIN place ON place.id = x.place_id JOIN account holder ON holder.id = x.account_id {_SETTERS}
WHERE {_NEAR} ORDER BY place.code, array_position(ARRAY['section', 'division', 'meeting'], x.level), x.id LIMIT 500
"""
_DEPUTIES = f"""
SELECT {_SET_BY}, x.starts_on, x.ends_on, holder.display_name AS person, deputy.display_name AS deputy, x.account_id,
       x.deputy_id
FROM approval_deputy x JOIN account holder ON holder.id = x.account_id
JOIN account deputy ON deputy.id = x.deputy_id {_SETTERS}
WHERE EXISTS (SELECT FROM approver_level l JOIN place ON place.id = l.place_id
              WHERE l.account_id = x.account_id AND {_NEAR})
ORDER BY x.starts_on DESC, x.id DESC LIMIT 200
"""
