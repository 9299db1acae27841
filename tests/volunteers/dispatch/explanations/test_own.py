"""A volunteer asks why this shift, and why not that one; of others they learn numbers only."""

from uuid import UUID

import pytest

from app.composition import compose
from app.core import database
from app.core.access import ANONYMOUS, Principal, Role
from tests.app.web.client import client, whole_application
from tests.volunteers import world
from tests.volunteers.dispatch import small
from volunteers.assignments.rules import Kind, PositionDraft
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.rules import Window

LAWYER = (PositionDraft("律师", 1, 1, "Lawyer", credentials_any=("lawyer",)),)
HELPER = (PositionDraft("志愿者", 1, 1, "Helper"),)


@pytest.fixture(autouse=True)
def composed(db: None) -> None:
    compose()
    whole_application()


async def in_force() -> UUID:
    """Plan the week and publish the plan."""
    planner = await small.planner()
    run = await small.solved(planner)
    await small.publish(planner, run)
    return run


async def seat_of(person_id: int) -> UUID:
    found: UUID = await database.fetch_value("SELECT public_id FROM sign_up WHERE person_id = $1 AND live", person_id)
    return found


async def text(who: Principal, path: str, lang: str = "zh", status: int = 200) -> str:
    async with client(who) as http:
        answer = await http.get(f"{path}?lang={lang}")
    assert answer.status_code == status, answer.text
    return answer.text


async def test_a_volunteer_reads_why_the_plan_sends_them(db: None) -> None:
    lawyer = world.profile(name="钱律师", availability=small.ALWAYS, credentials=(world.licence(),))
    ((lawyer_id, lawyer_),) = await world.people([lawyer])
    await small.people(2)
    await small.shifts(9, positions=LAWYER, green=True)
    await in_force()
    path = f"/my/assignments/{await seat_of(lawyer_id)}/why"
    said = await text(lawyer_, path)
    for words in ("要有律师执业证，你有", "在你愿意走的", "绿色通道", "够条件的只有你", "前四周你去了 0 次"):
        assert words in said
    assert "you have it" in await text(lawyer_, path, "en")
    mine = await text(lawyer_, "/my/assignments")
    assert path in mine
    async with client(lawyer_) as http:
        body = (await http.get(f"/api/v1/my/sign-ups/{await seat_of(lawyer_id)}/why")).json()
    assert (body["planned"], body["able"], body["busier"], body["credentials_any"]) == (True, 0, None, ["lawyer"])


async def test_others_are_a_number_and_nobody_s_seat_but_ones_own_is_explained(db: None) -> None:
    people = await world.people([world.profile(name=f"证人{n}", availability=small.ALWAYS) for n in range(8)])
    await small.shifts(9, 57)
    await in_force()
    sent = await database.fetch("SELECT person_id, public_id FROM sign_up WHERE live")
    accounts = dict(people)
    first, second = sent[0], sent[1]
    said = await text(accounts[first["person_id"]], f"/my/assignments/{first['public_id']}/why")
    assert "另有 7 人够条件" in said
    assert "有 0 人去得比你多" in said
    names = await database.fetch("SELECT name FROM person WHERE id <> $1", first["person_id"])
    assert not [row["name"] for row in names if row["name"] in said]
    await text(accounts[first["person_id"]], f"/my/assignments/{second['public_id']}/why", status=404)
    async with client(ANONYMOUS) as http:
        assert (await http.get(f"/my/assignments/{first['public_id']}/why")).status_code in (303, 401)


async def test_a_seat_one_took_oneself_was_not_planned(db: None) -> None:
    ((person_id, who),) = await small.people(1)
    (reference,) = await small.shifts(9)
    await sign_up(who, await database.fetch_value("SELECT id FROM position"))
    await in_force()
    assert "不是排班派的" in await text(who, f"/my/assignments/{await seat_of(person_id)}/why")
    assert "你就在这个班上" in await text(who, f"/assignments/{reference}/why-not-me")


REFUSED = {
    "credential": ({"credentials": (world.licence(CredentialKind.MEDIATOR),)}, "你还没有核验过的"),
    "availability": (
        {"credentials": (world.licence(),), "availability": (Window(5, 0, 60),)},
        "没有一段能把这个班整个放下",
    ),
}


@pytest.mark.parametrize("refusal", list(REFUSED))
async def test_the_first_hard_rule_is_named(db: None, refusal: str) -> None:
    changes, words = REFUSED[refusal]
    ((_, who),) = await world.people([world.profile(**{"availability": small.ALWAYS, **changes})])
    (reference,) = await small.shifts(9, positions=LAWYER)
    await in_force()
    assert words in await text(who, f"/assignments/{reference}/why-not-me")
    async with client(who) as http:
        body = (await http.get(f"/api/v1/assignments/{reference}/why-not-me")).json()
    assert (body["refusal"], body["exchange"], body["on_it"]) == (refusal, None, False)


