"""Reading the lower half of the way: a unit, a claim; people served are numbers, who delivered goes by name."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound
from procurement.claims.rules import ClaimStatus
from procurement.deliveries.acceptances.queries import Round, rounds_of
from procurement.deliveries.opinions.queries import minimum
from procurement.deliveries.opinions.rules import Opinions
from procurement.deliveries.proofs.queries import needs_of
from procurement.deliveries.proofs.rules import Need
from procurement.deliveries.rules import OrderStatus
from procurement.ledger.rules import EntryKind
from procurement.reading import reading_scope
from procurement.settlement.rules import BatchStatus

READER = Permission.LEDGER_READ


@dataclass(frozen=True, slots=True)
class Way:
    """Where a unit or claim hangs: its line, and its purchase if the work was bought."""

    year: int
    line_place: str
    programme: str
    programme_zh: str
    programme_en: str
    purchase: str | None = None
    unit: str | None = None


class Came(msgspec.Struct, array_like=True, frozen=True):
    """One person who delivered, as the station confirmed."""

    name: str
    minutes: int
    served: int


@dataclass(frozen=True, slots=True)
class PaidView:
    """Where a claim's money is; ``bank_line`` is its payee's line of the bank's file."""

    batch: str
    batch_status: BatchStatus
    payment_fen: int
    payment_status: str
    paid_at: datetime | None
    bank_line: int
    file_sha256: str | None
    returned_on: date | None
    return_reason: str | None


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit from the order to the money."""

    id: int
    reference: str
    status: OrderStatus
    starts: datetime
    minutes: int
    place_zh: str
    place_en: str
    assignment: str | None
    people: tuple[Came, ...]
    reached: int | None
    accepted_at: datetime | None
    claim: str | None
    claim_status: ClaimStatus | None
    amount_fen: int
    opinions: Opinions
    needs: tuple[Need, ...]
    rounds: tuple[Round, ...]
    paid: PaidView | None
    way: Way


class Posted(msgspec.Struct, frozen=True):
    """One posting in words."""

    title_zh: str
    title_en: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the books with its postings, which sum to zero."""

    kind: EntryKind
    booked_on: date
    postings: list[Posted]


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One claim from its work to the bank."""

    id: int
    reference: str
    status: ClaimStatus
    service_day: date
    amount_fen: int
    payee_zh: str
    payee_en: str
    place_zh: str
    place_en: str
    assignment: str | None
    minutes: int | None
    served: int | None
    accrued_at: datetime
    approved_at: datetime | None
    approver: str | None
    paid: PaidView | None
    entries: list[EntryView]
    way: Way


_WAY = """
l.year, line_place.code AS line_place, programme.code AS programme, programme.name_zh AS programme_zh,
programme.name_en AS programme_en, p.reference AS purchase
"""
_TO_LINE = """
JOIN place line_place ON line_place.id = l.place_id JOIN programme ON programme.id = l.programme_id
"""
_UNIT = f"""
SELECT o.id, o.reference, o.status, o.wished_start AS starts, o.minutes, village.name_zh AS place_zh,
       village.name_en AS place_en, a.reference AS assignment, t.people_reached AS reached,
       CASE t.verdict WHEN 'accepted' THEN t.accepted_at END AS accepted_at,
       claim.id AS claim_id, claim.reference AS claim, claim.status AS claim_status,
       coalesce(u.price_fen - u.offset_fen, claim.amount_fen, 0) AS amount_fen, said.count, said.stars,
       coalesce((SELECT jsonb_agg(jsonb_build_array(person.name, w.minutes, w.people_served) ORDER BY s.id)
                 FROM sign_up s JOIN person ON person.id = s.person_id JOIN attendance_now w ON w.sign_up_id = s.id
                 WHERE s.assignment_id = a.id AND w.outcome = 'attended'), '[]')::text AS people, {_WAY}
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
JOIN place ON place.id = p.place_id JOIN place village ON village.id = o.place_id
JOIN budget_line l ON l.id = p.budget_line_id {_TO_LINE}
LEFT JOIN assignment a ON a.id = o.assignment_id
LEFT JOIN acceptance t ON t.village_order_id = o.id
LEFT JOIN unit_payment u ON u.village_order_id = o.id
LEFT JOIN claim ON claim.village_order_id = o.id OR claim.contract_payment_id = u.contract_payment_id
CROSS JOIN LATERAL (SELECT count(*)::integer AS count, coalesce(sum(r.stars), 0)::integer AS stars
                    FROM shift_rating r WHERE r.assignment_id = o.assignment_id) AS said
WHERE o.reference = $1 AND place.code LIKE ANY($2)
"""
_CLAIM = f"""
SELECT claim.id, claim.reference, claim.status, claim.service_day, claim.amount_fen,
       coalesce(person.name, org.name_zh) AS payee_zh,
       coalesce(person.name, nullif(org.name_en, ''), org.name_zh) AS payee_en, place.name_zh AS place_zh,
       place.name_en AS place_en, a.reference AS assignment, w.minutes, w.people_served AS served, claim.accrued_at,
       claim.approved_at, judge.display_name AS approver, o.reference AS unit, {_WAY}
