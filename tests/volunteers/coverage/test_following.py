"""The open map renews itself: nothing is worked out while nothing is recorded, and what changed comes at once."""

from datetime import timedelta
from typing import Any

import pytest

from app.composition import compose
from app.core import clock
from app.core.access import ANONYMOUS, Permission
from tests.app.web.client import client, somebody
from tests.volunteers import world
from tests.volunteers.coverage import promising
from volunteers.assignments.sign_ups.service import accept
from volunteers.coverage import controllers
from volunteers.coverage.following import Version, version_now
from volunteers.coverage.rules import Every

ALL_DUE = {"every": Every.DAYS, "days": 60, "alert_days": 60, "minutes": 60}


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


def version_of(text: str) -> str:
    """Return the version that a page would ask with."""
    return text.split('"If-None-Match": "')[1].split('"')[0]


async def test_an_open_map_hears_nothing_until_something_is_recorded_and_then_only_what_changed(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await promising.rule("330106", **ALL_DUE)
    worked_out, address = [], "/coverage?place=330106"

    async def noted(*given: Any) -> Version:
        worked_out.append(given)
        return await version_now(*given)

    monkeypatch.setattr(controllers, "version_now", noted)
    async with client(ANONYMOUS) as http:
        page = (await http.get(address)).text
        seen = version_of(page)
        assert (await http.get(address, headers={"if-none-match": seen})).status_code == 204
        assert worked_out == []
        await promising.officer("330106")  # an account more: recorded, and nothing to do with the map
        first = await http.get(address, headers={"if-none-match": seen})
        seen = version_of(first.text)
        await promising.officer("330106")
        again = await http.get(address, headers={"if-none-match": seen})
        assert (again.status_code, 'id="results"' in again.text, 'id="renewal"' in again.text) == (200, False, True)
        assert version_of(again.text) != seen
    assert len(worked_out) == 2


async def test_a_yes_turns_a_red_place_green_for_whoever_has_the_map_open(db: None) -> None:
    rule = await promising.rule("330106", **ALL_DUE)
    station, village = await world.station(), (await promising.villages())[0]
    [lawyer] = await promising.lawyers(1)
    day = clock.today() + timedelta(days=3)
    address = f"/coverage?rule={rule.public_id}&place=330106&colour=amber"
    async with client(ANONYMOUS) as http:
        page = (await http.get(address)).text
        shift = await promising.shift(station, village, day)
        offered = await promising.seated(shift, lawyer, offered=True, day=clock.today() + timedelta(days=14))
        amber = await http.get(address, headers={"if-none-match": version_of(page)})
        assert "请了人，等答复" in amber.text
        account = await promising.account_of(lawyer)
        await accept(somebody(Permission.ASSIGNMENT_SIGN_UP, account_id=account), offered)
        green = await http.get(address, headers={"if-none-match": version_of(amber.text)})
        assert (green.status_code, "请了人，等答复" in green.text) == (200, False)
        assert 'id="said"' in green.text


def test_a_version_is_read_as_it_was_written() -> None:
    for one in (Version("city-7-7-99", "abc"), Version("city-7-7-99")):
        assert Version.read(str(one)) == one
