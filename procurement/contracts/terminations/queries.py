"""Reading how a contract ended early: decided ends to everybody, those on their way to its two parties."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import clock, database
from app.core.errors import NotFound
from procurement import law
from procurement.blocks import Block
from procurement.contracts.terminations import rules
from procurement.contracts.terminations.rules import Fault, Ground, Side, TerminationStatus


@dataclass(frozen=True, slots=True)
class TerminationView:
    """A termination as its contract's page and its own show it."""

    id: int
    status: TerminationStatus
    ground: Ground
    reason_zh: str
    cure_by: date | None
    at_fault: Fault
    compensation_fen: int
    proposed_for: Side
    proposed_by: int
    proposed_at: datetime
    answered_by: int | None  # who agreed for the other side
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    settled_at: datetime | None
    released_fen: int | None
    open_orders: int  # units that go on to their acceptance


async def terminations(contract_id: int, *, party: bool) -> list[TerminationView]:
    """Return a contract's terminations, the newest first; outsiders see the one in force."""
    rows = await database.fetch(
        """SELECT t.id, t.status, t.ground, t.reason_zh, t.cure_by, t.at_fault, t.compensation_fen,
                  t.proposed_for, t.proposed_by, t.proposed_at,
                  coalesce(t.signed_by_provider, t.answered_by_buyer) AS answered_by,
                  coalesce(t.agreed_at, t.answered_at) AS answered_at, t.ended_at, t.end_reason, t.settled_at,
                  t.released_fen, (SELECT count(*) FROM village_order o WHERE o.contract_id = t.contract_id
                                      AND o.status IN ('placed', 'taken', 'scheduled', 'delivered')) AS open_orders
           FROM contract_termination t WHERE t.contract_id = $1 AND ($2 OR t.status = 'in_force') ORDER BY t.id DESC""",
        *(contract_id, party),
    )
    return [
        TerminationView(
            **{
                **row,
                "status": TerminationStatus(row["status"]),
                "ground": Ground(row["ground"]),
                "at_fault": Fault(row["at_fault"]),
                "proposed_for": Side(row["proposed_for"]),
            }
        )
        for row in rows
    ]


async def open_termination(contract_id: int) -> int:
    """Return the one that is being decided."""
    found: int | None = await database.fetch_value(
        "SELECT id FROM contract_termination WHERE contract_id = $1 AND status IN ('proposed', 'agreed')", contract_id
    )
    if found is None:
        raise NotFound
    return found


async def is_revoked(contract_id: int) -> bool:
    """Tell whether finance decided about a complaint that this contract is revoked."""
    return bool(await database.fetch_value(_REVOKED, contract_id))


async def decision_blocks(termination: TerminationView, place_code: str) -> list[Block]:
    """Name what keeps a termination from being decided today."""
    today = clock.today()
    cure = await law.source(law.CURE, today, place_code)
    return list(rules.decision_blocks(termination.ground, termination.cure_by, cure, today))


_REVOKED = """
SELECT EXISTS (SELECT FROM contract c JOIN challenge x ON x.purchase_id = c.purchase_id
               JOIN purchase_step s ON s.challenge_id = x.id AND s.kind = 'decide_complaint'
               WHERE c.id = $1 AND x.status = 'overturned' AND s.detail ->> 'remedy' = 'revoke')
"""
