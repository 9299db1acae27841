"""Approving a batch and paying it: two more people, two more sets of entries, one file for the bank."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, Movement, Pot, give_back, release, spend
from procurement.ledger import posting
from procurement.ledger.rules import Account, Entry, EntryKind, Posting, clearing_account, payable_account, tax_account
from procurement.ledger.rules import treasury_account as treasury_of
from procurement.separation import OnePersonOnMoney
from procurement.settlement import bank_file, rules
from procurement.settlement.bank_file import BankFile
from procurement.settlement.bank_lines import lines_of, require_accounts
from procurement.settlement.layouts.queries import layout_by_id, layout_for
from procurement.settlement.layouts.rules import CELL_NAMES, Cell, FileFormat, Layout, Misfit
from procurement.settlement.planning import service as planning
from procurement.settlement.rules import BatchEvent, BatchStatus
from procurement.taxes.service import Payer, withhold

_BATCH = """
SELECT b.id, b.reference, b.status, b.total_fen, b.place_id, b.computed_by, b.approved_by, place.code AS place_code
FROM settlement_batch b JOIN place ON place.id = b.place_id WHERE b.id = $1 FOR NO KEY UPDATE OF b
"""
# A payee may name another account, or be called otherwise, tomorrow: what the money went to is kept with the payment.
_PAY = """
UPDATE settlement_payment pay
SET status = 'paid', bank_name = payee.bank_name, account_sealed = payee.account_sealed, name_sealed = sealed.name
FROM (SELECT pay.id, coalesce(p.bank_name, o.bank_name) AS bank_name,
             coalesce(p.bank_account_sealed, o.bank_account_sealed) AS account_sealed
      FROM settlement_payment pay
      LEFT JOIN person p ON p.id = pay.person_id LEFT JOIN organization o ON o.id = pay.organization_id
      WHERE pay.batch_id = $1) AS payee
LEFT JOIN unnest($2::bigint[], $3::bytea[]) AS sealed (payment_id, name) ON sealed.payment_id = payee.id
WHERE payee.id = pay.id
"""
_NAMES = """
SELECT pay.id, coalesce(p.name, o.name_zh) AS name, coalesce(p.subject_key_id, o.subject_key_id) AS subject_key_id
FROM settlement_payment pay
LEFT JOIN person p ON p.id = pay.person_id LEFT JOIN organization o ON o.id = pay.organization_id
WHERE pay.batch_id = $1
"""


class AccountReturned(DomainError):
    """Money came back from the very account that a payee still names."""

    code, status = "settlement_account_corrected", 409
    message = N_("有收款人的账户曾被银行退回，还没有更正，不能付款。请联系收款人更正，或撤销批次重新核算。")


class BatchChallenged(DomainError):
    """A claim of the batch belongs to a purchase that is challenged: what it bought is not paid for the time being."""

    code, status = "settlement_of_challenged", 409
    message = N_("批次里有申领的采购正在处理质疑或投诉，暂停付款。请撤销批次重新核算，暂停的申领会留到以后。")


class CharactersOutside(DomainError):
    """The bank's programs cannot read a text of the file."""

    code, status = "bank_characters_outside", 409
    message = N_(
        "第 %(line)s 笔的%(column)s“%(text)s”里，“%(character)s”不在银行编码 %(encoding)s 里；这样的字共 %(count)s 处。"
        "请在银行文件格式里换编码或改用 Excel，再付款。"
    )


class VoucherMissing(DomainError):
    """The bank's file names the treasury's vouchers, and one has not been recorded."""

    code, status = "treasury_voucher_missing", 409
    message = N_("银行文件要写国库支付凭证号，还有预算行没有登记凭证。请先登记再付款。")


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
            await database.execute(_PAY, batch_id, *await _sealed_names(batch_id))
        taxes = await withhold(batch_id, Payer(batch["place_id"], batch["place_code"]))
        layout_id, layout = await layout_for(batch["place_code"], clock.today())
        file = await _bank_file(batch, layout)
        await _record_file(batch_id, layout_id, file)
        await _spend(principal, batch_id)
        await database.execute(
            """UPDATE claim SET status = 'paid'
               WHERE id IN (SELECT claim_id FROM settlement_item WHERE batch_id = $1 AND live)""",
            batch_id,
        )
        await database.update_row(
            "settlement_batch", batch_id, {"status": status.value, "paid_by": principal.actor, "paid_at": clock.now()}
        )
        await _book_payout(principal, batch, taxes)
        await audit.record(principal, "settlement.paid", "settlement_batch", batch_id, file=file.sha256.hex())
    return file


