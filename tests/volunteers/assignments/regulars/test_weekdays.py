"""A station keeps weekdays for its regulars: who may, what stays written, on the page and for programs."""

import asyncpg
import pytest

from app.composition import compose
from app.core import database
from app.core.access import Role
from app.core.errors import InvalidInput, NotPermitted
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.assignments.regulars.test_regulars import shift, staff
from volunteers.assignments.regulars import service
from volunteers.assignments.sign_ups.service import sign_up


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def test_the_station_keeps_weekdays_for_somebody_and_changes_them(db: None) -> None:
    station = await world.station()
    [(person, who)] = await world.volunteers(1)
    found = await shift(station, until=None)
    await sign_up(who, found.position_ids[0])
    public_id = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person)
    officer = await staff()
    for days, stored in (((3, 1, 3), [1, 3]), ((1,), [1]), ((), [])):
        await service.keep_weekdays(officer, station, public_id, days)
        live = "SELECT weekdays, marked_by FROM station_regular WHERE unmarked_at IS NULL"
        assert await database.fetch(live) == [{"weekdays": stored, "marked_by": officer.actor}]
    assert await database.fetch_value("SELECT count(*) FROM station_regular") == 3  # what was kept before stays written
    with pytest.raises(InvalidInput):
        await service.keep_weekdays(officer, station, public_id, (7,))
    with pytest.raises(NotPermitted):
        await service.keep_weekdays(await world.officer(Role.STATION_STAFF, "330127100"), station, public_id, (1,))
    with pytest.raises(asyncpg.CheckViolationError, match="station_regular_weekdays"):
        await database.execute("UPDATE station_regular SET weekdays = '{7}'")


async def test_the_page_and_the_api_keep_weekdays_for_somebody(db: None) -> None:
    station = await world.station()
    [(person, who)] = await world.people([world.profile(name="王芳")])
    seen = await shift(station, until=None)
    await sign_up(who, seen.position_ids[0])
    public_id = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person)
    page, api = (f"{base}/{station}/regulars" for base in ("/station", "/api/v1/stations"))
    async with client(await staff()) as http:
        await http.post(f"{page}/{public_id}/mark")
        assert (await http.post(f"{page}/{public_id}/weekdays", data={"weekdays": ["1", "3"]})).status_code == 303
        shown = (await http.get(f"/station/regulars?station={station}")).text
        assert "<dt>周二</dt><dd>王芳</dd><dt>周四</dt><dd>王芳</dd>" in shown
        assert (await http.get(api)).json()[0]["weekdays"] == [1, 3]
        assert (await http.put(f"{api}/{public_id}/weekdays", json={"weekdays": [8]})).status_code == 400
        assert (await http.put(f"{api}/{public_id}/weekdays", json={"weekdays": [2]})).status_code == 204
        assert (await http.get(api)).json()[0]["weekdays"] == [2]
