"""When a contract ends, in time or early: what its budget line may have back, and what its supplier must give back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.blocks import LawRefusal
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, Pot, give_back, release
from procurement.ledger import posting
from procurement.ledger.rules import Entry, EntryKind, Posting, expense_account, treasury_account
from procurement.payments.accrual import accrue
from procurement.payments.rules import AS_AGREED


class NothingToReturn(LawRefusal):
    """No advance of this contract is due back: it is earned, not paid yet, returned already, or the work goes on."""

    code, status = "advance_return_not_due", 409
    source, compared = AS_AGREED, N_("没有应退的预付款")
    reason = N_("这份合同现在没有应退的预付款：合同还在履行，预付款还没有付，已经冲抵完，或已经退回。")
    remedy = N_("请核对合同和银行回单。")


class AdvanceOffset(LawRefusal):
    """Units were already reduced by it."""

    code, status = "advance_already_offset", 409
    source, compared = AS_AGREED, N_("已经冲抵")
    reason = N_("预付款已经冲抵了验收的服务，不能再驳回。")
    remedy = N_("请退回更正，或在合同结束时登记退款。")


_NOT_DUE = ("advance_return_due", "advance_return_contract_id_key", "advance_return_amount_fen_check")


@dataclass(frozen=True, slots=True)
class Received:
    """Money that came back: when, and the voucher that says so."""

    received_on: date
    document: str


async def release_rests(principal: Principal, purchase_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Free what ended contracts leave over, in the current transaction; return how much, by purchase.

    For every way in which a contract ends. What was accepted is claimed first; whatever no claim needs is free (a
    rejected one has freed its own). An advance that nobody earned is spent, and free again once it is returned.
    """
    if not purchase_ids:
        return {}
    contracts = await database.fetch("SELECT id FROM contract WHERE purchase_id = ANY($1)", list(purchase_ids))
    await accrue([row["id"] for row in contracts], now)
    rows = await database.fetch(_RESTS, list(purchase_ids))
    await post_movements(
        principal,
        [
            release(row["budget_line_id"], row["rest_fen"], MoneySource("purchase", row["id"]), Pot.COMMITTED)
            for row in rows
            if row["rest_fen"]
        ],
    )
    return {row["id"]: row["rest_fen"] for row in rows}


async def is_ended(contract_id: int) -> bool:
    """Tell whether a contract whose row the caller has locked ended before all was accepted, its rest freed."""
    return bool(
        await database.fetch_value(
            "SELECT contract_is_over(id) AND accepted < quantity + added FROM contract WHERE id = $1",
            contract_id,
        )
    )


async def return_advance(principal: Principal, contract_reference: str, received: Received) -> int:
    """Book the money that a supplier gave back: the treasury has it again, and the budget line may use it.

    Returns the amount in fen. Raises NothingToReturn where nothing is due; the database lets it happen once.
    """
    scope = principal.scope(Permission.SETTLEMENT_PAY)
    _refuse_incomplete(received)
    async with transaction():
        row = await database.fetch_one(_DUE_BACK, contract_reference)
        if row is None:
            raise NotFound
        scope.require_place(row["place_code"])
        async with database.refusing(dict.fromkeys(_NOT_DUE, NothingToReturn)):
            booked = await database.insert_row(
                "advance_return",
                {
                    "contract_id": row["id"],
                    "amount_fen": row["unearned_fen"],
                    "received_on": received.received_on,
                    "document": received.document.strip(),
                    "booked_by": principal.actor,
                    "booked_at": clock.now(),
                },
            )
        await _book(principal, row, booked)
        await audit.record(principal, "contract.advance_returned", "contract", row["id"], fen=row["unearned_fen"])
        return int(row["unearned_fen"])


def _refuse_incomplete(received: Received) -> None:
    fields = {}
    if not received.document.strip():
        fields["document"] = Message(N_("请填写收款凭证号。"))
    if received.received_on > clock.today():
        fields["received_on"] = Message(N_("到账日期不能晚于今天。"))
    if fields:
        raise InvalidInput(fields)


async def _book(principal: Principal, row: Row, booked: int) -> None:
    fen, line, source = row["unearned_fen"], row["budget_line_id"], MoneySource("advance_return", booked)
    treasury, cost = treasury_account(row["treasury_id"], row["treasury_code"]), expense_account(line)
    postings = (Posting(treasury.code, fen), Posting(cost.code, -fen))
    entry = Entry(f"return:advance:{booked}", clock.today(), EntryKind.RETURN, source.type, booked, postings)
    await posting.post(principal, [treasury, cost], [entry])
    await post_movements(principal, [give_back(row["charged_line"], fen, source, Pot.COMMITTED)])
    await post_movements(principal, [release(line, fen, source, Pot.COMMITTED)])


_RESTS = """
SELECT p.id, p.budget_line_id, (c.quantity + c.added) * c.unit_price_fen - coalesce(claimed.fen, 0) AS rest_fen
FROM purchase p JOIN contract c ON c.purchase_id = p.id,
    LATERAL (SELECT sum(amount_fen)::bigint AS fen FROM claim
             WHERE contract_id = c.id AND (item <> 'advance' OR claim_lives(status))) AS claimed
WHERE p.id = ANY($1) ORDER BY p.id
"""
# Returned to the treasury that paid: the place of the batch.
_DUE_BACK = """
SELECT c.id, p.budget_line_id, place.code AS place_code, unearned_advance(c.id) AS unearned_fen,
       coalesce(paid.place_id, place.id) AS treasury_id, coalesce(paid.code, place.code) AS treasury_code,
       coalesce(paid.charged_line, p.budget_line_id) AS charged_line
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
LEFT JOIN LATERAL (
    SELECT b.place_id, at.code, (SELECT m.budget_line_id FROM budget_movement m
           WHERE m.kind = 'spend' AND (m.source_type, m.source_id) IN (('settlement_item', i.id), ('claim', k.id))
           ORDER BY m.id DESC LIMIT 1) AS charged_line
    FROM contract_payment a JOIN claim k ON k.contract_payment_id = a.id
    JOIN settlement_item i ON i.claim_id = k.id AND i.live JOIN settlement_batch b ON b.id = i.batch_id
    JOIN place at ON at.id = b.place_id WHERE a.contract_id = c.id AND a.kind = 'advance') AS paid ON true
WHERE c.reference = $1 FOR NO KEY UPDATE OF c
"""
