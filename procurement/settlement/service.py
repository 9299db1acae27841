"""Computing a batch: one statement over all its claims, however many. Approving and paying it are
procurement.settlement.payout, giving an approved one up is procurement.settlement.revoking.
"""

from dataclasses import dataclass
from datetime import date

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.money import yuan
from app.core.state import advance
from app.core.text import N_
from procurement.settlement import rules
from procurement.settlement.lineup import judged
from procurement.settlement.rules import BatchEvent, BatchStatus

# The claims are locked in id order; what follows sees just these, whatever else is approved meanwhile. One that another
# run took while this one waited for its lock is not as it was seen, and stays out.
# The text that is hashed is the one of rules.input_sha256.
_COMPUTE = f"""
WITH waiting AS MATERIALIZED (
    SELECT w.id, coalesce(w.person_id, 0) AS person_id, coalesce(w.organization_id, 0) AS organization_id,
           w.budget_line_id, w.amount_fen, w.turn, w.bar
    FROM waiting_claim w JOIN claim c ON c.id = w.id
    WHERE c.status = w.status AND w.place_code LIKE $2 || '%' AND w.service_day >= $3 AND w.service_day < $4
    ORDER BY c.id FOR NO KEY UPDATE OF c),
{judged("$6")},
chosen AS MATERIALIZED (SELECT * FROM judged WHERE reason IS NULL),
batch AS (
    INSERT INTO settlement_batch (place_id, period_from, period_to, idempotency_key, cap_fen, input_sha256, status,
                                  total_fen, payment_count, claim_count, computed_by, computed_at)
    SELECT $1::bigint, $3::date, $4::date, $5::text, $6::bigint, sha256(convert_to(said.text, 'UTF8')), 'computed',
           said.fen, said.payees, said.claims, $7::bigint, $8::timestamptz
    FROM (SELECT sum(amount_fen) AS fen, count(*) AS claims, count(DISTINCT (person_id, organization_id)) AS payees,
                 format('["%s","%s","%s",[%s]%s]', $2::text, $3::date, $4::date,
                        string_agg(format('[%s,%s,%s,%s]', id, person_id, organization_id, amount_fen), ','
                                   ORDER BY id),
                        ',' || $6::bigint) AS text
          FROM chosen) AS said
    WHERE said.claims > 0 RETURNING id, reference, total_fen, payment_count, claim_count),
payment AS (
    INSERT INTO settlement_payment (batch_id, person_id, organization_id, amount_fen, status)
    SELECT batch.id, nullif(c.person_id, 0), nullif(c.organization_id, 0), sum(c.amount_fen), 'pending'
    FROM chosen c CROSS JOIN batch GROUP BY batch.id, c.person_id, c.organization_id
    ORDER BY c.person_id, c.organization_id
    RETURNING id, batch_id, coalesce(person_id, 0) AS person_id, coalesce(organization_id, 0) AS organization_id),
item AS (
    INSERT INTO settlement_item (batch_id, payment_id, claim_id, amount_fen)
    SELECT payment.batch_id, payment.id, c.id, c.amount_fen
    FROM chosen c JOIN payment USING (person_id, organization_id) ORDER BY payment.id, c.id),
marked AS (
    UPDATE claim SET status = 'batched', reason = CASE status WHEN 'returned_by_bank' THEN '' ELSE claim.reason END
    FROM chosen c WHERE claim.id = c.id AND EXISTS (SELECT FROM batch)),
left_out AS (
    INSERT INTO settlement_left_out (batch_id, claim_id, reason, line_number, amount_fen)
    SELECT batch.id, j.id, j.reason, row_number() OVER (PARTITION BY j.reason ORDER BY j.turn), j.amount_fen
    FROM judged j CROSS JOIN batch WHERE j.reason IS NOT NULL)
SELECT * FROM batch
"""
_FIRST_IN_LINE = """
SELECT amount_fen FROM waiting_claim
WHERE bar IS NULL AND amount_fen > 0 AND place_code LIKE $1 || '%' AND service_day >= $2 AND service_day < $3
ORDER BY turn LIMIT 1
"""


class NothingToSettle(DomainError):
    """No approved claim lies in the period."""

    code, status, message = "nothing_to_settle", 409, N_("这个区县在这段时间没有已通过、未付款的申领。")


