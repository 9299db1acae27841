"""Seats and sign-ups from files: the same rules as everywhere, and who is refused is told why."""

import asyncio
from datetime import timedelta

import pytest

from app.accounts.registration import NewAccount, create_accounts
from app.composition import compose
from app.core import database
from app.core.access import Principal, Role
from app.imports import queries, service
from app.imports.rules import ImportStatus
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.imports.files import file, handed_in, report, said
from tests.volunteers.people.trainings.stage import a_training
from volunteers.assignments.queries import assignment_page
from volunteers.assignments.rules import Kind, PositionDraft
from volunteers.people.registration.service import Registration, register_people

SEATS = "任务编号,岗位,人数,需要的证件"
PEOPLE = "手机号,志愿者编号,姓名,任务编号,岗位"


@pytest.fixture
async def staff(db: None) -> Principal:
    """Return the staff of a town."""
    compose()
    return await world.officer(Role.STATION_STAFF, world.TOWN)


async def member(name: str, phone: str) -> str:
    """Register somebody with a phone number; return their public id."""
    [account_id] = await create_accounts(world.IMPORTER, [NewAccount(name, phone)])
    await register_people(world.IMPORTER, [Registration(account_id, world.profile(name=name))])
    return str(await database.fetch_value("SELECT public_id FROM person WHERE account_id = $1", account_id))


async def test_seats_are_added_to_assignments_that_exist(staff: Principal) -> None:
    far = {"station_id": await world.station("330102"), "place_id": await world.place_id("330102")}
    duty = (PositionDraft("律师", credentials_any=("lawyer",)),)
    mine, theirs, matter = await world.publish(
        await world.draft(), await world.draft(**far), await world.draft(kind=Kind.MEDIATION, positions=duty)
    )
    rows = [f"{mine.reference},助手,3,", f"{mine.reference},helper,1,", f"{theirs.reference},助手,1,", "RW-9,助手,1,"]
    rows += [f"{matter.reference},助手,1,", f"{mine.reference},助手,2,", f"{mine.reference.lower()},律师,1,律师执业证"]
    view = await report(staff, file(*rows, header=SEATS), "positions")
    told = said(view)
    assert list(told) == [3, 4, 5, 6, 7]
    assert "同名的岗位" in told[3]
    assert "同名的岗位" in told[7]
    assert "没有这个编号" in told[4]
    assert "每个岗位都要写明所需证件" in told[6]
    await service.store(staff, view.public_id, only_good=True)
    seats = (await assignment_page(mine.reference)).positions
    assert [(seat.role_zh, seat.capacity) for seat in seats] == [("helper", 1), ("助手", 3), ("律师", 1)]


async def test_added_seats_ask_for_trainings_too(staff: Principal) -> None:
    training = await a_training(staff)
    [shift] = await world.publish(await world.draft())
    rows = [f"{shift.reference},助手,2,,{training}", f"{shift.reference},导引,2,,PX-1"]
    view = await report(staff, file(*rows, header=f"{SEATS},需要的培训"), "positions")
    assert said(view) == {3: "需要的培训：没有编号是 PX-1 的培训。"}
    await service.store(staff, view.public_id, only_good=True)
    seats = (await assignment_page(shift.reference)).positions
    assert [seat.trainings_all for seat in seats] == [(), (training,)]


async def test_people_of_a_list_are_weighed_like_anybody_and_refused_with_reasons(staff: Principal) -> None:
    wang, li = await member("王芳", "13800000001"), await member("李强", "13800000002")
    two = (PositionDraft("讲师", 1), PositionDraft("助手", 5))
    first, second = await world.publish(
        await world.draft(9, positions=two),
        await world.draft(10, positions=(PositionDraft("律师", credentials_any=("lawyer",)),)),
    )
    rows = [
        f"138 0000 0001,,王芳,{first.reference},讲师",
        f",{li},,{first.reference},1",
        f"13800000002,,,{first.reference},助手",
        f"13800000001,,王芳,{first.reference},助手",
        f"13800000009,,,{first.reference},助手",
        f"13800000002,,李四,{first.reference},助手",
        f",{li},,{second.reference},",
        f",,,{first.reference},讲师",
        f",{wang},,{first.reference},",
        f",{wang},,RW-7,讲师",
    ]
    view = await report(staff, file(*rows, header=PEOPLE), "sign-ups")
    told = said(view)
    assert list(told) == [3, 5, 6, 7, 8, 9, 10, 11]
    assert "报满" in told[3]
    assert "已经报了" in told[5]
    assert "没有这样的志愿者" in told[6]
    assert "姓名和登记的不一致" in told[7]
    assert "律师执业证" in told[8]
    assert "请填手机号或志愿者编号" in told[9]
    assert "哪个岗位" in told[10]
    assert "没有这个编号" in told[11]
    await service.store(staff, view.public_id, only_good=False)
    assert (await queries.import_view(staff, view.public_id)).status is ImportStatus.CHECKED
    await service.store(staff, view.public_id, only_good=True)
    rows_there = await database.fetch(
        "SELECT person.name, s.origin, s.status FROM sign_up s JOIN person ON person.id = s.person_id ORDER BY s.id"
    )
    assert [tuple(row.values()) for row in rows_there] == [
        ("王芳", "import", "confirmed"),
        ("李强", "import", "confirmed"),
    ]


async def test_no_number_of_a_phone_lies_open_in_the_database(staff: Principal) -> None:
    await member("王芳", "13800000001")
    [stored] = await world.publish(await world.draft())
    await handed_in(staff, file(f"13800000001,,,{stored.reference},", header=PEOPLE), "sign-ups")
    kept = await database.fetch_one("SELECT sheet_sealed, report_sealed FROM file_import")
    assert kept is not None
    assert b"13800000001" not in kept["sheet_sealed"] + kept["report_sealed"]


async def test_four_lists_for_the_last_seats_never_overbook(staff: Principal) -> None:
    people = [await member(f"P{number}", f"1390000000{number}") for number in range(8)]
    for step in range(rounds(3, 100)):
        seats = (PositionDraft("讲师", 5),)
        [stored] = await world.publish(await world.draft(9 + 24 * (step % 5), positions=seats))
        rows = [f",{who},,{stored.reference}," for who in people]
        lists = [file(*rows[first : first + 2], header=PEOPLE) for first in range(0, 8, 2)]
        views = [await report(staff, content, "sign-ups") for content in lists]
        await asyncio.gather(*(service.store(staff, view.public_id, only_good=True) for view in views))
        after = [await queries.import_view(staff, view.public_id) for view in views]
        assert sum(view.stored_count for view in after) == 5
        booked = "SELECT booked FROM position WHERE id = $1"
        assert await database.fetch_value(booked, stored.position_ids[0]) == 5
        await database.execute(
            "UPDATE sign_up SET status = 'released', ended_at = $1, ended_reason = 'left' WHERE live",
            world.MONDAY - timedelta(days=1),
        )
