"""Approving a batch and paying it: two more people, two more sets of entries, one file for the bank."""

from collections.abc import Sequence
from typing import Any

from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from app.core.text import N_
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, Movement, Pot, spend
from procurement.ledger import posting
from procurement.ledger.rules import Account, Entry, EntryKind, Posting, clearing_account, payable_account
from procurement.ledger.rules import treasury_account as treasury_of
from procurement.separation import OnePersonOnMoney
from procurement.settlement import bank_file, rules
from procurement.settlement.bank_file import BankFile, BankLine
from procurement.settlement.planning import service as planning
from procurement.settlement.rules import BatchEvent, BatchStatus

_BATCH = """
SELECT b.id, b.reference, b.status, b.total_fen, b.place_id, b.computed_by, b.approved_by, place.code AS place_code
FROM settlement_batch b JOIN place ON place.id = b.place_id WHERE b.id = $1 FOR NO KEY UPDATE OF b
"""
# A payee may name another account tomorrow: what the money went to is kept with the payment, sealed as it was.
_PAY = """
UPDATE settlement_payment pay SET status = 'paid', bank_name = payee.bank_name, account_sealed = payee.account_sealed
FROM (SELECT pay.id, coalesce(p.bank_name, o.bank_name) AS bank_name,
             coalesce(p.bank_account_sealed, o.bank_account_sealed) AS account_sealed
      FROM settlement_payment pay
      LEFT JOIN person p ON p.id = pay.person_id LEFT JOIN organization o ON o.id = pay.organization_id
      WHERE pay.batch_id = $1) AS payee
WHERE payee.id = pay.id
"""
_LINES = """
SELECT pay.id, pay.amount_fen, coalesce(p.name, o.name_zh) AS name, pay.bank_name, pay.account_sealed AS sealed,
       coalesce(p.subject_key_id, o.subject_key_id) AS subject_key_id
FROM settlement_payment pay
LEFT JOIN person p ON p.id = pay.person_id LEFT JOIN organization o ON o.id = pay.organization_id
WHERE pay.batch_id = $1 ORDER BY pay.id
"""


class BankAccountMissing(DomainError):
    """A payee without a bank account cannot be paid."""

    code, status = "bank_account_missing", 409
    message = N_("有 %(count)s 位收款人没有登记银行账户，先补登再付款。第一位：%(name)s")


class AccountReturned(DomainError):
    """Money came back from the very account that a payee still names."""

    code, status = "settlement_account_corrected", 409
    message = N_("有收款人的账户曾被银行退回，还没有更正，不能付款。请联系收款人更正，或撤销批次重新核算。")


class BatchChallenged(DomainError):
    """A claim of the batch belongs to a purchase that is challenged: what it bought is not paid for the time being."""

    code, status = "settlement_of_challenged", 409
    message = N_("批次里有申领的采购正在处理质疑或投诉，暂停付款。请撤销批次重新核算，暂停的申领会留到以后。")


async def approve_batch(principal: Principal, batch_id: int) -> None:
    """Approve a computed batch: what was owed now waits in the batch's clearing account."""
    async with transaction():
        batch = await locked_batch(principal, batch_id, Permission.SETTLEMENT_APPROVE)
        status = advance(rules.TRANSITIONS, BatchStatus(batch["status"]), BatchEvent.APPROVE)
        if principal.account_id == batch["computed_by"]:
            raise OnePersonOnMoney
        approved = {"status": status.value, "approved_by": principal.actor, "approved_at": clock.now()}
        async with database.refusing({"settlement_of_challenged": BatchChallenged}):
            await database.update_row("settlement_batch", batch_id, approved)
        payments = await _payments(batch_id)
        clearing = clearing_account(batch_id)
        owed = {row["id"]: _payable(row) for row in payments}
        entries = [
            _entry(EntryKind.INSTRUCTION, row["id"], row["amount_fen"], debit=owed[row["id"]], credit=clearing)
            for row in payments
        ]
        await posting.post(principal, [clearing, *owed.values()], entries)
        await planning.tell_left_out(batch_id)
        await audit.record(principal, "settlement.approved", "settlement_batch", batch_id)


async def pay_batch(principal: Principal, batch_id: int) -> BankFile:
    """Hand an approved batch to the bank: write the file, book the payout, consume the budget."""
    async with transaction():
        batch = await locked_batch(principal, batch_id, Permission.SETTLEMENT_PAY)
        status = advance(rules.TRANSITIONS, BatchStatus(batch["status"]), BatchEvent.PAY)
        if principal.account_id in (batch["computed_by"], batch["approved_by"]):
            raise OnePersonOnMoney
        async with database.refusing({"settlement_account_corrected": AccountReturned}):
            await database.execute(_PAY, batch_id)
        file = await _bank_file(batch)
        await _record_file(batch_id, file)
        await _spend(principal, batch_id)
        await database.execute(
            """UPDATE claim SET status = 'paid'
               WHERE id IN (SELECT claim_id FROM settlement_item WHERE batch_id = $1 AND live)""",
            batch_id,
        )
        await database.update_row(
            "settlement_batch", batch_id, {"status": status.value, "paid_by": principal.actor, "paid_at": clock.now()}
        )
        await _book_payout(principal, batch)
        await audit.record(principal, "settlement.paid", "settlement_batch", batch_id, file=file.sha256.hex())
    return file