class CapTooSmall(DomainError):
    """The money at hand does not even pay the claim whose turn it is; nobody overtakes it."""

    code, status = "settlement_cap_too_small", 409
    message = N_("可用额度 %(cap)s 不够付排在最前的一件（%(first)s），没有生成批次。后面的申领不能越过它。")


class SettlementKeyConflict(DomainError):
    """The same key was used for another place, period or cap."""

    code, status, message = (
        "settlement_key_conflict",
        409,
        N_("批次编号 %(key)s 已用于另一区县、另一时段或另一额度，请换一个编号。"),
    )


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is over: a place, days up to but without ``period_to``, and the money at hand if it is limited."""

    place_code: str
    period_from: date
    period_to: date
    cap_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A computed batch; ``fresh`` tells whether this call made it or found it."""

    id: int
    reference: str
    total_fen: int
    payment_count: int
    claim_count: int
    fresh: bool


async def compute_batch(
    principal: Principal, place_code: str, period_from: date, period_to: date, key: str, cap_fen: int | None = None
) -> Batch:
    """Put every approved, unpaid claim of a district and period into one batch.

    Claims of a payee whose account the bank returned wait until the payee names it anew; claims whose purchase is
    challenged wait until nothing holds it; claims of public officials, of payees who may be one person, and disputed
    ones wait until somebody has decided. With a cap those are paid whose turn it is, the oldest approval first,
    until one does not fit; what was paid too much for a case is deducted where its payee receives more from the same
    budget line. Each that is left out is written down with the reason.

    Idempotent: the same key with the same run returns the same batch, whoever else runs at the same time; a
    different place, period or cap is a conflict. Days from ``period_from`` up to but without ``period_to``.
    """
    principal.scope(Permission.SETTLEMENT_COMPUTE).require_place(place_code)
    run = Run(place_code, period_from, period_to, cap_fen)
    async with transaction():
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", place_code)
        if place_id is None:
            raise NotFound
        # One run at a time for each key: the second waits here and then finds the batch.
        await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"settlement:{key}")
        found = await _existing(key, place_id, run)
        if found:
            return found
        return await _write(principal, place_id, key, run)


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
        await free_claims(batch_id)
        await database.update_row("settlement_batch", batch_id, {"status": status.value})
        await audit.record(principal, "settlement.cancelled", "settlement_batch", batch_id)


async def free_claims(batch_id: int) -> None:
    """Let a batch's claims wait for another one; in the caller's transaction, which gives the batch up."""
    await database.execute("UPDATE settlement_item SET live = false WHERE batch_id = $1", batch_id)
    await database.execute(
        """UPDATE claim SET status = 'approved'
           WHERE id IN (SELECT claim_id FROM settlement_item WHERE batch_id = $1)""",
        batch_id,
    )


async def _existing(key: str, place_id: int, run: Run) -> Batch | None:
    row = await database.fetch_one(
        """SELECT id, reference, total_fen, payment_count, claim_count, place_id, period_from, period_to, cap_fen
           FROM settlement_batch WHERE idempotency_key = $1""",
        key,
    )
    if row is None:
        return None
    asked = (place_id, run.period_from, run.period_to, run.cap_fen)
    if (row["place_id"], row["period_from"], row["period_to"], row["cap_fen"]) != asked:
        raise SettlementKeyConflict(key=key)
    counted = ("id", "reference", "total_fen", "payment_count", "claim_count")
    return Batch(**{name: row[name] for name in counted}, fresh=False)


async def _write(principal: Principal, place_id: int, key: str, run: Run) -> Batch:
    days = (run.place_code, run.period_from, run.period_to)
    row = await database.fetch_one(
        _COMPUTE, place_id, *days, key, run.cap_fen, principal.actor, clock.now()
    )  # fmt: skip
    if row is None:
        first = await database.fetch_value(_FIRST_IN_LINE, *days)
        if run.cap_fen is None or first is None:
            raise NothingToSettle
        raise CapTooSmall(cap=yuan(run.cap_fen), first=yuan(first))
    detail = {"claims": row["claim_count"], "total_fen": row["total_fen"]}
    await audit.record(principal, "settlement.computed", "settlement_batch", row["id"], **detail)
    return Batch(**row, fresh=True)
