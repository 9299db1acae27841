"""The demonstration's quotations: one purchase sealed, one opened, one compared; a second run adds nothing."""

from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Role
from procurement.demonstration import quoting
from procurement.demonstration.quoting import KEEPERS, ask_for_quotations, compare_first, open_due
from tests.procurement import buying
from tests.procurement.offers import bidding


async def test_one_is_sealed_one_is_opened_and_one_is_compared(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoting, "SOON", timedelta(minutes=9))  # the deadline is let pass below
    await buying.budget_line(100_000_000)
    suppliers = [await bidding.supplier() for _ in range(3)]
    roles = (Role.PROCUREMENT_OFFICER, *KEEPERS)
    officers = {role: await buying.person_as(role, buying.CITY) for role in roles}
    acting = {one.organization_id: one.member for one in suppliers}
    with clock.travelled_to(clock.now() - timedelta(days=7)):  # the demonstration buys weeks ahead of its week
        assert await ask_for_quotations(officers, acting, buying.DISTRICT) == 3
        assert await ask_for_quotations(officers, acting, buying.DISTRICT) == 0
    assert await open_due(officers) == 0
    await bidding.as_owner("UPDATE quotation_round SET deadline = now() WHERE deadline < now() + interval '1 day'")
    assert await open_due(officers) == 2
    assert await open_due(officers) == 0
    assert [await compare_first(officers) for _ in range(2)] == [1, 0]
    states = await database.fetch("SELECT status FROM purchase ORDER BY id")
    assert [row["status"] for row in states] == ["quotations_sealed", "approved", "opened"]
    assert await database.fetch_value("SELECT count(*) FROM opened_quotation WHERE readable") == 6


async def test_with_too_few_suppliers_nothing_is_asked(db: None) -> None:
    assert await ask_for_quotations({}, {}, buying.DISTRICT) == 0
