"""What the database refuses about the end of a budget year, whoever writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from app.core import clock, database
from procurement.budgets import rules as budgets
from procurement.budgets.movements import YearIsClosed
from procurement.budgets.rules import MoneySource, Movement
from procurement.budgets.year_ends import service
from procurement.budgets.year_ends.service import close_year, prepare_year
from procurement.payments.rules import PaymentTerms
from tests.procurement import buying
from tests.procurement.budgets.test_budgets import amounts, post
from tests.procurement.budgets.year_ends.ended import Closers, after, closed, closers, line_of, months_closed
from tests.procurement.payments.contracts import signed
from tests.refusals import refused

CLOSING = """INSERT INTO year_closing (year, place_id, status, carry_years, figures_sha256, prepared_by, prepared_at,
                                       closed_by, closed_at)
             SELECT $1, id, $2, 2, sha256('x'), $3, now(), $4, $5 FROM place WHERE code = $6"""
LINE = """INSERT INTO year_closing_line (closing_id, budget_line_id, to_line_id, approved_fen, spent_fen, lapsed_fen,
                                         carried_fen)
          SELECT c.id, l.id, $1, $2, $3, $4, 0 FROM year_closing c, budget_line l WHERE l.id = $5"""
ITEM = """INSERT INTO year_closing_item (closing_line_id, pot, purchase_id, origin_year, fate, amount_fen)
          SELECT e.id, $1, $2, $3, $4, 5 FROM year_closing_line e WHERE e.budget_line_id = $5"""
MOVEMENT = """INSERT INTO budget_movement (budget_line_id, kind, approved_fen, reserved_fen, closed_fen, source_type,
                                           source_id, moved_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, now())"""


@asynccontextmanager
async def closing_refused(guard: str, who: Closers, year: int) -> AsyncIterator[None]:
    """Expect a prepared closing that goes wrong in one point to be refused by the guard, with nothing of it left."""
    yield
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await close_year(who.approver, year, buying.DISTRICT)
    assert refusal.value.constraint_name == guard  # type: ignore[attr-defined]
    assert await database.fetch_value("SELECT count(*) FROM year_closing_line") == 0


async def prepared(year: int) -> Closers:
    """Prepare the closing of a district's year with a contract and free money; the caller lives after it."""
    who = await closers()
    await months_closed(who, year)
    await prepare_year(who.officer, year, buying.DISTRICT)
    return who


async def test_two_people_close_a_year_once_as_it_was_prepared(db: None) -> None:
    year = clock.today().year
    await buying.budget_line(1_000)
    with after(year):
        who, now = await prepared(year), clock.now()
        mine, other, place = who.officer.actor, who.approver.actor, buying.DISTRICT
        close = f"UPDATE year_closing SET status = 'closed', closed_by = $1, closed_at = '{now.isoformat()}'"
        await refused("year_closing_second_person", close, mine)
        await refused("year_closing_decided", "UPDATE year_closing SET status = 'closed', closed_at = NULL")
        await refused("year_closing_once", CLOSING, year, "prepared", other, None, None, place)
        await refused("year_closing_whole", close, other)
        for change in ("carry_years = 9", "year = year - 1", "prepared_by = (SELECT min(id) FROM account)"):
            await refused("year_closing_frozen", f"UPDATE year_closing SET {change}")
        await close_year(who.approver, year, place)
        for change in ("UPDATE year_closing SET status = 'dropped'", "DELETE FROM year_closing"):
            await refused("year_closing_frozen", change)


async def test_a_year_closes_when_it_and_its_months_and_the_years_before_are_over(db: None) -> None:
    year = clock.today().year
    deal = await signed(PaymentTerms(0), quantity=2, delivered=1)
    await deal.accept()
    await deal.approve()
    who = await closers()
    one, other, place = who.officer.actor, who.approver.actor, buying.DISTRICT
    await refused("year_closing_over", CLOSING, year, "closed", one, other, clock.now(), place)
    with after(year):
        await refused("year_closing_months_closed", CLOSING, year, "closed", one, other, clock.now(), place)
    with after(year + 1):
        await refused("year_closing_in_order", CLOSING, year + 1, "closed", one, other, clock.now(), place)


async def test_a_closed_line_never_moves_again_by_whatever_path(db: None) -> None:
    who, year = await closers(), clock.today().year
    deal = await signed(PaymentTerms(0), quantity=2)
    line = await line_of(year)
    source = MoneySource("test", 1)
    with after(year):
        await closed(who, year)
        following, stands = await line_of(year + 1), await amounts(line)
        await refused("budget_line_year_closed", MOVEMENT, line, "reserve", 0, 5, 0, "test", 1)
        await refused("budget_line_year_closed", MOVEMENT, line, "release", 0, -5, 0, "test", 1)
        for change in ("closing_id = NULL, carried_to = NULL", "economic_code = '30226'", "year = year + 5"):
            await refused("budget_line_year_closed", f"UPDATE budget_line SET {change} WHERE id = $1", line)
        await refused(
            "budget_line_of_closed_year",
            """INSERT INTO budget_line (programme_id, place_id, year, functional_code, economic_code)
               SELECT p.id, place_id, year, functional_code, economic_code FROM budget_line, programme p
               WHERE budget_line.id = $1 AND p.code = 'expenses'""",
            line,
        )
        await refused("purchase_of_closed_year", _AGAIN, deal.who.officer.actor)
        with pytest.raises(YearIsClosed, match="已经结转"):
            await post(line, budgets.appropriate(line, 5, source))
        await post(line, budgets.release(line, 5, source, budgets.Pot.COMMITTED))
        assert await amounts(line) == stands
        assert (await amounts(following)).left == 5


