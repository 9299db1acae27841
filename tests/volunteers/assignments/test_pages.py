"""The volunteers' and stations' pages and endpoints on the real application: what each person can do through them."""

import re
from datetime import timedelta
from typing import Any

import httpx

from app.core import clock, database
from app.core.access import ANONYMOUS, Principal, Role
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.people.test_rules import id_card
from tests.world import account
from volunteers.assignments.queries import assignment_page
from volunteers.assignments.rules import AssignmentStatus, Kind, PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.people.queries import profile
from volunteers.people.rules import Window


async def shift(hours: float = 9, **changes: object) -> Published:
    """Publish one lecture."""
    [stored] = await world.publish(await world.draft(hours, **changes))
    return stored


async def got(principal: Principal, path: str) -> httpx.Response:
    """Get a page as somebody."""
    async with client(principal) as http:
        return await http.get(path)


async def sent(principal: Principal, path: str, **fields: Any) -> httpx.Response:
    """Send a form as somebody."""
    async with client(principal) as http:
        return await http.post(path, data=fields)


async def test_everybody_finds_and_reads_an_open_assignment(shared_db: None) -> None:
    stored = await shift(title_zh="民法典讲座", title_en="A talk")
    listed = await got(ANONYMOUS, "/assignments?place=330106")
    assert "民法典讲座" in listed.text
    shown = await got(ANONYMOUS, f"/assignments/{stored.reference}?lang=en")
    assert "A talk" in shown.text
    assert f"/sign-in?next=/assignments/{stored.reference}" in shown.text
    assert "Insured" in shown.text
    assert (await got(ANONYMOUS, "/assignments?place=x")).status_code == 422


async def test_one_tap_signs_up_and_the_briefing_appears(shared_db: None) -> None:
    stored = await shift(briefing_zh="到二楼找王老师")
    [(_, principal)] = await world.volunteers(1)
    path = f"/assignments/{stored.reference}"
    before = await got(principal, path)
    assert f'action="{path}/1/sign-up"' in before.text
    assert "王老师" not in before.text
    answer = await sent(principal, f"{path}/1/sign-up")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    after = await got(principal, path)
    assert "王老师" in after.text
    assert f'action="{path}/1/sign-up"' not in after.text


async def test_a_refusal_names_every_reason_on_the_page(shared_db: None) -> None:
    positions = (PositionDraft("律师", credentials_any=("lawyer",), gender="M"),)
    stored = await shift(kind=Kind.DUTY, positions=positions)
    [(_, principal)] = await world.volunteers(1)
    for answer in (
        await got(principal, f"/assignments/{stored.reference}"),
        await sent(principal, f"/assignments/{stored.reference}/1/sign-up"),
    ):
        assert "律师执业证" in answer.text
        assert "当事人希望由男性前往" in answer.text
    assert answer.status_code == 409


async def test_who_is_not_a_volunteer_cannot_sign_up(shared_db: None) -> None:
    stored = await shift()
    path = f"/assignments/{stored.reference}/1/sign-up"
    assert (await sent(await account(), path)).status_code == 403
    anonymous = await sent(ANONYMOUS, path)
    assert anonymous.status_code == 403 or "/sign-in" in anonymous.headers.get("location", "")


async def test_withdrawing_from_ones_own_page(shared_db: None) -> None:
    stored = await shift()
    [(_, principal)] = await world.volunteers(1)
    public_id = await sign_up(principal, stored.position_ids[0])
    assert stored.reference in (await got(principal, "/my/assignments")).text
    assert (await sent(principal, f"/sign-ups/{public_id}/withdraw")).status_code == 303
    assert "本人退出" in (await got(principal, "/my/assignments")).text


async def test_a_draft_is_seen_by_its_station_only(shared_db: None) -> None:
    stored = await shift(status=AssignmentStatus.DRAFT)
    path = f"/assignments/{stored.reference}"
    assert (await got(ANONYMOUS, path)).status_code == 404
    assert (await got(await world.officer(Role.STATION_STAFF, "330102"), path)).status_code == 404
    assert (await got(await world.officer(Role.STATION_STAFF, world.TOWN), path)).status_code == 200