async def bank_file_again(principal: Principal, batch_id: int, file_format: FileFormat | None = None) -> BankFile:
    """Write a paid batch's file anew, byte for byte, or the same in the other kind of file.

    Looking at account numbers leaves a trace.
    """
    async with transaction():
        batch = await locked_batch(principal, batch_id, Permission.SETTLEMENT_PAY)
        if batch["status"] != BatchStatus.PAID:
            raise NotFound
        await audit.record(principal, "settlement.bank_file_read", "settlement_batch", batch_id)
        layout_id = await database.fetch_value("SELECT layout_id FROM bank_file WHERE batch_id = $1", batch_id)
        return await _bank_file(batch, await layout_by_id(layout_id), file_format)


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


async def _sealed_names(batch_id: int) -> list[list[Any]]:
    rows = await database.fetch(_NAMES, batch_id)
    keys = await vault.subject_keys({row["subject_key_id"] for row in rows})
    if len(keys) < len({row["subject_key_id"] for row in rows}):
        raise vault.DataErased
    return database.columns([(row["id"], keys[row["subject_key_id"]].seal(row["name"])) for row in rows], 2)


async def _bank_file(batch: dict[str, Any], layout: Layout, file_format: FileFormat | None = None) -> BankFile:
    lines = await lines_of(batch["id"])
    require_accounts(lines)
    if strange := bank_file.misfits(batch["reference"], lines, layout):
        raise _outside(strange, layout)
    if layout.asks_for(Cell.VOUCHER) and any(not share.voucher for line in lines for share in line.shares):
        raise VoucherMissing
    return await asyncio.to_thread(bank_file.bank_file, batch["reference"], lines, layout, file_format)


def _outside(found: Sequence[Misfit], layout: Layout) -> CharactersOutside:
    first = found[0]
    return CharactersOutside(
        line=first.line, column=Message(CELL_NAMES[first.cell]), text=first.text, character=first.character,
        encoding=layout.encoding.value.upper(), count=len(found),
    )  # fmt: skip


async def _record_file(batch_id: int, layout_id: int | None, file: BankFile) -> None:
    await database.insert_row(
        "bank_file",
        {
            "batch_id": batch_id,
            "format": file.format,
            "content_sha256": file.sha256,
            "line_count": file.line_count,
            "total_fen": file.total_fen,
            "layout_id": layout_id,
            "made_at": clock.now(),
        },
    )


async def _spend(principal: Principal, batch_id: int) -> None:
    rows = await database.fetch(
        """SELECT c.id, i.id AS item_id, c.budget_line_id, c.amount_fen, c.contract_id IS NOT NULL AS bought,
                  EXISTS (SELECT FROM settlement_item before JOIN bank_return r ON r.payment_id = before.payment_id
                          WHERE before.claim_id = c.id) AS again,
                  c.amount_fen < 0 AND deduction_given_back(c.id) AS given_back
           FROM settlement_item i JOIN claim c ON c.id = i.claim_id
           WHERE i.batch_id = $1 AND i.live ORDER BY c.id FOR NO KEY UPDATE OF c""",
        batch_id,
    )
    await movements.post_movements(principal, [movement for row in rows for movement in _spent(row)])


def _spent(row: dict[str, Any]) -> list[Movement]:
    """Spend a claim's money; what came back once is spent by its new item. What is deducted is free again, once."""
    if row["given_back"]:
        return []
    if row["amount_fen"] < 0:
        deducted = (row["budget_line_id"], -row["amount_fen"], MoneySource("settlement_item", row["item_id"]))
        return [give_back(*deducted, Pot.RESERVED), release(*deducted, Pot.RESERVED)]
    source = MoneySource("settlement_item", row["item_id"]) if row["again"] else MoneySource("claim", row["id"])
    return [spend(row["budget_line_id"], row["amount_fen"], source, pot_of(row))]


def pot_of(row: dict[str, Any]) -> Pot:
    """Return where a claim's money waits for its payment."""
    return Pot.COMMITTED if row["bought"] else Pot.RESERVED


async def _book_payout(principal: Principal, batch: dict[str, Any], taxes: Mapping[int, int]) -> None:
    """Book what left for the payees and what stays for the tax office; together they are what was instructed."""
    place = batch["place_id"], batch["place_code"]
    clearing, treasury, owed = clearing_account(batch["id"]), treasury_of(*place), tax_account(*place)
    payments: Sequence[dict[str, Any]] = await _payments(batch["id"])
    entries = [_paid_out(row, taxes.get(row["id"], 0), clearing, treasury, owed) for row in payments]
    withheld = [owed] if any(taxes.values()) else []
    await posting.post(principal, [clearing, treasury, *withheld], entries)


def _paid_out(row: dict[str, Any], tax_fen: int, clearing: Account, treasury: Account, owed: Account) -> Entry:
    paid = _entry(EntryKind.PAYOUT, row["id"], row["amount_fen"], debit=clearing, credit=treasury)
    if not tax_fen:
        return paid
    net = Posting(treasury.code, tax_fen - row["amount_fen"])
    return replace(paid, postings=(Posting(clearing.code, row["amount_fen"]), net, Posting(owed.code, -tax_fen)))
