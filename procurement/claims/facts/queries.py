"""Reading what one claim stands on, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from app.core import database


class Sibling(msgspec.Struct, array_like=True, frozen=True):
    """Another claim of the same case."""

    reference: str
    part: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """The facts behind a claim; what it does not stand on is empty."""

    signed_in_at: datetime | None
    signed_out_at: datetime | None
    case_reference: str | None
    agency: str
    matter: str
    grade: str
    accepted_on: date | None
    documents: tuple[str, ...]
    expense_id: int | None
    expense_reason: str
    post_document: str
    siblings: tuple[Sibling, ...]


_FACTS = """
SELECT coalesce(came.at, t.arrived_at) AS signed_in_at, coalesce(went.at, t.left_at) AS signed_out_at,
       k.reference AS case_reference, coalesce(k.agency_zh, m.agency_zh, '') AS agency,
       coalesce(k.matter, '') AS matter,
       coalesce(k.grade, '') AS grade, k.accepted_on,
       ARRAY(SELECT name_zh FROM case_document d WHERE d.closed_case_id = k.id ORDER BY d.id) AS documents,
       c.expense_id, coalesce(e.reason_zh, '') AS expense_reason, coalesce(m.document, '') AS post_document,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(o.reference, o.part, o.amount_fen) ORDER BY o.id), '[]')
        FROM claim o WHERE o.closed_case_id = c.closed_case_id AND o.id <> c.id)::text AS siblings
FROM claim c
LEFT JOIN attendance t ON t.sign_up_id = c.sign_up_id
LEFT JOIN check_in came ON came.sign_up_id = c.sign_up_id AND came.moment = 'in'
LEFT JOIN check_in went ON went.sign_up_id = c.sign_up_id AND went.moment = 'out'
LEFT JOIN closed_case k ON k.id = c.closed_case_id
LEFT JOIN expense e ON e.id = c.expense_id
LEFT JOIN mediator_post m ON m.id = c.mediator_post_id
WHERE c.id = $1
"""


async def facts_of(claim_id: int) -> ClaimFacts:
    """Return the facts behind a claim; the page has checked who reads."""
    row = await database.fetch_one(_FACTS, claim_id)
    assert row is not None  # noqa: S101 - the page has read the claim
    siblings = tuple(database.decoded(row["siblings"], list[Sibling]))
    return ClaimFacts(**{**row, "documents": tuple(row["documents"]), "siblings": siblings})
