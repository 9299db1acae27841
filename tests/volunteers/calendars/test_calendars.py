"""Calendars: what stands in them, who may read them, and whether a strict reader finds a fault."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from app.accounts.principals import register_role_map
from app.composition import role_map
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted
from tests import world as people_world
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, reschedule
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.calendars import queries, service
from volunteers.calendars.calendar_file import written

REQUIRED = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE"}
PROPERTY = re.compile(r"[A-Z-]+(?:;[A-Z-]+=(?:\"[^\"]*\"|[^\";:,]*))*:.*", re.DOTALL)


@pytest.fixture(autouse=True)
def roles() -> None:
    """Let roles mean what the packages' wiring says."""
    register_role_map(role_map())


def faults(content: bytes) -> list[str]:
    """Read a calendar by RFC 5545's own words, without the library that wrote it, and return what is wrong."""
    found = []
    if re.search(rb"(?<!\r)\n|\r(?!\n)", content) or not content.endswith(b"\r\n"):
        found.append("3.1: lines end in CRLF")
    found += ["3.1: a line is longer than 75 octets" for line in content.split(b"\r\n") if len(line) > 75]
    lines = re.sub(rb"\r\n[ \t]", b"", content).decode("utf-8").split("\r\n")[:-1]
    found += [f"3.1: {line}" for line in lines if not PROPERTY.fullmatch(line)]
    if lines[0] != "BEGIN:VCALENDAR" or lines[-1] != "END:VCALENDAR":
        found.append("3.4: one calendar")
    head = lines[: next((i for i, line in enumerate(lines) if line == "BEGIN:VEVENT"), len(lines))]
    found += [
        f"3.6: {name} once" for name in ("VERSION:2.0", "PRODID:") if sum(one.startswith(name) for one in head) != 1
    ]
    uids: list[str] = []
    for event in "\n".join(lines).split("BEGIN:VEVENT\n")[1:]:
        names = [re.split("[;:]", line)[0] for line in event.split("END:VEVENT")[0].split("\n") if line]
        found += [f"3.6.1: {name} is missing" for name in REQUIRED - set(names)]
        found += [f"3.6.1: {name} twice" for name in {one for one in names if names.count(one) > 1}]
        values = dict(line.split(":", 1) for line in event.split("END:VEVENT")[0].split("\n") if line)
        uids.append(values["UID"])
        if not all(re.fullmatch(r"\d{8}T\d{6}Z", values[name]) for name in ("DTSTAMP", "DTSTART", "DTEND")):
            found.append("3.3.5: times are in UTC")
        if values["DTSTART"] >= values["DTEND"]:
            found.append("3.8.2.2: the end is after the start")
        if re.search(r"(?<!\\)[,;]", values["SUMMARY"]):
            found.append("3.3.11: commas and semicolons are escaped")
    if len(set(uids)) != len(uids):
        found.append("3.8.4.7: uids are unique")
    return found


