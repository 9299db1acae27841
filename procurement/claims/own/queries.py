"""Reading one's own claims: each with why the amount is what it is and when it will be paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core import database
from app.core.access import Permission, Principal
from procurement.claims.queries import (
    PAYMENT_COLUMNS,
    PAYMENT_SOURCE,
    ROW_COLUMNS,
    ROW_SOURCE,
    ClaimRow,
    Payment,
    claim_row,
    payment_of,
    steps_of,
)
from procurement.claims.rules import ClaimStatus
from procurement.tariffs.engine.model import Step


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A claim of one's own, explained."""

    row: ClaimRow
    steps: tuple[Step, ...]
    missing_documents: tuple[str, ...]
    payment: Payment | None


@dataclass(frozen=True, slots=True)
class OwnClaims:
    """A page of one's own claims, and what of all of them is paid, on its way, and asks for something."""

    rows: tuple[OwnClaim, ...]
    paid_fen: int
    coming_fen: int
    returned: int
    to_deduct_fen: int = 0  # what a grade brings less than was paid, not deducted yet


@dataclass(frozen=True, slots=True)
class ReturnedClaim:
    """A claim that its payee must look at."""

    reference: str
    work_zh: str
    work_en: str
    reason: str
    service_day: date


@dataclass(frozen=True, slots=True)
class WaitingPapers:
    """A case whose money waits for papers."""

    case_reference: str
    work_zh: str
    work_en: str


COMING = (ClaimStatus.ACCRUED, ClaimStatus.HELD, ClaimStatus.RETURNED, ClaimStatus.APPROVED, ClaimStatus.BATCHED,
          ClaimStatus.RETURNED_BY_BANK)  # fmt: skip

_OF_PERSON = "c.person_id = (SELECT id FROM person WHERE account_id = $1)"
_OF_ORGANIZATIONS = "c.organization_id = ANY ($1)"


def _page(whose: str) -> str:
    return f"""
WITH mine AS MATERIALIZED (SELECT c.id, c.status, c.amount_fen FROM claim c WHERE {whose}),
     shown AS (SELECT id FROM mine WHERE $2::text IS NULL OR id < (SELECT id FROM claim WHERE reference = $2)
               ORDER BY id DESC LIMIT $3),
     sums AS (SELECT coalesce(sum(amount_fen) FILTER (WHERE status = 'paid'), 0)::bigint AS paid_fen,
                     coalesce(sum(amount_fen) FILTER (WHERE status = ANY ($4) AND amount_fen > 0), 0)::bigint
                         AS coming_fen,
                     coalesce(-sum(amount_fen) FILTER (WHERE status = ANY ($4) AND amount_fen < 0), 0)::bigint
                         AS to_deduct_fen,
                     count(*) FILTER (WHERE status = 'returned') AS returned FROM mine)
SELECT {ROW_COLUMNS}, {PAYMENT_COLUMNS}, c.trace::text AS trace, c.missing_documents, sums.*
FROM {ROW_SOURCE} {PAYMENT_SOURCE} JOIN shown ON shown.id = c.id CROSS JOIN sums
ORDER BY c.id DESC"""


async def my_claims(principal: Principal, after: str | None, size: int) -> OwnClaims:
    """Return the claims of the person behind the account, newest first."""
    principal.scope(Permission.CLAIM_SELF)
    return await _read(_page(_OF_PERSON), principal.actor, after, size)


async def organization_claims(principal: Principal, after: str | None, size: int) -> OwnClaims:
    """Return the claims of the organizations that the person acts for, newest first."""
    organizations = principal.scope(Permission.CLAIM_SELF).organization_ids
    return await _read(_page(_OF_ORGANIZATIONS), list(organizations), after, size)


async def returned_claims(principal: Principal) -> Sequence[ReturnedClaim]:
    """Return the person's own claims that an officer sent back."""
    rows = await database.fetch(
        """SELECT c.reference, coalesce(a.title_zh, k.title_zh, e.title_zh, m.title_zh) AS work_zh,
                  coalesce(a.title_en, k.title_en, e.title_en, m.title_en) AS work_en, c.reason, c.service_day
           FROM claim c JOIN person p ON p.id = c.person_id LEFT JOIN sign_up s ON s.id = c.sign_up_id
           LEFT JOIN assignment a ON a.id = s.assignment_id LEFT JOIN closed_case k ON k.id = c.closed_case_id
           LEFT JOIN expense e ON e.id = c.expense_id LEFT JOIN mediator_post m ON m.id = c.mediator_post_id
           WHERE p.account_id = $1 AND c.status = 'returned' ORDER BY c.id LIMIT 5""",
        principal.actor,
    )
    return [ReturnedClaim(**row) for row in rows]


async def claims_without_papers(principal: Principal) -> Sequence[WaitingPapers]:
    """Return the person's own cases whose claims wait for papers."""
    rows = await database.fetch(
        """SELECT k.reference AS case_reference, k.title_zh AS work_zh, k.title_en AS work_en
           FROM claim c JOIN person p ON p.id = c.person_id JOIN closed_case k ON k.id = c.closed_case_id
           WHERE p.account_id = $1 AND c.status = 'held' AND c.missing_documents <> '{}' ORDER BY c.id LIMIT 5""",
        principal.actor,
    )
    return [WaitingPapers(**row) for row in rows]


async def _read(sql: str, whose: Any, after: str | None, size: int) -> OwnClaims:
    rows = await database.fetch(sql, whose, after, size, [status.value for status in COMING])
    if not rows:
        return OwnClaims((), 0, 0, 0)
    claims = tuple(
        OwnClaim(claim_row(row), steps_of(row["trace"]), tuple(row["missing_documents"]), payment_of(row))
        for row in rows
    )
    sums = rows[0]
    return OwnClaims(claims, sums["paid_fen"], sums["coming_fen"], sums["returned"], sums["to_deduct_fen"])