async def test_a_clash_with_what_one_signed_up_for_names_that_shift(db: None) -> None:
    ((_, who),) = await small.people(1)
    own, wanted = await small.shifts(9, 10, title_zh="读书会")
    await sign_up(who, await database.fetch_value("SELECT id FROM position ORDER BY id LIMIT 1"))
    await in_force()
    said = await text(who, f"/assignments/{wanted}/why-not-me")
    assert "你自己报了“读书会”，两个班时间重叠" in said
    assert f"/assignments/{own}" in said
    async with client(who) as http:
        body = (await http.get(f"/api/v1/assignments/{wanted}/why-not-me")).json()
    assert (body["refusal"], body["conflict"]["assignment"], body["conflict"]["clash"]) == ("elsewhere", own, "overlap")


async def test_who_is_needed_on_the_green_channel_reads_what_would_be_lost(db: None) -> None:
    lawyer = world.profile(availability=small.ALWAYS, credentials=(world.licence(),))
    ((_, lawyer_), _) = await world.people([lawyer, world.profile(availability=small.ALWAYS)])
    (green,) = await small.shifts(9, positions=LAWYER, green=True, title_zh="急事")
    (plain,) = await small.shifts(10, title_zh="讲座")
    await in_force()
    said = await text(lawyer_, f"/assignments/{plain}/why-not-me")
    for words in ("如果派你来这里，绿色通道的居民会少 1 个班", "急事", "你不去就开不成"):
        assert words in said
    async with client(lawyer_) as http:
        body = (await http.get(f"/api/v1/assignments/{plain}/why-not-me")).json()["exchange"]
    assert (body["level"], body["worse_by"], body["gives_up"]) == ("green_unheld", 1, [green])


async def test_who_likes_the_work_better_is_sent_and_the_other_reads_so(db: None) -> None:
    fond = world.profile(availability=small.ALWAYS, preferred_kinds=(Kind.DUTY,))
    people = await world.people([fond, world.profile(availability=small.ALWAYS)])
    who = people[0][1]
    (reference,) = await small.shifts(9)
    await in_force()
    assert "更喜欢这类任务" in await text(who, f"/assignments/{reference}/why-not-me")
    sent = await database.fetch_one("SELECT s.public_id, s.person_id FROM sign_up s WHERE live")
    assert sent is not None
    assert "派你更合适" in await text(dict(people)[sent["person_id"]], f"/my/assignments/{sent['public_id']}/why")


async def test_whose_day_it_is_reads_so(db: None) -> None:
    people = await small.people(2)
    station, planner = await world.station(), await small.planner()
    await small.shifts(33, station_id=station)
    await database.execute(
        """INSERT INTO station_regular (station_id, person_id, marked_by, marked_at, weekdays)
           VALUES ($1, $2, $3, now(), '{1}')""",
        *(station, people[-1][0], planner.actor),
    )
    await in_force()
    person, who = people[-1]
    path = f"/my/assignments/{await seat_of(person)}/why"
    assert "站点把每周的这一天留给了你" in await text(who, path)
    async with client(who) as http:
        body = (await http.get(f"/api/v1{path.replace('assignments', 'sign-ups')}")).json()
    assert (body["familiar"], body["kept_day"]) == (True, True)


async def test_who_stands_in_on_somebody_s_day_reads_so(db: None) -> None:
    ((stand_in, who),) = await small.people(1)
    ((away, _),) = await world.people([world.profile(availability=(Window(0, 0, 60),))])
    station, planner = await world.station(), await small.planner()
    await small.shifts(33, station_id=station)
    await database.execute(
        """INSERT INTO station_regular (station_id, person_id, marked_by, marked_at, weekdays)
           VALUES ($1, $2, $3, now(), '{1}')""",
        *(station, away, planner.actor),
    )
    await in_force()
    said = await text(who, f"/my/assignments/{await seat_of(stand_in)}/why", "en")
    assert "for people of its own, who cannot come this time" in said


async def test_without_a_plan_and_after_its_data_is_gone_the_page_says_so(db: None) -> None:
    ((person_id, who),) = await small.people(1)
    (reference,) = await small.shifts(9)
    path = f"/assignments/{reference}/why-not-me"
    assert "那一周还没有发布的计划" in await text(who, path)
    assert "why-not-me" not in await text(who, f"/assignments/{reference}")
    await in_force()
    (later,) = await small.shifts(12)
    assert f"/my/assignments/{await seat_of(person_id)}/why" in await text(who, f"/assignments/{reference}")
    assert "why-not-me" in await text(who, f"/assignments/{later}")
    assert "还没有这个班" in await text(who, f"/assignments/{later}/why-not-me")
    await database.execute("DELETE FROM dispatch_input")
    assert "已按规定删除" in await text(who, path)
    assert "已按规定删除" in await text(who, f"/my/assignments/{await seat_of(person_id)}/why")


async def test_only_volunteers_ask(db: None) -> None:
    await small.people(1)
    (reference,) = await small.shifts(9)
    async with client(await world.officer(Role.STATION_STAFF)) as http:
        assert (await http.get(f"/assignments/{reference}/why-not-me")).status_code == 403
