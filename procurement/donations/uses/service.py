"""Spending from a fund: proposed with its use and voucher, approved by a second person, posted in the same moment."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.donations.rules import common_account, fund_account
from procurement.ledger import posting
from procurement.ledger.rules import Entry, EntryKind, Posting
from procurement.separation import OnePersonOnMoney


class FundHasNotSoMuch(DomainError):
    """A fund spends what it has."""

    code, status, message = "fund_use_within_balance", 409, N_("基金余额不足，不能批准这笔支出。")


class UseDecided(DomainError):
    """Somebody decided in the meantime."""

    code, status, message = "fund_use_kept", 409, N_("这笔支出已经有人处理过。请刷新页面。")


@dataclass(frozen=True, slots=True)
class NewUse:
    """What a fund's money is spent on: minor units of the currency, the day, in words, and the voucher."""

    fund_code: str
    amount_minor: int
    currency: str
    used_on: date
    purpose_zh: str
    purpose_en: str
    document: str


async def propose_use(principal: Principal, new: NewUse) -> UUID:
    """Write down a use for a second person to decide; return its public id."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    faults = {}
    if new.amount_minor <= 0:
        faults["amount"] = Message(N_("支出金额要大于零。"))
    if not new.purpose_zh.strip():
        faults["purpose_zh"] = Message(N_("请写明用在什么地方，公众会看到。"))
    if not new.document.strip():
        faults["document"] = Message(N_("请填写付款凭证号。"))
    if new.used_on > clock.today():
        faults["used_on"] = Message(N_("支出日期不能晚于今天。"))
    if faults:
        raise InvalidInput(faults)
    async with transaction():
        fund = await database.fetch_one(
            """SELECT f.id, place.code FROM donation_fund f JOIN place ON place.id = f.place_id WHERE f.code = $1""",
            new.fund_code,
        )
        if fund is None:
            raise NotFound
        scope.require_place(fund["code"])
        use_id = await database.insert_row(
            "fund_use",
            {
                "fund_id": fund["id"],
                "amount_minor": new.amount_minor,
                "currency": new.currency,
                "used_on": new.used_on,
                "purpose_zh": new.purpose_zh.strip(),
                "purpose_en": new.purpose_en.strip(),
                "document": new.document.strip(),
                "status": "proposed",
                "proposed_by": principal.actor,
                "proposed_at": clock.now(),
            },
        )
        await audit.record(principal, "fund_use.proposed", "fund_use", use_id)
        found: UUID = await database.fetch_value("SELECT public_id FROM fund_use WHERE id = $1", use_id)
        return found


async def decide_use(principal: Principal, public_id: UUID, *, approve: bool) -> None:
    """Approve a use, which posts it, or decline it; who proposed it does not decide."""
    scope = principal.scope(Permission.DONATION_APPROVE)
    refusals = {"fund_use_within_balance": FundHasNotSoMuch, "fund_use_second_person": OnePersonOnMoney}
    async with database.refusing(refusals), transaction():
        row = await database.fetch_one(_USE, public_id)
        if row is None:
            raise NotFound
        scope.require_place(row["place_code"])
        if row["status"] != "proposed":
            raise UseDecided
        status = "approved" if approve else "declined"
        await database.update_row(
            "fund_use", row["id"], {"status": status, "decided_by": principal.actor, "decided_at": clock.now()}
        )
        if approve:
            await _post(principal, row)
        await audit.record(principal, f"fund_use.{status}", "fund_use", row["id"])


async def _post(principal: Principal, row: Row) -> None:
    used = fund_account(row["fund_id"], row["code"], "used", row["currency"])
    bank = common_account("bank", row["currency"])
    moves = (Posting(used.code, row["amount_minor"]), Posting(bank.code, -row["amount_minor"]))
    entry = Entry(f"fund_use:{row['public_id']}", clock.today(), EntryKind.FUND_USE, "fund_use", row["id"], moves)
    await posting.post(principal, [used, bank], [entry])


_USE = """
SELECT u.id, u.public_id, u.fund_id, u.amount_minor, u.currency, u.status, f.code, place.code AS place_code
FROM fund_use u JOIN donation_fund f ON f.id = u.fund_id JOIN place ON place.id = f.place_id
WHERE u.public_id = $1 FOR NO KEY UPDATE OF u
"""
