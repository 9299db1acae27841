"""A bureau's register of pairings as a file."""

import pytest

from app.composition import compose
from app.core import database
from app.core.access import Role
from app.core.errors import NotPermitted
from app.imports import service as imports
from marketplace.organizations.rules import OrganizationKind
from tests import world as places
from tests.volunteers import world
from tests.volunteers.assignments.imports.files import report, said
from tests.volunteers.pairings.stage import TODAY, YEAR, coordinator, paired, villages


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def statuses() -> list[str]:
    return [row["status"] for row in await database.fetch("SELECT status FROM pairing")]


async def test_a_register_is_imported_row_by_row(db: None) -> None:
    [(_, one), (_, two), (taken, three)] = await villages(3)
    number = "13301201810000001"
    [(person, _)] = await world.people([world.profile(credentials=(world.licence(number=number),))])
    firm = await places.organization(OrganizationKind.LAW_FIRM)
    await paired(taken, person)
    header = "村社区划代码,结对做什么,执业证号或统一社会信用代码,开始日期,结束日期,已签协议"
    rows = [
        f"{one},法律顾问,{number},{TODAY},{TODAY + YEAR},是",
        f"{two},,{firm.uscc},{TODAY},{TODAY + YEAR},",
        f"{three},法律顾问,{number},{TODAY},{TODAY + YEAR},是",
        f"{one},法律顾问,{number},{TODAY},{TODAY + YEAR},是",
        f"330127100,法律顾问,000,{TODAY},{TODAY + YEAR},是",
        f"{two},法律顾问,{number},{TODAY + YEAR},{TODAY},是",
    ]
    officer = await coordinator()
    view = await report(officer, "\n".join((header, *rows, "")).encode(), "pairings")
    wrong = said(view)
    assert sorted(wrong) == [4, 5, 6, 7]
    assert "已经有同类的结对" in wrong[4]
    assert "没有这个代码的村社" in wrong[6]
    assert "最长三年" in wrong[7]
    await imports.store(officer, view.public_id, only_good=True)
    assert sorted(await statuses()) == ["active", "active", "proposed"]
    with pytest.raises(NotPermitted):
        await report(await world.officer(Role.STATION_STAFF), header.encode() + b"\n1,2,3,4,5,6", "pairings")