async def bank_file_again(principal: Principal, batch_id: int) -> BankFile:
    """Write a paid batch's file anew, byte for byte; looking at account numbers leaves a trace."""
    async with transaction():
        batch = await locked_batch(principal, batch_id, Permission.SETTLEMENT_PAY)
        if batch["status"] != BatchStatus.PAID:
            raise NotFound
        await audit.record(principal, "settlement.bank_file_read", "settlement_batch", batch_id)
        return await _bank_file(batch)


async def locked_batch(principal: Principal, batch_id: int, permission: Permission) -> dict[str, Any]:
    """Lock a batch for a step that the person may take in its district; to others it does not exist."""
    scope = principal.scope(permission)
    batch = await database.fetch_one(_BATCH, batch_id)
    if batch is None:
        raise NotFound
    scope.require_place(batch["place_code"])
    return batch


async def _payments(batch_id: int) -> list[dict[str, Any]]:
    return await database.fetch(
        "SELECT id, person_id, organization_id, amount_fen FROM settlement_payment WHERE batch_id = $1 ORDER BY id",
        batch_id,
    )


def _payable(row: dict[str, Any]) -> Account:
    return payable_account(person_id=row["person_id"], organization_id=row["organization_id"])


def _entry(kind: EntryKind, payment_id: int, fen: int, *, debit: Account, credit: Account) -> Entry:
    postings = (Posting(debit.code, fen), Posting(credit.code, -fen))
    return Entry(f"{kind.value}:payment:{payment_id}", clock.today(), kind, "settlement_payment", payment_id, postings)


async def _bank_file(batch: dict[str, Any]) -> BankFile:
    rows = await database.fetch(_LINES, batch["id"])
    without = [row["name"] for row in rows if row["sealed"] is None]
    if without:
        raise BankAccountMissing(count=len(without), name=without[0])
    keys = await vault.subject_keys({row["subject_key_id"] for row in rows})
    if len(keys) < len({row["subject_key_id"] for row in rows}):
        raise vault.DataErased
    lines = [
        BankLine(row["name"], row["bank_name"], keys[row["subject_key_id"]].open(row["sealed"]), row["amount_fen"])
        for row in rows
    ]
    return bank_file.gb18030_csv(batch["reference"], lines)


async def _record_file(batch_id: int, file: BankFile) -> None:
    await database.insert_row(
        "bank_file",
        {
            "batch_id": batch_id,
            "format": "gb18030_csv",
            "content_sha256": file.sha256,
            "line_count": file.line_count,
            "total_fen": file.total_fen,
            "made_at": clock.now(),
        },
    )


async def _spend(principal: Principal, batch_id: int) -> None:
    rows = await database.fetch(
        """SELECT c.id, i.id AS item_id, c.budget_line_id, c.amount_fen, c.contract_id IS NOT NULL AS bought,
                  EXISTS (SELECT FROM settlement_item before JOIN bank_return r ON r.payment_id = before.payment_id
                          WHERE before.claim_id = c.id) AS again
           FROM settlement_item i JOIN claim c ON c.id = i.claim_id
           WHERE i.batch_id = $1 AND i.live ORDER BY c.id FOR NO KEY UPDATE OF c""",
        batch_id,
    )
    await movements.post_movements(principal, [_spent(row) for row in rows])


def _spent(row: dict[str, Any]) -> Movement:
    """Spend a claim's money; what came back once is spent by its new item."""
    source = MoneySource("settlement_item", row["item_id"]) if row["again"] else MoneySource("claim", row["id"])
    return spend(row["budget_line_id"], row["amount_fen"], source, pot_of(row))


def pot_of(row: dict[str, Any]) -> Pot:
    """Return where a claim's money waits for its payment."""
    return Pot.COMMITTED if row["bought"] else Pot.RESERVED


async def _book_payout(principal: Principal, batch: dict[str, Any]) -> None:
    clearing, treasury = clearing_account(batch["id"]), treasury_of(batch["place_id"], batch["place_code"])
    payments: Sequence[dict[str, Any]] = await _payments(batch["id"])
    entries = [
        _entry(EntryKind.PAYOUT, row["id"], row["amount_fen"], debit=clearing, credit=treasury) for row in payments
    ]
    await posting.post(principal, [clearing, treasury], entries)
