"""Reading disputes: those of one claim, and those that wait for an officer."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import database
from app.core.access import Permission, Principal
from procurement.claims.disputes.rules import DisputeStatus


@dataclass(frozen=True, slots=True)
class DisputeView:
    """An objection with its answer."""

    status: DisputeStatus
    text: str
    raised_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None
    answered_by: str
    by_reader: bool  # whether the reader judged the claim, and so does not answer


@dataclass(frozen=True, slots=True)
class WaitingDispute:
    """An objection that an officer should answer."""

    reference: str
    payee: str
    due_on: date


async def disputes_of(principal: Principal, claim_id: int) -> list[DisputeView]:
    """Return a claim's disputes, the latest first; the page has checked who reads."""
    rows = await database.fetch(
        """SELECT d.status, d.text_zh AS text, d.raised_at, d.due_on, d.answer_zh AS answer, d.answered_at,
                  coalesce(a.display_name, '') AS answered_by,
                  $2::bigint IS NOT NULL AND $2 IN (d.judge_id, d.raised_by) AS by_reader
           FROM claim_dispute d LEFT JOIN account a ON a.id = d.answered_by
           WHERE d.claim_id = $1 ORDER BY d.id DESC""",
        claim_id,
        principal.account_id,
    )
    return [
        DisputeView(**{**row, "status": DisputeStatus(row["status"]), "by_reader": bool(row["by_reader"])})
        for row in rows
    ]


async def waiting(principal: Principal) -> list[WaitingDispute]:
    """Return what the officer should answer, the nearest deadline first."""
    rows = await database.fetch(
        """SELECT c.reference, p.name AS payee, d.due_on FROM claim_dispute d JOIN claim c ON c.id = d.claim_id
           JOIN place ON place.id = c.place_id LEFT JOIN person p ON p.id = c.person_id
           WHERE d.status = 'open' AND place.code LIKE ANY ($1) AND d.judge_id IS DISTINCT FROM $2
           ORDER BY d.due_on, d.id LIMIT 5""",
        principal.scope(Permission.CLAIM_APPROVE).like_patterns(),
        principal.account_id,
    )
    return [WaitingDispute(row["reference"], row["payee"] or "", row["due_on"]) for row in rows]