async def events(secret: str) -> dict[str, Event]:
    """Return the events behind an address by their titles."""
    content = written(await queries.feed_behind(secret))
    assert faults(content) == []
    return {str(event["summary"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


async def lawyer() -> Principal:
    return (await world.people([world.profile(credentials=(world.licence(),))]))[0][1]


async def station_clerk(place: str = world.TOWN) -> Principal:
    return await people_world.account(Role.STATION_STAFF, place=place)


async def test_an_own_calendar_follows_each_change_with_the_same_uid_and_a_rising_sequence(db: None) -> None:
    who = await lawyer()
    draft = await world.draft(title_zh="值班, 法律咨询; 调解", title_en="")
    [shift] = await world.publish(draft)
    taken = await sign_up(who, shift.position_ids[0])
    secret = await service.make_own_feed(who)
    first = (await events(secret))["值班, 法律咨询; 调解"]
    assert (first["status"], first["dtstart"].dt) == ("CONFIRMED", draft.starts)

    staff = await station_clerk()
    await reschedule(staff, shift.reference, draft.starts + timedelta(hours=1), draft.ends + timedelta(hours=1))
    moved = (await events(secret))["值班, 法律咨询; 调解"]
    assert moved["uid"] == first["uid"]
    assert moved["sequence"] > first["sequence"]
    assert moved["dtstart"].dt == draft.starts + timedelta(hours=1)

    await withdraw(who, taken)
    gone = (await events(secret))["值班, 法律咨询; 调解"]
    assert (gone["uid"], gone["status"]) == (first["uid"], "CANCELLED")
    assert gone["sequence"] > moved["sequence"]
    with clock.travelled_to(clock.now() + timedelta(days=31)):
        assert await events(secret) == {}


async def test_a_stations_calendar_shows_who_comes_and_what_was_called_off(db: None) -> None:
    staff, who = await station_clerk(), await lawyer()
    draft = await world.draft(title_zh="值班")
    [shift] = await world.publish(draft)
    secret = await service.make_station_feed(staff, draft.station_id)
    empty = (await events(secret))["值班"]
    assert (empty["status"], str(empty["description"])) == ("TENTATIVE", "还没有人报名")
    await sign_up(who, shift.position_ids[0])
    filled = (await events(secret))["值班"]
    assert filled["status"] == "CONFIRMED"
    assert filled["sequence"] > empty["sequence"]
    assert str(filled["description"]).startswith("来的人：Person ")
    await cancel_assignment(staff, shift.reference, "停电")
    assert (await events(secret))["值班"]["status"] == "CANCELLED"


async def test_the_same_calendar_is_the_same_bytes_and_is_not_sent_twice(db: None) -> None:
    who = await lawyer()
    [shift] = await world.publish(await world.draft())
    await sign_up(who, shift.position_ids[0])
    secret = await service.make_own_feed(who)
    async with client() as reader:
        first = await reader.get(f"/calendar/{secret}.ics")
        assert first.headers["content-type"] == "text/calendar; charset=utf-8"
        again = await reader.get(f"/calendar/{secret}.ics", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await reader.get("/calendar/nobody.ics")).status_code == 404
        assert (await reader.get(f"/calendar/{secret}")).status_code == 404
    used = await database.fetch_value("SELECT last_used_at FROM calendar_feed")
    assert abs(used - datetime.now(UTC)) < timedelta(minutes=1)


async def test_an_address_ends_when_it_is_revoked_replaced_or_its_owner_leaves_the_station(db: None) -> None:
    who = await lawyer()
    first = await service.make_own_feed(who)
    second = await service.make_own_feed(who)
    with pytest.raises(NotFound):
        await queries.feed_behind(first)
    (feed,) = await queries.own_feeds(who)
    with pytest.raises(NotFound):
        await service.revoke_feed(await lawyer(), feed.public_id)
    await service.revoke_feed(who, feed.public_id)
    with pytest.raises(NotFound):
        await queries.feed_behind(second)

    staff = await station_clerk()
    secret = await service.make_station_feed(staff, await world.station())
    await queries.feed_behind(secret)
    await database.execute("UPDATE membership SET valid_until = $1", clock.now() + timedelta(days=1))
    with clock.travelled_to(clock.now() + timedelta(days=2)), pytest.raises(NotFound):
        await queries.feed_behind(secret)


async def test_nobody_makes_the_calendar_of_a_station_elsewhere(db: None) -> None:
    with pytest.raises(NotPermitted):
        await service.make_station_feed(await station_clerk("330127100"), await world.station())
    with pytest.raises(NotPermitted):
        await service.make_station_feed(await lawyer(), await world.station())


async def test_the_address_is_shown_once_and_only_its_hash_is_kept(db: None) -> None:
    who = await lawyer()
    async with client(who) as page:
        made = await page.post("/my/calendar")
        (address,) = set(re.findall(r"http://[^\s<\"]+/calendar/[\w-]+\.ics", made.text))
        assert address not in (await page.get("/my/calendar")).text
        assert (await page.get(address)).status_code == 200
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    kept = await database.fetch_one("SELECT * FROM calendar_feed")
    assert kept is not None
    assert secret not in str(dict(kept))
