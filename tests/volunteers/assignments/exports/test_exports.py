"""Assignments as files: what comes out can be changed and handed in again, and nothing runs as a formula."""

import csv
import io
from datetime import timedelta

from app.composition import compose
from app.core import clock, database
from app.core.access import Role
from app.imports import queries, service
from app.imports.reading import read_sheet
from tests.volunteers import world
from tests.volunteers.assignments.imports.files import said
from tests.volunteers.assignments.test_pages import got
from tests.volunteers.people.trainings.stage import a_training
from volunteers.assignments.rules import Kind, PositionDraft

OPENS = world.MONDAY - timedelta(hours=2)
LAWYER = PositionDraft("律师", 2, 1, credentials_any=("lawyer", "mediator"), languages_all=("hangzhou",), gender="F")
COPIED = """SELECT kind, title_zh, station_id, place_id, starts, ends, compensation, insured, green, sign_up_mode,
    regulars_until, contact_phone, array_agg((role_zh, capacity, minimum, credentials_any, languages_all, gender,
        trainings_all) ORDER BY number) AS s
    FROM assignment a JOIN position p ON p.assignment_id = a.id GROUP BY a.id ORDER BY a.id"""


async def test_a_file_that_went_out_comes_in_as_it_was(db: None) -> None:
    compose()
    staff, station = await world.officer(Role.STATION_STAFF, world.TOWN), await world.station()
    guide = PositionDraft("引导员", 3, 0, trainings_all=(await a_training(staff), await a_training(staff)))
    early = {"contact_phone": "0571-1", "regulars_until": OPENS}
    await world.publish(
        await world.draft(9, station_id=station, kind=Kind.DUTY, positions=(LAWYER, guide), **early),
        await world.draft(14, station_id=station, title_zh="=1+1", green=True),
    )
    first = clock.local(world.MONDAY).date()
    out = await got(staff, f"/station/export?since={first}&until={first}&format=xlsx")
    before = await database.fetch(COPIED)
    await database.execute("UPDATE assignment SET status = 'cancelled', cancelled_reason = 'x'")
    public_id = await service.begin(staff, "assignments", "out.xlsx", out.content)
    assert said(await queries.import_view(staff, public_id)) == {}
    await service.store(staff, public_id, only_good=False)
    after = await database.fetch(COPIED)
    assert after[2:] == before[:2]
    assert [row["regulars_until"] for row in after[2:]] == [OPENS, None]


async def test_a_station_exports_its_own_days_and_places(db: None) -> None:
    staff, station = await world.officer(Role.STATION_STAFF, world.TOWN), await world.station()
    far = {"station_id": await world.station("330102"), "place_id": await world.place_id("330102")}
    await world.publish(
        await world.draft(9, station_id=station, title_zh="=cmd()"),
        await world.draft(9 + 24, station_id=station, title_zh="next day"),
        await world.draft(9, title_zh="elsewhere", **far),
    )
    first = clock.local(world.MONDAY).date()
    answer = await got(staff, f"/station/export?since={first}&until={first}&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == ["'=cmd()"]
    assert read_sheet(answer.content).rows[0].cells[2] == "=cmd()"
    week = await got(staff, f"/station/export?since={first}&until={first + timedelta(days=6)}&format=csv&lang=en")
    assert week.text.splitlines()[0].startswith("\ufeff")
    assert len(week.text.splitlines()) == 3
