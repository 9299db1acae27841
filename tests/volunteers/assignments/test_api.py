"""The endpoints: the same use cases for programs, refusals as problems with every reason."""

from datetime import timedelta
from typing import Any

import httpx

from app.core import clock
from app.core.access import ANONYMOUS, Principal, Role
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.rules import Kind, PositionDraft
from volunteers.assignments.sign_ups.service import sign_up

API = "/api/v1"


async def call(principal: Principal, method: str, path: str, body: Any = None) -> httpx.Response:
    """Call an endpoint as somebody."""
    async with client(principal) as http:
        return await http.request(method, API + path, json=body, headers={"accept": "application/json"})


async def test_everybody_lists_pages_and_shows_assignments(db: None) -> None:
    stored = await world.publish(*[await world.draft(9 + hour) for hour in range(3)])
    first = (await call(ANONYMOUS, "GET", "/assignments?limit=2&place=330106")).json()
    rest = (await call(ANONYMOUS, "GET", f"/assignments?limit=2&cursor={first['next_cursor']}")).json()
    found = [row["reference"] for row in first["items"] + rest["items"]]
    assert found == [row.reference for row in stored]
    assert rest["next_cursor"] is None
    one = (await call(ANONYMOUS, "GET", f"/assignments/{stored[0].reference}")).json()
    assert one["positions"][0]["free"] == 1
    assert "id" not in one
    assert "id" not in one["positions"][0]


async def test_a_volunteer_signs_up_sees_it_and_withdraws(shared_db: None) -> None:
    [(_, principal)] = await world.volunteers(1)
    [stored] = await world.publish(await world.draft())
    taken = await call(principal, "POST", "/sign-ups", {"assignment": stored.reference, "position": 1})
    assert taken.status_code == 201
    public_id = taken.json()["id"]
    [mine] = (await call(principal, "GET", "/sign-ups")).json()["items"]
    assert (mine["id"], mine["status"], mine["assignment"]) == (public_id, "confirmed", stored.reference)
    assert (await call(principal, "DELETE", f"/sign-ups/{public_id}")).status_code == 204
    assert (await call(principal, "GET", "/sign-ups")).json()["items"][0]["status"] == "withdrawn"


async def test_a_refused_sign_up_names_every_reason(shared_db: None) -> None:
    [(_, principal)] = await world.volunteers(1)
    position = PositionDraft("lawyer", credentials_any=("lawyer",), gender="M")
    [stored] = await world.publish(await world.draft(kind=Kind.DUTY, positions=(position,)))
    answer = await call(principal, "POST", "/sign-ups", {"assignment": stored.reference})
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert answer.json()["code"] == "credential_missing"
    assert {"credential", "gender"} <= {error["field"] for error in answer.json()["fields"]}
    assert (await call(principal, "POST", "/sign-ups", {"assignment": "RW-1"})).status_code == 404


async def test_a_station_publishes_and_confirms(shared_db: None) -> None:
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    [(_, principal)] = await world.volunteers(1)
    starts = world.MONDAY + timedelta(days=1, hours=9)
    body = {
        "kind": "lecture",
        "title_zh": "Lecture",
        "place_code": world.TOWN,
        "station": await world.station(),
        "starts": starts.isoformat(),
        "ends": (starts + timedelta(hours=2)).isoformat(),
        "compensation": "unpaid",
        "insured": True,
        "positions": [{"role_zh": "helper", "capacity": 3}],
    }
    assert (await call(principal, "POST", "/assignments", body)).status_code == 403
    assert (await call(staff, "POST", "/assignments", {**body, "positions": []})).status_code == 422
    reference = (await call(staff, "POST", "/assignments", body)).json()["reference"]
    public_id = (await call(principal, "POST", "/sign-ups", {"assignment": reference})).json()["id"]
    presences = [{"sign_up": public_id, "outcome": "attended", "people_served": 5}]
    early = (await call(staff, "POST", "/attendance", presences)).json()
    assert (early["confirmed"], early["refused"][0]["code"]) == (0, "not_started")
    with clock.travelled_to(starts + timedelta(hours=3)):
        assert (await call(staff, "POST", "/attendance", presences)).json() == {"confirmed": 1, "refused": []}


async def test_who_i_am_shows_numbers_masked_only(shared_db: None) -> None:
    number = "6222021202001234567"
    who = world.profile(name="Me Myself", bank_account=number, bank_name="Bank", credentials=(world.licence(),))
    [(_, principal)] = await world.people([who])
    answer = await call(principal, "GET", "/people/me")
    assert number not in answer.text
    body = answer.json()
    assert (body["name"], body["bank_account"], body["credentials"][0]["status"]) == (
        "Me Myself",
        "6222***********4567",
        "verified",
    )


async def test_the_list_asks_only_for_what_a_caller_may_take(shared_db: None) -> None:
    [(_, principal)] = await world.volunteers(1)
    [mine, _] = await world.publish(
        await world.draft(9 + 24 * 5),
        await world.draft(9 + 24 * 5, kind=Kind.DUTY, positions=(PositionDraft("x", credentials_any=("notary",)),)),
    )
    await sign_up(principal, (await world.publish(await world.draft(14 + 24 * 5)))[0].position_ids[0])
    since = (world.MONDAY + timedelta(days=5)).isoformat().replace("+00:00", "Z")
    found = (await call(principal, "GET", f"/assignments?eligible=true&since={since}")).json()["items"]
    assert [row["reference"] for row in found] == [mine.reference]
