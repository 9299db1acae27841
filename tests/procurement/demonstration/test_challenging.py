"""The demonstration's challenges: one decided by finance, one that waits for its answer; a second run adds nothing."""

from app.core import database
from app.core.access import Role
from procurement.demonstration.challenging import challenge_two
from tests.procurement import buying


async def test_one_is_decided_and_one_is_open(db: None) -> None:
    await buying.budget_line(100_000_000)
    for _ in range(2):
        await buying.product(await buying.organization())
    roles = (Role.PROCUREMENT_OFFICER, Role.APPROVER)
    officers = {role: await buying.person_as(role, buying.CITY) for role in roles}
    assert await challenge_two(officers, buying.DISTRICT) == 2
    assert await challenge_two(officers, buying.DISTRICT) == 0
    rows = await database.fetch(
        "SELECT status, purchase_is_held(purchase_id) AS held FROM challenge ORDER BY purchase_id"
    )
    assert [tuple(row.values()) for row in rows] == [("dismissed", False), ("raised", True)]
    copies = await database.fetch_value("SELECT count(*) FROM attachment WHERE owner_type = 'purchase_step'")
    assert copies == 4 + 2


async def test_without_suppliers_or_in_a_year_without_budget_nothing_is_told(db: None) -> None:
    assert await challenge_two({}, buying.DISTRICT) == 0
    await buying.budget_line(100_000_000)
    assert await challenge_two({}, buying.DISTRICT) == 0
