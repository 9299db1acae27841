"""What a shift pays is told before anybody signs up, from the tariff published for its day."""

from datetime import date

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS
from procurement.claims import accrual, slots
from procurement.claims.quotes.queries import quotes
from tests.procurement import attended_work as work
from tests.procurement import settled_work


async def assignment(**how: object) -> int:
    await work.attended(await work.person("payee"), **how)  # type: ignore[arg-type]
    return await database.fetch_value("SELECT max(id) FROM assignment")


@pytest.mark.parametrize(
    ("kind", "minutes", "fen", "span"),
    [
        ("duty", 180, 25_000, "半天"), ("duty", 420, 50_000, "一天"), ("lecture", 90, 80_000, "一场"),
        ("village", 420, 40_000, "一天"),
    ],
)  # fmt: skip
async def test_the_quote_is_what_the_claim_will_be(db: None, kind: str, minutes: int, fen: int, span: str) -> None:
    await work.desk()
    shift = await assignment(kind=kind, minutes=minutes)
    fill = await slots.assignment_amount(ANONYMOUS, shift)
    assert fill is not None
    assert (fill.context["quote"].fen, fill.context["span"]) == (fen, span)
    await accrual.accrue(clock.now())
    assert await database.fetch_value("SELECT amount_fen FROM claim") == fen


async def test_unpaid_work_and_a_day_without_a_tariff_have_no_quote(db: None) -> None:
    await work.desk()
    early = await assignment(day=date(2025, 6, 3))
    unpaid = await assignment()
    await database.execute("UPDATE assignment SET compensation = 'unpaid' WHERE id = $1", unpaid)
    assert await quotes([early, unpaid]) == {}
    assert await slots.assignment_amount(ANONYMOUS, unpaid) is None


async def test_the_workbench_card_is_for_people_with_claims(db: None) -> None:
    money = await settled_work.accrued()
    fill = await slots.own_subsidies(money.payee)
    assert fill is not None
    assert fill.context["found"].coming_fen == 50_000
    assert await slots.own_subsidies(money.supervisor) is None
    assert await slots.own_subsidies(ANONYMOUS) is None
