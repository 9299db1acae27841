"""Judging the tax on a batch's payments, and recording that a month's tax was paid over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.ledger import posting
from procurement.ledger.rules import Entry, EntryKind, Posting, tax_account, treasury_account
from procurement.taxes import law
from procurement.taxes.rules import Income, Month, TaxKind, Withheld, taxed

_INCOMES = """
WITH incomes AS (
    SELECT pay.id AS payment_id, pay.person_id, programme.code AS programme, sum(i.amount_fen)::bigint AS fen
    FROM settlement_payment pay JOIN settlement_item i ON i.payment_id = pay.id JOIN claim c ON c.id = i.claim_id
    JOIN programme ON programme.id = c.programme_id
    WHERE pay.batch_id = $1 AND pay.person_id IS NOT NULL GROUP BY pay.id, programme.code),
months AS (
    SELECT person_id, sum(income_fen)::bigint AS before_fen, sum(tax_fen)::bigint AS before_tax_fen FROM tax_standing
    WHERE place_id = $2 AND month = $3 AND kind = 'withheld' GROUP BY person_id)
SELECT incomes.*, coalesce(before_fen, 0) AS before_fen, coalesce(before_tax_fen, 0) AS before_tax_fen
FROM incomes LEFT JOIN months ON months.person_id = incomes.person_id
"""
_COLUMNS = (
    "payment_id", "kind", "place_id", "person_id", "month", "income_fen", "before_fen", "before_tax_fen",
    "deduction_fen", "taxable_fen", "rate_percent", "quick_fen", "tax_fen", "unverified", "made_at",
)  # fmt: skip


class MonthNotOver(DomainError):
    """A month's tax is known when the month is over."""

    code, status, message = "tax_month_not_over", 409, N_("当月还没有结束，税款下月申报缴纳。")


class NothingToRemit(DomainError):
    """Nothing was withheld, or it was paid over before."""

    code, status, message = "tax_nothing_to_remit", 409, N_("这个月没有待缴的代扣税款。")


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose treasury pays, and who therefore withholds."""

    place_id: int
    place_code: str


async def judged(batch_id: int, payer: Payer, day: date) -> dict[int, list[Withheld]]:
    """Return how each payment of a batch to a person is taxed if it is paid on a day; refuse unconfirmed figures."""
    rows = await database.fetch(_INCOMES, batch_id, payer.place_id, day.replace(day=1))
    if not rows:
        return {}
    months = {row["person_id"]: Month(row.pop("before_fen"), row.pop("before_tax_fen")) for row in rows}
    incomes = [Income(**row) for row in rows]
    book = await law.tax_law()
    kinds = law.kinds_on(book, day, {income.programme for income in incomes})
    labour = any(kind.kind is TaxKind.WITHHELD for kind in kinds.values())
    scale = law.scale_on(book, day) if labour else None
    return taxed(incomes, kinds, months, scale)


async def withhold(batch_id: int, payer: Payer) -> dict[int, int]:
    """Judge and write the tax on a batch that is being paid, in the caller's transaction; return fen by payment.

    One payer's payments of a month accumulate: two batches of the same place wait for each other here.
    """
    today = clock.today()
    await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"tax:{payer.place_code}")
    found = await judged(batch_id, payer, today)
    people = {
        row["id"]: row["person_id"]
        for row in await database.fetch("SELECT id, person_id FROM settlement_payment WHERE batch_id = $1", batch_id)
    }
    now = clock.now()
    rows = [
        (
            *(payment, one.kind.value, payer.place_id, people[payment], today.replace(day=1), one.income_fen),
            *(one.before.income_fen, one.before.tax_fen, one.deduction_fen, one.taxable_fen, one.rate_percent),
            *(one.quick_fen, one.tax_fen, one.unverified, now),
        )
        for payment, made in found.items()
        for one in made
    ]
    await database.copy_rows("tax_withholding", _COLUMNS, rows)
    return tax_by_payment(found)


async def remit(principal: Principal, place_code: str, month: date, document: str, paid_on: date) -> int:
    """Record that a month's withheld tax was paid over, and book it; return the amount in fen."""
    principal.scope(Permission.SETTLEMENT_PAY).require_place(place_code)
    first, today = month.replace(day=1), clock.today()
    if faults := _faults(document, paid_on, today):
        raise InvalidInput(faults)
    if paid_on < _next(first):
        raise MonthNotOver
    async with transaction():
        await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"tax:{place_code}")
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", place_code)
        if place_id is None:
            raise NotFound
        due = await database.fetch_value(
            "SELECT coalesce(sum(tax_fen), 0)::bigint FROM tax_standing WHERE (place_id, month) = ($1, $2)",
            *(place_id, first),
        )
        if not due:
            raise NothingToRemit
        row = {"place_id": place_id, "month": first, "amount_fen": due, "document": document.strip(),
               "paid_on": paid_on, "recorded_by": principal.actor, "recorded_at": clock.now()}  # fmt: skip
        async with database.refusing({"tax_remittance_once": NothingToRemit}):
            remittance = await database.insert_row("tax_remittance", row)
        await _book(principal, remittance, Payer(place_id, place_code), due)
        await audit.record(principal, "tax.remitted", "tax_remittance", remittance, fen=due, month=first.isoformat())
    return int(due)


async def _book(principal: Principal, remittance: int, payer: Payer, fen: int) -> None:
    owed = tax_account(payer.place_id, payer.place_code)
    treasury = treasury_account(payer.place_id, payer.place_code)
    postings = (Posting(owed.code, fen), Posting(treasury.code, -fen))
    key = f"remittance:{remittance}"
    entry = Entry(key, clock.today(), EntryKind.PAYOUT, "tax_remittance", remittance, postings)
    await posting.post(principal, [owed, treasury], [entry])


def _faults(document: str, paid_on: date, today: date) -> dict[str, Message]:
    faults: dict[str, Message] = {}
    if not document.strip():
        faults["document"] = Message(N_("请填写完税凭证号。"))
    if paid_on > today:
        faults["paid_on"] = Message(N_("缴款日期不能晚于今天。"))
    return faults


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def tax_by_payment(found: Mapping[int, Sequence[Withheld]]) -> dict[int, int]:
    """Return the tax of each payment over its kinds of income."""
    return {payment: sum(one.tax_fen for one in made) for payment, made in found.items()}