FROM claim JOIN place ON place.id = claim.place_id JOIN budget_line l ON l.id = claim.budget_line_id {_TO_LINE}
LEFT JOIN person ON person.id = claim.person_id LEFT JOIN organization org ON org.id = claim.organization_id
LEFT JOIN sign_up s ON s.id = claim.sign_up_id LEFT JOIN attendance_now w ON w.sign_up_id = s.id
LEFT JOIN village_order o ON o.id = claim.village_order_id LEFT JOIN contract c ON c.id = claim.contract_id
LEFT JOIN purchase p ON p.id = c.purchase_id LEFT JOIN assignment a ON a.id = coalesce(s.assignment_id, o.assignment_id)
LEFT JOIN account judge ON judge.id = claim.approved_by
WHERE claim.reference = $1 AND place.code LIKE ANY($2)
"""
# The bank's file has one line per payment, in the order of their ids (procurement.settlement.payout).
_PAID = """
SELECT b.reference AS batch, b.status AS batch_status, pay.amount_fen AS payment_fen, pay.status AS payment_status,
       b.paid_at, encode(f.content_sha256, 'hex') AS file_sha256, r.returned_on, r.reason_zh AS return_reason,
       (SELECT count(*) FROM settlement_payment x WHERE x.batch_id = b.id AND x.id <= pay.id) AS bank_line
FROM settlement_item i JOIN settlement_payment pay ON pay.id = i.payment_id JOIN settlement_batch b ON b.id = i.batch_id
LEFT JOIN bank_file f ON f.batch_id = b.id LEFT JOIN bank_return r ON r.payment_id = pay.id
WHERE i.claim_id = $1 AND (i.live OR r.id IS NOT NULL) ORDER BY i.id DESC LIMIT 1
"""
_ENTRIES = """
SELECT t.kind, t.booked_on,
       (SELECT jsonb_agg(jsonb_build_object(
                   'amount_fen', p.amount_fen,
                   'title_zh', coalesce(person.name, org.name_zh, programme.name_zh, place.name_zh, b.reference,
                                        a.code),
                   'title_en', coalesce(org.name_en, programme.name_en, place.name_en, '')) ORDER BY p.id)
        FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
        LEFT JOIN person ON person.id = a.person_id LEFT JOIN organization org ON org.id = a.organization_id
        LEFT JOIN budget_line l ON l.id = a.budget_line_id LEFT JOIN programme ON programme.id = l.programme_id
        LEFT JOIN place ON place.id = a.place_id LEFT JOIN settlement_batch b ON a.code = 'clearing:batch:' || b.id
        WHERE p.transaction_id = t.id)::text AS postings
FROM ledger_transaction t
WHERE t.source_type = 'claim' AND t.source_id = $1
   OR t.source_type = 'settlement_payment'
      AND t.source_id IN (SELECT payment_id FROM settlement_item WHERE claim_id = $1)
ORDER BY t.id
"""


async def unit(principal: Principal, reference: str) -> UnitPage:
    """Return one unit with everything that proves it and what became of its money."""
    row = await database.fetch_one(_UNIT, reference, reading_scope(principal, READER).like_patterns())
    if row is None:
        raise NotFound
    way, claim_id = _way(row), row.pop("claim_id")
    row |= {
        "status": OrderStatus(row["status"]),
        "claim_status": ClaimStatus(row["claim_status"]) if row["claim_status"] else None,
        "people": database.decoded(row["people"], tuple[Came, ...]),
        "opinions": Opinions(row.pop("count"), row.pop("stars"), await minimum()),
    }
    return UnitPage(
        **row,
        needs=tuple((await needs_of([row["id"]])).get(row["id"], ())),
        rounds=tuple(await rounds_of(row["id"])),
        paid=await _paid(claim_id),
        way=way,
    )


async def claim(principal: Principal, reference: str) -> ClaimPage:
    """Return one claim with its entries in the books and its line of the bank's file."""
    row = await database.fetch_one(_CLAIM, reference, reading_scope(principal, READER).like_patterns())
    if row is None:
        raise NotFound
    way = _way(row, unit=row.pop("unit"))
    entries = [
        EntryView(EntryKind(one["kind"]), one["booked_on"], database.decoded(one["postings"], list[Posted]))
        for one in await database.fetch(_ENTRIES, row["id"])
    ]
    row["status"] = ClaimStatus(row["status"])
    return ClaimPage(**row, paid=await _paid(row["id"]), entries=entries, way=way)


async def _paid(claim_id: int | None) -> PaidView | None:
    row = await database.fetch_one(_PAID, claim_id) if claim_id is not None else None
    return PaidView(**{**row, "batch_status": BatchStatus(row["batch_status"])}) if row else None


def _way(row: Row, unit: str | None = None) -> Way:
    named = {name: row.pop(name) for name in Way.__dataclass_fields__ if name != "unit"}
    return Way(**named, unit=unit)