async def test_joining_takes_three_short_screens(shared_db: None) -> None:
    principal = await account()
    assert (await got(principal, "/join")).status_code == 200
    typed = {"name": "王芳", "id_card": id_card(order="218"), "corps": ["volunteer"], "home": "三墩镇"}
    refused = await sent(principal, "/join", **typed)
    assert refused.status_code == 422
    assert "个人信息处理告知" in refused.text
    answer = await sent(principal, "/join", **typed, consent="on")
    assert (answer.status_code, answer.headers["location"]) == (303, "/join/times")
    assert (await profile(principal)).home_code == world.TOWN

    world.principals.register_role_map(world.role_map())
    principal = await world.principals.principal_of_account(principal.actor)
    limits = {"max_shifts_week": "3", "max_travel_km": "15", "max_hours_day": "6", "max_hours_week": "12"}
    times = {"slots": ["5-am", "5-pm"], "languages": ["putonghua", "sign"], **limits}
    answer = await sent(principal, "/join/times", **times)
    assert (answer.status_code, answer.headers["location"]) == (303, "/join/credential")
    held = {"kind": "mediator", "number": "M-778", "issuer_zh": "西湖区司法局", "valid_from": "2024-01-01"}
    answer = await sent(principal, "/join/credential", **held)
    assert answer.status_code == 303
    mine = await profile(principal)
    assert [(w.weekday, w.from_minute, w.to_minute) for w in mine.availability] == [(5, 480, 1080)]
    assert (mine.limits.max_travel_m, mine.languages) == (15_000, ("putonghua", "sign"))
    assert [credential.number for credential in mine.credentials] == ["M-778"]


async def test_a_home_that_several_places_share_is_chosen_from_a_list(shared_db: None) -> None:
    shared = "SELECT name_zh FROM place WHERE level = 'village' GROUP BY 1 HAVING count(*) = 2 LIMIT 1"
    name = await database.fetch_value(shared)
    typed = {"name": "王芳", "id_card": id_card(order="238"), "corps": ["volunteer"], "consent": "on"}
    principal = await account()
    asked = await sent(principal, "/join", **typed, home=name)
    codes = re.findall(r'name="home_code" value="(\d+)"', asked.text)
    assert len(codes) == 2
    assert (await sent(principal, "/join", **typed, home=name, home_code=codes[1])).status_code == 303
    assert (await profile(principal)).home_code == codes[1]
    assert (await sent(await account(), "/join", **typed, home="没有这个村")).status_code == 422


async def test_the_profile_changes_times_account_and_ties(shared_db: None) -> None:
    [(_, principal)] = await world.people([world.profile(availability=(Window(0, 500, 600),))])
    assert "08:20" in (await got(principal, "/my/profile")).text  # finer than the boxes: told before it is replaced
    assert (await sent(principal, "/my/profile/times", slots=["0-eve"])).status_code == 303
    assert (await sent(principal, "/my/profile/times", slots=["9-x"])).status_code == 422
    account_number = {"bank_name": "银行", "bank_account": "6222 0212 0200 1234 567"}
    assert (await sent(principal, "/my/profile/bank", **account_number)).status_code == 303
    assert (await sent(principal, "/my/profile/bank", bank_name="银行", bank_account="1")).status_code == 422
    assert (await sent(principal, "/my/profile/recusals", party="party-55")).status_code == 303
    assert (await sent(principal, "/my/profile/corps", corps=["student", "mediator"])).status_code == 303
    assert (await sent(principal, "/my/profile/corps", corps=["judge"])).status_code == 422
    nothing = await sent(principal, "/my/profile/corps")
    assert (nothing.status_code, "请至少选择一种身份" in nothing.text) == (422, True)
    assert (await sent(principal, "/my/profile/pause")).status_code == 303
    mine = await profile(principal)
    assert mine.corps == ("mediator", "student")
    assert (mine.status, mine.bank_account_masked[-4:], len(mine.availability)) == ("paused", "4567", 1)
    assert (await sent(principal, "/my/profile/fly")).status_code == 404


