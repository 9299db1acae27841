"""Places a person serves: near for the list, asked by call-outs, planned, and never a way past the distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.errors import NotFound
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.queries import AssignmentFilter, open_assignments
from volunteers.assignments.sign_ups.queries import why_not
from volunteers.assignments.sign_ups.rules import Hint
from volunteers.dispatch.reach import below, widened
from volunteers.dispatch.week import read_instance
from volunteers.people.rules import Limits
from volunteers.people.served import service
from volunteers.people.served.queries import my_places
from volunteers.people.served.rules import MOST_PLACES, EnoughPlaces, NoSuchPlace

FAR = "330102"
NEAR_ONLY = Limits(max_minutes_day=1440, max_minutes_week=10_000, max_shifts_week=50, max_travel_m=100)


async def far_shift() -> world.Published:
    """Publish a lecture in another district."""
    station = await world.station(FAR)
    [shift] = await world.publish(await world.draft(9, place_id=await world.place_id(FAR), station_id=station))
    return shift


async def near(person_id: int) -> list[str]:
    """Return what the list finds near the person."""
    return [row.reference for row in await open_assignments(AssignmentFilter(person_id=person_id, near=True))]


async def test_a_place_served_counts_as_near_however_far(db: None) -> None:
    [(person_id, me)] = await world.people([world.profile(limits=NEAR_ONLY)])
    shift = await far_shift()
    assert await near(person_id) == []
    assert Hint.DISTANCE in (await why_not(me, shift.reference))[0].hints
    await service.serve(me, FAR)
    assert await near(person_id) == [shift.reference]
    assert (await why_not(me, shift.reference))[0].hints == ()
    await service.stop_serving(me, FAR)
    assert await near(person_id) == []


async def test_the_plan_of_a_district_reckons_with_those_who_serve_it(db: None) -> None:
    [(person_id, me)] = await world.people([world.profile(limits=NEAR_ONLY)])
    await far_shift()
    monday = clock.local(world.MONDAY).date()
    assert (await read_instance(FAR, monday)).volunteers == ()
    await service.serve(me, FAR)
    instance = await read_instance(FAR, monday)
    [planned], [shift] = instance.volunteers, instance.shifts
    place = next(place for place in instance.places if place.id == shift.place)
    assert planned.id == str(person_id)
    assert planned.max_travel_m == abs(planned.x - place.x) + abs(planned.y - place.y)
    assert planned.familiar_places == (shift.place,)


async def test_a_place_is_named_once_exists_and_there_are_only_so_many(shared_db: None) -> None:
    [(_, me)] = await world.volunteers(1)
    for code in ("330110", "330110"):
        await service.serve(me, code)
    assert [place.code for place in await my_places(me)] == ["330110"]
    for code in ("339999", "3301"):
        with pytest.raises(NoSuchPlace):
            await service.serve(me, code)
    with pytest.raises(NotFound):
        await service.stop_serving(me, "330102")
    codes = await database.fetch("SELECT code FROM place WHERE level = 'town' ORDER BY code LIMIT $1", MOST_PLACES - 1)
    for row in codes:
        await service.serve(me, row["code"])
    with pytest.raises(EnoughPlaces):
        await service.serve(me, "330102")


points = st.tuples(st.integers(-50, 50), st.integers(-50, 50))
names = st.sampled_from(["330102@a", "330102@b", "330106@a", "330110@a", "330110@b"])


@given(points, st.integers(0, 100), st.dictionaries(names, points), st.sets(st.sampled_from(["330102", "330110"])))
def test_nobody_is_sent_further_than_they_said_but_to_places_they_serve(
    home: tuple[int, int], limit: int, places: dict[str, tuple[int, int]], served: set[str]
) -> None:
    reach = widened(home, limit, places, served)
    assert reach >= limit
    for name, (east, north) in places.items():
        metres = abs(east - home[0]) + abs(north - home[1])
        if metres <= reach:
            assert metres <= limit or name in below(tuple(served), places)


async def test_the_page_offers_a_choice_where_a_name_fits_several(shared_db: None) -> None:
    [(_, me)] = await world.volunteers(1)
    async with client(me) as http:
        several = await http.post("/my/places", data={"place": "西湖"})
        none = await http.post("/my/places", data={"place": "没有这个地方"})
        taken = await http.post("/my/places", data={"place": "余杭区"})
        added = await http.post("/api/v1/people/me/places", json={"code": "330106"})
        gone = await http.delete("/api/v1/people/me/places/330106")
        listed = (await http.get("/api/v1/people/me/places")).json()
        profile = await http.get("/my/profile")
    assert several.text.count('type="radio"') > 1
    assert (none.status_code, taken.status_code, gone.status_code) == (422, 303, 204)
    assert "没有这个地方" in none.text
    assert len(added.json()) == 2
    assert [one["code"] for one in listed] == ["330110"]
    assert "余杭区" in profile.text
