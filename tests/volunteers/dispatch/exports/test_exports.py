"""A plan as files: a row for each seat, an event for each shift."""

import csv
import io
import json

import openpyxl
from icalendar import Calendar

from app.core import database
from app.core.access import Permission, Principal, Scope
from tests.app.web.client import client
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.test_pages import planned
from volunteers.dispatch.offers.answering import answer_own
from volunteers.dispatch.offers.rules import NoReason, OfferEvent


async def test_a_plan_leaves_as_a_table_with_names_and_local_times(db: None) -> None:
    planner, run = await planned()
    await database.execute("UPDATE person SET name = '=赵一' WHERE name = '赵一'")
    async with client(planner) as http:
        text = await http.get(f"/dispatch/{run}/export?format=csv")
        book = await http.get(f"/dispatch/{run}/export")
        one = await http.get(f"/dispatch/{run}/export?format=csv&q=钱")
        other_day = await http.get(f"/api/v1/dispatch/runs/{run}/export?day=2001-01-01")
    rows = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["日期", "开始", "结束"]
    assert sorted((row[6], row[9], row[11]) for row in rows[1:]) == [
        ("村里的讲座", "'=赵一", "拟派"),
        ("村里的讲座", "钱二", "拟派"),
    ]
    starts = await database.fetch_value("SELECT min(starts) AT TIME ZONE 'Asia/Shanghai' FROM assignment")
    assert rows[1][:2] == [starts.date().isoformat(), starts.strftime("%H:%M")]
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    assert [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()] == rows
    assert len(one.text.splitlines()) == 2
    assert len(other_day.text.splitlines()) == 1


async def test_a_plan_leaves_as_a_calendar_whose_events_are_tentative_until_somebody_says_yes(db: None) -> None:
    planner, run = await planned()
    seen = []
    async with client(planner) as http:
        for step in (
            None,
            small.publish(planner, run),
            answered("赵一", OfferEvent.DECLINE),
            answered("钱二", OfferEvent.ACCEPT),
        ):
            if step is not None:
                await step
            answer = await http.get(f"/api/v1/dispatch/runs/{run}/export?format=ics")
            [event] = Calendar.from_ical(answer.content).walk("VEVENT")
            said = [name for name in ("赵一", "钱二") if name in event["description"]]
            seen.append((str(event["status"]), said))
        rows = (await http.get(f"/dispatch/{run}/export?format=csv")).text.splitlines()
    assert answer.headers["content-type"].startswith("text/calendar")
    assert event["summary"] == "村里的讲座"
    assert seen == [
        ("TENTATIVE", ["赵一", "钱二"]),
        ("TENTATIVE", ["赵一", "钱二"]),
        ("TENTATIVE", ["钱二"]),
        ("CONFIRMED", ["钱二"]),
    ]
    assert sorted(row.split(",")[-1] for row in rows[1:]) == ["已报名", "已退出"]


async def answered(name: str, event: OfferEvent) -> None:
    """Let somebody answer what they are asked."""
    row = await database.fetch_one(
        """SELECT o.public_id, person.account_id FROM dispatch_offer o JOIN sign_up s ON s.id = o.sign_up_id
           JOIN person ON person.id = s.person_id WHERE person.name = $1""",
        name,
    )
    assert row is not None
    who = Principal(row["account_id"], scopes={Permission.ASSIGNMENT_SIGN_UP: Scope()})
    await answer_own(who, row["public_id"], event, NoReason.BUSY if event is OfferEvent.DECLINE else None)


async def test_an_unknown_format_is_refused(db: None) -> None:
    planner, run = await planned()
    async with client(planner) as http:
        answer = await http.get(f"/api/v1/dispatch/runs/{run}/export?format=pdf")
    assert answer.status_code == 400
    assert "format" in json.dumps(answer.json())


async def test_the_list_of_people_offers_the_files_with_its_own_filters(db: None) -> None:
    planner, run = await planned()
    async with client(planner) as http:
        page = (await http.get(f"/dispatch/{run}/people?q=钱")).text
        link = next(href.split('"')[0] for href in page.split('href="')[1:] if "format=csv" in href)
        rows = (await http.get(link.replace("&amp;", "&"))).text.splitlines()
    assert link.startswith(f"/dispatch/{run}/export?")
    assert ["钱二" in row for row in rows] == [False, True]