_AGAIN = """
INSERT INTO purchase (method, status, admission_id, budget_line_id, place_id, purpose_zh, quantity, unit_price_fen,
                      amount_fen, requested_by, requested_at, organization_id, product_id, product_version)
SELECT method, 'reserved', admission_id, budget_line_id, place_id, purpose_zh, quantity, unit_price_fen, amount_fen, $1,
       now(), organization_id, product_id, product_version FROM purchase LIMIT 1
"""


async def test_no_month_is_opened_in_a_closed_year(db: None) -> None:
    who, year = await closers(), clock.today().year
    await buying.budget_line(1_000)
    with after(year):
        await closed(who, year)
        await refused(
            "ledger_period_of_closed_year",
            "INSERT INTO ledger_period (starts_on, ends_on) VALUES (make_date($1, 12, 1), make_date($1 + 1, 1, 1))",
            year,
        )


async def test_a_line_goes_over_into_its_own_line_and_adds_up(db: None) -> None:
    year = clock.today().year
    line, other = await buying.budget_line(1_000), await buying.budget_line(1_000, programme="expenses")
    with after(year):
        await prepared(year)
        await database.execute(service._OPEN_NEXT, await buying.place_id(buying.DISTRICT), year)
        following = await line_of(year + 1)
        for wrong in (other, await line_of(year + 1, "expenses"), line):
            await refused("year_closing_line_follows", LINE, wrong, 1_000, 1_000, 0, line)
        await refused("year_closing_line_adds_up", LINE, following, 1_000, 999, 0, line)
        await refused("year_closing_whole", LINE, following, 1_000, 1_000, 0, line)
        await refused(
            "budget_line_closed_goes_on", "UPDATE budget_line SET carried_to = $1 WHERE id = $2", following, line
        )
        await refused(
            "budget_line_closed_is_empty",
            "UPDATE budget_line SET carried_to = $1, closing_id = (SELECT id FROM year_closing) WHERE id = $2",
            following, line,
        )  # fmt: skip


async def test_what_becomes_of_money_is_what_the_law_says(db: None) -> None:
    who, year = await closers(), clock.today().year
    await signed(PaymentTerms(0), quantity=2)
    purchase = await database.fetch_value("SELECT id FROM purchase")
    line, donated = await line_of(year), await buying.budget_line(700, programme="donation")
    with after(year):
        await closed(who, year)
        await refused("year_closing_donated_kept", ITEM, "free", None, year, "lapsed", donated)
        await refused("year_closing_fate", ITEM, "free", None, year, "carried", line)
        await refused("year_closing_fate", ITEM, "committed", purchase, year, "lapsed", line)
        await refused("year_closing_fate", ITEM, "committed", purchase, year - 1, "carried", line)
        await refused("year_closing_item_held", ITEM, "reserved", purchase, year, "carried", line)
        await refused("year_closing_item_once", ITEM, "committed", purchase, year, "carried", line)
        again = LINE.replace("FROM year_closing c, budget_line l", "FROM budget_line l JOIN year_closing c ON true")
        await refused("year_closing_line_once", again, await line_of(year + 1), 5, 5, 0, line)


async def test_a_closing_moves_books_and_marks_what_it_says_or_is_none(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = clock.today().year
    await signed(PaymentTerms(0), quantity=2)

    async def nothing(*_: Any) -> None: ...

    def all_lapses(row: Any, item: Any, item_id: int) -> tuple[Movement, ...]:
        held = service._waiting(item.held)
        return (budgets.lapse(row["budget_line_id"], held, MoneySource("year_closing_item", item_id)),)

    with after(year):
        who = await prepared(year)
        for guard, name, instead in (
            ("year_closing_booked", "book", nothing),
            ("budget_line_closed_is_empty", "post_movements", nothing),
            ("year_closing_balanced", "_moves", all_lapses),
            ("year_closing_whole", "_MARK", "SELECT $1::bigint"),
        ):
            with monkeypatch.context() as patched:
                async with closing_refused(guard, who, year):
                    patched.setattr(service, name, instead)
        await close_year(who.approver, year, buying.DISTRICT)


async def test_only_a_closing_takes_money_out_of_a_year_and_only_what_was_spent_comes_back(db: None) -> None:
    line = await buying.budget_line(1_000)
    await refused("budget_movement_of_document", MOVEMENT, line, "lapse", 0, 0, 5, "appropriation", 1)
    await refused("budget_movement_of_document", MOVEMENT, line, "carry_in", 5, 0, 0, "purchase", 1)
    await refused("budget_movement_of_document", MOVEMENT, line, "reserve", 0, 5, 0, "year_closing_item", 1)
    await refused("budget_return_of_closed_year", MOVEMENT, line, "return", 5, 5, 0, "settlement_item", 1)
    await refused("year_closing_balanced", MOVEMENT, line, "lapse", 0, 0, 5, "year_closing_item", 1)
    await refused("budget_movement_direction", MOVEMENT, line, "lapse", 5, 0, 5, "year_closing_item", 1)
    await refused("budget_line_within_appropriation", MOVEMENT, line, "lapse", 0, 0, 1_001, "year_closing_item", 1)