async def test_a_station_publishes_moves_and_calls_off_a_shift(shared_db: None) -> None:
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    station = await world.station()
    starts = clock.local(world.MONDAY + timedelta(days=2, hours=9))
    typed = {
        **{"kind": "lecture", "title_zh": "讲座", "station": station, "role_zh": "讲师", "capacity": 2, "minimum": 1},
        **{"compensation": "unpaid", "starts": f"{starts:%Y-%m-%dT%H:%M}"},
    }
    refused = await sent(staff, "/station/new", **typed, ends=f"{starts:%Y-%m-%dT%H:%M}")
    assert refused.status_code == 422
    ends = starts + timedelta(hours=2)
    answer = await sent(staff, "/station/new", **typed, ends=f"{ends:%Y-%m-%dT%H:%M}")
    assert answer.status_code == 303
    path = answer.headers["location"]
    reference = path.rsplit("/", 1)[1]
    stored = await assignment_page(reference)
    assert (clock.local(stored.starts), stored.positions[0].capacity) == (starts, 2)

    later = starts + timedelta(hours=4)
    moved = {"starts": f"{later:%Y-%m-%dT%H:%M}", "ends": f"{later + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    assert (await sent(staff, f"{path}/move", **moved)).status_code == 303
    assert (await sent(staff, f"{path}/capacity", number=1, capacity=5)).status_code == 303
    assert (await sent(staff, f"{path}/status/close")).status_code == 303
    assert (await sent(staff, f"{path}/status/cancel")).status_code == 404
    assert (await sent(staff, f"{path}/cancel", reason="台风")).status_code == 303
    stored = await assignment_page(reference)
    assert (clock.local(stored.starts), stored.positions[0].capacity) == (later, 5)
    assert (stored.status, stored.cancelled_reason) == (AssignmentStatus.CANCELLED, "台风")


async def test_one_tap_confirms_everybody_or_just_who_was_ticked(shared_db: None) -> None:
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    people = await world.volunteers(2)
    both = await shift(9, positions=(PositionDraft("helper", 2),))
    one = await shift(14, positions=(PositionDraft("helper", 2),))
    ids = {}
    for number, (_, principal) in enumerate(people):
        await sign_up(principal, both.position_ids[0])
        ids[number] = await sign_up(principal, one.position_ids[0])
    with clock.travelled_to(world.MONDAY + timedelta(hours=18)):
        waiting = await got(staff, "/station/unconfirmed")
        assert both.reference in waiting.text
        assert one.reference in waiting.text
        answer = await sent(staff, f"/station/shifts/{both.reference}/attendance", everybody="on", back="unconfirmed")
        assert answer.headers["location"] == "/station/unconfirmed"
        ticked = {"present": str(ids[0]), f"left-{ids[0]}": "15:30", f"served-{ids[0]}": "4"}
        await sent(staff, f"/station/shifts/{one.reference}/attendance", **ticked)
    rows = await database.fetch(
        """SELECT t.outcome, t.minutes, t.people_served FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id
           WHERE s.assignment_id = ANY($1) ORDER BY s.starts, s.id""",
        [both.id, one.id],
    )
    assert [tuple(row.values()) for row in rows] == [
        *(("attended", 120, 0), ("attended", 120, 0)),
        *(("attended", 90, 4), ("absent", 0, 0)),
    ]


async def test_a_station_does_not_see_another_districts_shift(shared_db: None) -> None:
    stored = await shift()
    stranger = await world.officer(Role.STATION_STAFF, "330102")
    assert (await got(stranger, f"/station/shifts/{stored.reference}")).status_code == 403
    assert (await got(stranger, f"/station/shifts/{stored.reference}/change")).status_code == 403
    assert stored.reference not in (await got(stranger, f"/station?day={clock.local(world.MONDAY).date()}")).text


async def test_an_officer_verifies_ticked_claims_and_sends_one_back(db: None) -> None:
    await world.people([world.profile(name=name, credentials=(world.licence(),)) for name in "ABC"], verified=False)
    officer = await world.officer(Role.COORDINATOR)
    claims = await database.fetch("SELECT public_id FROM credential ORDER BY id")
    assert "3 份证件" in (await got(officer, "/credentials")).text
    ticked = [str(claim["public_id"]) for claim in claims[:2]]
    assert (await sent(officer, "/credentials/verify", claims=ticked)).status_code == 422  # held against what?
    assert (await sent(officer, "/credentials/verify", claims=ticked, ground="original")).status_code == 303
    last = claims[2]["public_id"]
    assert (await sent(officer, f"/credentials/{last}/refuse", reason=" ")).status_code == 422
    assert (await sent(officer, f"/credentials/{last}/refuse", reason="看不清")).status_code == 303
    assert "没有待核验的证件" in (await got(officer, "/credentials")).text


async def test_the_workbench_says_what_waits(db: None) -> None:
    [(_, principal)] = await world.people([world.profile(credentials=(world.licence(),))], verified=False)
    stored = await shift()
    await sign_up(principal, stored.position_ids[0])
    assert stored.reference in (await got(principal, "/workbench")).text
    assert "1 份证件待核验" in (await got(await world.officer(Role.COORDINATOR), "/workbench")).text
    world.principals.register_role_map(world.role_map())
    newcomer = await account(Role.VOLUNTEER)
    assert 'href="/join"' in (await got(newcomer, "/workbench")).text
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    with clock.travelled_to(world.MONDAY + timedelta(hours=12)):
        assert "1 人的到场等你确认" in (await got(staff, "/workbench")).text
