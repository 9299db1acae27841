"""Computing a batch. Approving and paying it are procurement.settlement.payout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from app.core.text import N_
from procurement.claims.payees.queries import PAYABLE
from procurement.settlement import rules
from procurement.settlement.rules import ApprovedClaim, BatchEvent, BatchStatus, Payee, Payment

_APPROVED = f"""
SELECT c.id, coalesce(c.person_id, 0) AS person_id, coalesce(c.organization_id, 0) AS organization_id, c.amount_fen
FROM claim c JOIN place ON place.id = c.place_id
WHERE c.status IN ('approved', 'returned_by_bank') AND place.code LIKE $1 || '%'
  AND c.service_day >= $2 AND c.service_day < $3
  AND (coalesce(c.person_id, 0), coalesce(c.organization_id, 0))
      NOT IN (SELECT person_id, organization_id FROM returned_account)
  AND NOT EXISTS (SELECT FROM contract k WHERE k.id = c.contract_id AND purchase_is_held(k.purchase_id))
  AND {PAYABLE}
ORDER BY c.id FOR NO KEY UPDATE OF c
"""


class NothingToSettle(DomainError):
    """No approved claim lies in the period."""

    code, status, message = "nothing_to_settle", 409, N_("这个区县在这段时间没有已通过、未付款的申领。")


class SettlementKeyConflict(DomainError):
    """The same key was used for another place or period."""

    code, status, message = (
        "settlement_key_conflict",
        409,
        N_("批次编号 %(key)s 已用于另一区县或另一时段，请换一个编号。"),
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """A computed batch; ``fresh`` tells whether this call made it or found it."""

    id: int
    reference: str
    total_fen: int
    payment_count: int
    claim_count: int
    fresh: bool


async def compute_batch(principal: Principal, place_code: str, period_from: date, period_to: date, key: str) -> Batch:
    """Put every approved, unpaid claim of a district and period into one batch.

    Claims of a payee whose account the bank returned wait until the payee names it anew; claims whose purchase is
    challenged wait until nothing holds it; claims of public officials, of payees who may be one person, and disputed
    ones wait until somebody has decided.

    Idempotent: the same key with the same place and period returns the same batch, whoever else runs at
    the same time; a different place or period is a conflict. Days from ``period_from`` up to but without
    ``period_to``.
    """
    principal.scope(Permission.SETTLEMENT_COMPUTE).require_place(place_code)
    async with transaction():
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", place_code)
        if place_id is None:
            raise NotFound
        # One run at a time for each key: the second waits here and then finds the batch.
        await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"settlement:{key}")
        found = await _existing(key, place_id, period_from, period_to)
        if found:
            return found
        claims = await _approved_claims(place_code, period_from, period_to)
        if not claims:
            raise NothingToSettle
        return await _write(principal, place_id, place_code, period_from, period_to, key, claims)


async def cancel_batch(principal: Principal, batch_id: int) -> None:
    """Give up a computed batch; its claims wait again."""
    scope = principal.scope(Permission.SETTLEMENT_COMPUTE)
    async with transaction():
        row = await database.fetch_one(
            """SELECT b.status, place.code FROM settlement_batch b JOIN place ON place.id = b.place_id
               WHERE b.id = $1 FOR NO KEY UPDATE OF b""",
            batch_id,
        )
        if row is None:
            raise NotFound
        scope.require_place(row["code"])
        status = advance(rules.TRANSITIONS, BatchStatus(row["status"]), BatchEvent.CANCEL)
        await database.execute("UPDATE settlement_item SET live = false WHERE batch_id = $1", batch_id)
        await database.execute(
            """UPDATE claim SET status = 'approved'
               WHERE id IN (SELECT claim_id FROM settlement_item WHERE batch_id = $1)""",
            batch_id,
        )
        await database.update_row("settlement_batch", batch_id, {"status": status.value})
        await audit.record(principal, "settlement.cancelled", "settlement_batch", batch_id)


async def _existing(key: str, place_id: int, period_from: date, period_to: date) -> Batch | None:
    row = await database.fetch_one(
        """SELECT id, reference, total_fen, payment_count, claim_count, place_id, period_from, period_to
           FROM settlement_batch WHERE idempotency_key = $1""",
        key,
    )
    if row is None:
        return None
    if (row["place_id"], row["period_from"], row["period_to"]) != (place_id, period_from, period_to):
        raise SettlementKeyConflict(key=key)
    counted = ("id", "reference", "total_fen", "payment_count", "claim_count")
    return Batch(**{name: row[name] for name in counted}, fresh=False)


async def _approved_claims(place_code: str, period_from: date, period_to: date) -> list[ApprovedClaim]:
    rows = await database.fetch(_APPROVED, place_code, period_from, period_to)
    return [
        ApprovedClaim(row["id"], Payee(row["person_id"], row["organization_id"]), row["amount_fen"]) for row in rows
    ]


async def _write(
    principal: Principal, place_id: int, place_code: str, period_from: date, period_to: date, key: str,
    claims: Sequence[ApprovedClaim],
) -> Batch:  # fmt: skip
    payments = rules.merged_payments(claims)
    total = sum(payment.amount_fen for payment in payments)
    batch_id = await database.insert_row(
        "settlement_batch",
        {
            "place_id": place_id,
            "period_from": period_from,
            "period_to": period_to,
            "idempotency_key": key,
            "input_sha256": rules.input_sha256(place_code, period_from, period_to, claims),
            "status": BatchStatus.COMPUTED.value,
            "total_fen": total,
            "payment_count": len(payments),
            "claim_count": len(claims),
            "computed_by": principal.actor,
            "computed_at": clock.now(),
        },
    )
    await _write_payments(batch_id, payments)
    await database.execute(
        """UPDATE claim SET status = 'batched', reason = CASE status WHEN 'returned_by_bank' THEN '' ELSE reason END
           WHERE id = ANY($1)""",
        [claim.id for claim in claims],
    )
    await audit.record(
        principal, "settlement.computed", "settlement_batch", batch_id, claims=len(claims), total_fen=total
    )
    reference = await database.fetch_value("SELECT reference FROM settlement_batch WHERE id = $1", batch_id)
    return Batch(batch_id, reference, total, len(payments), len(claims), fresh=True)


async def _write_payments(batch_id: int, payments: Sequence[Payment]) -> None:
    stored = await database.fetch(
        """INSERT INTO settlement_payment (batch_id, person_id, organization_id, amount_fen, status)
           SELECT $1, nullif(d.person_id, 0), nullif(d.organization_id, 0), d.amount_fen, 'pending'
           FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS d (person_id, organization_id, amount_fen)
           RETURNING id, coalesce(person_id, 0) AS person_id, coalesce(organization_id, 0) AS organization_id""",
        batch_id,
        *database.columns([(p.payee.person_id, p.payee.organization_id, p.amount_fen) for p in payments], 3),
    )
    ids = {Payee(row["person_id"], row["organization_id"]): row["id"] for row in stored}
    await database.copy_rows(
        "settlement_item",
        ("batch_id", "payment_id", "claim_id", "amount_fen"),
        [(batch_id, ids[p.payee], claim.id, claim.amount_fen) for p in payments for claim in p.claims],
    )
