"""The year before all this: its budget spent in part, one claim owed when it ended, closed by two people in January.

What was not spent lapsed, what was owed went over and was paid in February from the line that stands in.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, time

from app.accounts.principals import principal_of_account
from app.accounts.registration import NewAccount, account_ids_by_phone, create_accounts
from app.attachments.service import keep
from app.core import clock, database
from app.core.access import Grant, Principal, Role
from app.core.money import parse_yuan
from app.rulebook.queries import CITY
from procurement.budgets.year_ends import queries
from procurement.budgets.year_ends.rules import ClosingStatus
from procurement.budgets.year_ends.service import close_year, prepare_year
from procurement.claims.expenses.rules import ExpenseDraft, ExpenseKind
from procurement.claims.expenses.service import hand_in
from procurement.demonstration import buying, cast, invention, paying, people
from procurement.demonstration.proving import picture
from procurement.ledger.periods.service import close_month

BOOKKEEPER_PHONE, BOOKKEEPER_EMAIL = 400_001, "bookkeeper@demo.example"
APPROPRIATED = {
    "on_site": "200000.00", "mediation_case": "60000.00", "purchase": "120000.00", "expenses": "8000.00",
    "donation": "5000.00",
}  # fmt: skip
SPENT = ((8, ExpenseKind.TRAVEL, "186.50", (120, 160, 90)), (23, ExpenseKind.MEAL, "94.00", (160, 120, 90)))
"""The day of December on which somebody spent something, what for, and the colour of the receipt's picture."""
OWED_FROM = 16
"""What was spent from this day of December on is paid only in February."""
_TRAVELLERS = """
SELECT p.id FROM person p JOIN place home ON home.id = p.home_place_id
WHERE home.code LIKE $1 || '%' AND p.bank_account_sealed IS NOT NULL AND NOT p.public_official ORDER BY p.id LIMIT $2
"""
_HANDED_IN = """
SELECT c.id FROM claim c JOIN place ON place.id = c.place_id
WHERE c.status = 'accrued' AND c.expense_id IS NOT NULL AND extract(year FROM c.service_day) = $1
  AND place.code LIKE $2 || '%' ORDER BY c.id
"""


async def live_through(officers: dict[Role, Principal], districts: Sequence[str], year: int) -> int:
    """Live through a year and its end, as far as that was not done before; return how many districts closed it."""
    spent_in, until, closed = districts[0], date(year + 1, 1, 1), 0
    with _on(date(year, 1, 20)):
        await buying.appropriate(officers, districts, year, APPROPRIATED)
    await _spend(officers, spent_in, year)
    with _on(date(year, 12, 28)):
        await _pay(officers, spent_in, date(year, 12, 1), date(year, 12, OWED_FROM))
    with _on(date(year + 1, 1, 12)):
        await _close_months()
    for district in districts:
        closed += await _close(officers, district, year)
    with _on(date(year + 1, 2, 3)):
        await _pay(officers, spent_in, date(year, 12, OWED_FROM), until)
    with _on(date(year + 1, 3, 2)):
        await _close_months()
    return closed


async def bookkeeper() -> Principal:
    """Return who closes the city's months; opens the account if it is not there."""
    phone = invention.phone(BOOKKEEPER_PHONE)
    known = await account_ids_by_phone([phone])
    if phone not in known:
        account = NewAccount(
            invention.vocabulary()["bookkeeper"], phone, email=BOOKKEEPER_EMAIL,
            password=cast.PASSWORD, totp_secret=cast.TOTP_SECRET,
            grants=(Grant(Role.SETTLEMENT_APPROVER, place_code=CITY),),
        )  # fmt: skip
        [known[phone]] = await create_accounts(cast.FOUNDER, [account])
    return await principal_of_account(known[phone])


def _on(day: date) -> AbstractContextManager[None]:
    return clock.travelled_to(clock.at_local(day, time(10)))


async def _spend(officers: dict[Role, Principal], district: str, year: int) -> None:
    """Have people hand in what they spent, and the claims approved."""
    done = await database.fetch_value("SELECT count(*) FROM expense WHERE extract(year FROM spent_on) = $1", year)
    travellers = [row["id"] for row in await database.fetch(_TRAVELLERS, district, len(SPENT))]
    acting, reasons = await people.acting(travellers), invention.vocabulary()["expenses"]
    for (day, kind, amount, colour), person, reason in list(zip(SPENT, travellers, reasons, strict=True))[done:]:
        with _on(date(year, 12, day)):
            draft = ExpenseDraft(kind, clock.today(), parse_yuan(amount), reason)
            await hand_in(acting[person], draft, [await keep("receipt.png", picture(colour))])
    with _on(date(year, 12, 27)):
        rows = await database.fetch(_HANDED_IN, year, district)
        if rows:
            await paying.approve_looked_through(officers[Role.CLAIMS_OFFICER], [row["id"] for row in rows])


async def _pay(officers: dict[Role, Principal], district: str, first: date, end: date) -> None:
    """Settle what is owed of some days, and have the bank confirm it."""
    paid_before = await database.fetch_value("SELECT coalesce(max(id), 0) FROM settlement_batch")
    await paying.settle(officers, [district], first, end)
    rows = await database.fetch("SELECT reference FROM settlement_batch WHERE id > $1", paid_before)
    await paying.confirm(officers[Role.CASHIER], [row["reference"] for row in rows])


async def _close_months() -> None:
    """Close the months that are over and were posted to."""
    keeper = await bookkeeper()
    rows = await database.fetch(
        "SELECT starts_on FROM ledger_period WHERE closed_at IS NULL AND ends_on <= $1 ORDER BY starts_on",
        clock.today(),
    )
    for row in rows:
        await close_month(keeper, row["starts_on"])


async def _close(officers: dict[Role, Principal], district: str, year: int) -> int:
    standing = await queries.closing(district, year)
    if standing is None:
        with _on(date(year + 1, 1, 18)):
            await prepare_year(officers[Role.PROCUREMENT_OFFICER], year, district)
    if standing and standing.status is ClosingStatus.CLOSED:
        return 0
    with _on(date(year + 1, 1, 20)):
        await close_year(officers[Role.APPROVER], year, district)
    return 1
