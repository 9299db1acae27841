"""What the database refuses about money that is put into lines or moved between them, whoever writes."""

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.budgets import rules, service
from procurement.budgets.movements import MovementRepeated
from procurement.budgets.rules import MoneySource
from procurement.budgets.service import NewLine, Proposal
from tests.procurement import buying
from tests.procurement.budgets.test_budgets import post
from tests.refusals import refusal_by, refused


async def officer() -> Principal:
    return await buying.person_as(Role.PROCUREMENT_OFFICER)


async def test_an_appropriation_is_decided_by_somebody_and_proposed_by_nobody_else(db: None) -> None:
    line_id = await buying.budget_line(0)
    await service.propose_appropriations(await officer(), [Proposal(line_id, 500, "文号")])
    decided = "decided_by = $1, decided_at = now()"
    second = (await buying.person_as(Role.APPROVER)).actor
    await refused("appropriation_decided", f"UPDATE appropriation SET {decided}", second)
    for status in ("approved", "refused"):
        await refused("appropriation_decided", f"UPDATE appropriation SET status = '{status}'")


PUT_IN = """INSERT INTO budget_movement (budget_line_id, kind, approved_fen, source_type, source_id, moved_at)
            VALUES ($1, 'appropriate', $2, $3, $4, now())"""


async def test_a_decided_appropriation_is_kept_as_it_was_decided(db: None) -> None:
    line_id, other = await buying.budget_line(1000), await buying.budget_line(0, programme="expenses")
    for change in (
        "amount_fen = 5",
        f"budget_line_id = {other}",
        "document = '另一文号'",
        "reason = '另一理由'",
        "status = 'refused'",
        "status = 'proposed', decided_by = NULL, decided_at = NULL",
    ):
        await refused("appropriation_frozen", f"UPDATE appropriation SET {change}")
    await refused("appropriation_frozen", "DELETE FROM appropriation")
    await service.propose_appropriations(await officer(), [Proposal(line_id, 500, "文号")])
    for change in ("amount_fen = 5", "proposed_by = (SELECT min(id) FROM account)"):
        await refused("appropriation_frozen", f"UPDATE appropriation SET {change} WHERE status = 'proposed'")


async def test_money_comes_into_a_line_by_an_approved_document_and_as_it_says(db: None) -> None:
    line_id, second = await buying.budget_line(0), (await buying.person_as(Role.APPROVER)).actor
    other = await buying.budget_line(0, programme="expenses")
    [waiting] = await service.propose_appropriations(await officer(), [Proposal(line_id, 500, "文号")])
    approve = "UPDATE appropriation SET status = 'approved', decided_by = $1, decided_at = now()"
    await refused("budget_movement_of_document", PUT_IN, line_id, 500, "purchase", waiting)
    for source in (waiting, waiting + 1):
        await refused("appropriation_balanced", PUT_IN, line_id, 500, "appropriation", source)
    await refused("appropriation_balanced", approve, second)
    for line, fen in ((other, 500), (line_id, 501)):
        async with refusal_by("appropriation_balanced"):
            await database.execute(approve, second)
            await database.execute(PUT_IN, line, fen, "appropriation", waiting)
    async with database.transaction():
        await database.execute(approve, second)
        await database.execute(PUT_IN, line_id, 500, "appropriation", waiting)


async def test_one_source_moves_a_line_once_in_each_kind(db: None) -> None:
    line_id = await buying.budget_line(1000)
    source = MoneySource("test", 1)
    await post(line_id, rules.reserve(line_id, 100, source))
    again = """INSERT INTO budget_movement (budget_line_id, kind, reserved_fen, source_type, source_id, moved_at)
               VALUES ($1, 'reserve', 1, 'test', 1, now())"""
    await refused("budget_movement_once", again, line_id)
    with pytest.raises(MovementRepeated, match="请"):
        await post(line_id, rules.reserve(line_id, 1, source))


ADJUSTMENT = """INSERT INTO budget_adjustment (from_line_id, to_line_id, year, fund, amount_fen, document, status,
                                               proposed_by, proposed_at)
                VALUES ($1, $2, $3, $4, 5, '文号', $5, $6, now())"""


async def test_an_adjustment_is_between_two_lines_of_its_year_and_its_kind_of_money(db: None) -> None:
    who, year = await officer(), clock.today().year
    one, two = await buying.budget_line(1000), await buying.budget_line(1000, programme="expenses")
    donated = await buying.budget_line(1000, programme="donation")
    [later] = await service.open_lines(who, [NewLine("purchase", buying.DISTRICT, year + 1, "2040607", "30227")])
    for other in (later, donated):
        await refused("budget_adjustment_from", ADJUSTMENT, other, one, year, "fiscal", "proposed", who.actor)
        await refused("budget_adjustment_to", ADJUSTMENT, one, other, year, "fiscal", "proposed", who.actor)
    await refused("budget_adjustment_two_lines", ADJUSTMENT, one, one, year, "fiscal", "proposed", who.actor)
    await refused("budget_adjustment_decided", ADJUSTMENT, one, two, year, "fiscal", "refused", who.actor)


async def test_money_is_for_the_programmes_that_the_law_knows(db: None) -> None:
    await refused("programme_code_check", "INSERT INTO programme (code, name_zh, name_en) VALUES ('bonus', '奖金', '')")
    assert await database.fetch_value("SELECT count(*) FROM programme") == 6
