"""The desk: several kinds of seats on one form, what people are told, and what may change while they sign up."""

from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotPermitted
from tests.volunteers import world
from tests.volunteers.assignments.test_pages import got, sent, shift
from volunteers.assignments.desk.service import add_positions, change_details
from volunteers.assignments.queries import assignment_page
from volunteers.assignments.rules import AlreadyStarted, Kind, PositionDraft, SignUpMode
from volunteers.assignments.sign_ups.service import sign_up

LAWYER = PositionDraft("律师", credentials_any=("lawyer",))


def typed(station: int) -> dict[str, object]:
    """Return a form with two kinds of seats, as a browser sends it."""
    starts = clock.local(world.MONDAY + timedelta(days=1, hours=9))
    return {
        **{"kind": "duty", "title_zh": "值班", "station": station, "compensation": "subsidy", "insured": "on"},
        **{"starts": f"{starts:%Y-%m-%dT%H:%M}", "ends": f"{starts + timedelta(hours=3):%Y-%m-%dT%H:%M}"},
        **{"role_zh": "值班律师", "capacity": 1, "credentials": "lawyer"},
        **{"role_zh-2": "引导员", "capacity-2": 3, "minimum-2": 0, "languages-2": "hangzhou"},
        **{"role_zh-3": "", "capacity-3": ""},
        **{"sign_up_mode": "request", "contact_name": "王芳", "contact_phone": "0571-87990011"},
        **{"meeting_point_zh": "二楼 203", "limits_zh": "不收费", "questions_zh": "劳动"},
    }


async def test_one_form_publishes_several_kinds_of_seats(shared_db: None) -> None:
    staff, station = await world.officer(Role.STATION_STAFF, world.TOWN), await world.station()
    answer = await sent(staff, "/station/new", **typed(station))
    assert answer.status_code == 303, answer.text
    page = await assignment_page(answer.headers["location"].rsplit("/", 1)[1])
    assert [(p.role_zh, p.capacity, p.minimum, p.credentials_any, p.languages_all) for p in page.positions] == [
        ("值班律师", 1, 1, ("lawyer",), ()),
        ("引导员", 3, 0, (), ("hangzhou",)),
    ]
    assert (page.sign_up_mode, page.contact_name, page.meeting_point_zh) == (SignUpMode.REQUEST, "王芳", "二楼 203")


async def test_a_row_more_needs_no_javascript_and_keeps_what_was_typed(shared_db: None) -> None:
    staff, station = await world.officer(Role.STATION_STAFF, world.TOWN), await world.station()
    answer = await sent(staff, "/station/new", **typed(station), more="on")
    assert answer.status_code == 200
    assert 'name="role_zh-3"' in answer.text
    assert 'value="引导员"' in answer.text
    assert 'id="form-refusal"' not in answer.text


async def test_each_wrong_row_is_marked(shared_db: None) -> None:
    staff, station = await world.officer(Role.STATION_STAFF, world.TOWN), await world.station()
    wrong = typed(station) | {"capacity-2": "many", "title_zh": "", "contact_phone": "call me"}
    answer = await sent(staff, "/station/new", **wrong)
    assert answer.status_code == 422
    for field in ("field-capacity-2", "field-title_zh", "field-contact_phone"):
        assert f'href="#{field}"' in answer.text


async def test_words_and_seats_change_while_people_are_signed_up(shared_db: None) -> None:
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    stored = await shift(kind=Kind.LECTURE)
    [(_, volunteer)] = await world.volunteers(1)
    await sign_up(volunteer, stored.position_ids[0])
    path = f"/station/shifts/{stored.reference}"
    words = {"title_zh": "新名字", "sign_up_mode": "request", "meeting_point_zh": "大厅"}
    assert (await sent(staff, f"{path}/details", **words)).status_code == 303
    assert (await sent(staff, f"{path}/details", **(words | {"title_zh": ""}))).status_code == 422
    row = {"role_zh-2": "记录员", "capacity-2": 2, "minimum-2": 0}
    assert (await sent(staff, f"{path}/positions", **row)).status_code == 303
    assert (await sent(staff, f"{path}/positions", **(row | {"capacity-2": 0}))).status_code == 422
    page = await assignment_page(stored.reference)
    assert (page.title_zh, page.meeting_point_zh, page.sign_up_mode) == ("新名字", "大厅", "request")
    assert [(p.number, p.role_zh, p.booked) for p in page.positions] == [(1, "helper", 1), (2, "记录员", 0)]
    assert "大厅" in (await got(volunteer, f"/assignments/{stored.reference}")).text


async def test_seats_are_added_as_a_whole_by_who_answers_and_before_the_start(shared_db: None) -> None:
    stored = await shift(kind=Kind.DUTY, positions=(LAWYER,))
    officer, stranger = await world.officer(Role.COORDINATOR), await world.officer(Role.STATION_STAFF, "330102")
    with pytest.raises(NotPermitted):
        await add_positions(stranger, [(stored.reference, LAWYER)])
    with pytest.raises(NotPermitted):
        await change_details(stranger, stored.reference, {"title_zh": "Mine"})
    with pytest.raises(InvalidInput):
        await add_positions(officer, [(stored.reference, LAWYER), (stored.reference, PositionDraft("", 1))])
    assert await database.fetch_value("SELECT count(*) FROM position WHERE assignment_id = $1", stored.id) == 1
    with clock.travelled_to(world.MONDAY + timedelta(hours=10)), pytest.raises(AlreadyStarted):
        await add_positions(officer, [(stored.reference, LAWYER)])
