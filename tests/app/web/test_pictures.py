"""Maps, charts, values as written, and the API's documentation."""

import json
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from app.core import clock
from app.core.text import N_
from app.web import charts, filters, map_svg, polygons
from app.web.api import Page
from app.web.components import Chart, Series
from app.web.guards import public
from app.web.i18n import speaking
from app.web.routes import api
from tests.app.web.client import client

DISTRICTS = json.loads(Path("marketplace/places/data/districts.geojson").read_text("utf-8"))["features"]


def _shapes() -> list[map_svg.Shape]:
    return [
        map_svg.Shape(
            feature["properties"]["code"], feature["properties"]["name"], "#", feature["geometry"], 0, "1", "tip"
        )
        for feature in DISTRICTS
    ]


def test_every_district_has_its_name_on_the_map_or_in_the_inset() -> None:
    picture = map_svg.picture(_shapes())
    assert picture.inset is not None
    named = [entry.shape.name for drawing in (picture.main, picture.inset) for entry in drawing.shapes if entry.label]
    assert sorted(named) == sorted(feature["properties"]["name"] for feature in DISTRICTS)
    assert len(picture.main.shapes) == 13


def test_a_label_stands_inside_its_shape() -> None:
    for feature in DISTRICTS:
        ring = max(map_svg.outer_rings(feature["geometry"]), key=polygons.area)
        assert polygons.contains(ring, polygons.inside_point(ring)), feature["properties"]["name"]


def test_everything_drawn_lies_within_its_frame() -> None:
    drawing = map_svg.picture(_shapes()).main
    numbers = [float(number) for entry in drawing.shapes for number in re.findall(r"[-\d.]+", entry.path)]
    assert min(numbers) >= 0
    assert max(numbers) <= max(drawing.width, drawing.height)


def test_area_and_containment_hold_on_a_square() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert polygons.area(square) == 4
    assert polygons.contains(square, (1, 1))
    assert not polygons.contains(square, (3, 1))
    assert polygons.distance_to(square, (1, 1)) == 1


def test_a_chart_of_money_is_drawn_in_yuan_and_in_the_readers_language() -> None:
    chart = Chart("bar", N_("每月完成"), ["10"], [Series(N_("甲"), [12_345, None])], unit="fen")
    with speaking("en"):
        drawn = json.loads(charts.as_json(chart))
    assert drawn["title"] == "Done each month"
    assert drawn["series"] == [{"name": "A", "values": [123.45, None]}]
    assert drawn["money"] is True


def test_values_are_written_as_the_reader_expects() -> None:
    at = datetime(2026, 11, 12, 1, 30, tzinfo=UTC)
    with clock.travelled_to(at):
        assert filters.local_time(at) == "11 月 12 日 09:30"
        assert filters.day(date(2025, 3, 4), weekday=True) == "2025 年 3 月 4 日 周二"
        assert filters.span(at, datetime(2026, 11, 12, 4, tzinfo=UTC)) == "11 月 12 日 周四 09:30–12:00"
        assert filters.span(at, datetime(2026, 11, 13, 4, tzinfo=UTC)) == "11 月 12 日 09:30 – 11 月 13 日 12:00"
        with speaking("en"):
            assert filters.local_time(at) == "12 Nov 09:30"
            assert filters.day(date(2025, 3, 4)) == "4 Mar 2025"
    assert filters.hours(time(9, 5)) == "09:05"
    assert filters.yuan(123_450) == "¥1,234.50"
    assert filters.percent(0.9414) == "94.1%"
    assert filters.iso(at) == "2026-11-12T09:30+08:00"


def test_the_day_changes_at_midnight_in_hangzhou() -> None:
    assert filters.day(datetime(2026, 11, 11, 16, 0, tzinfo=UTC)).endswith("11 月 12 日")


def test_english_falls_back_to_chinese_content() -> None:
    row = {"title_zh": "讲座", "title_en": ""}
    with speaking("en"):
        assert filters.localized(row, "title") == "讲座"
        assert filters.localized({**row, "title_en": "Lecture"}, "title") == "Lecture"
    assert filters.localized({**row, "title_en": "Lecture"}, "title") == "讲座"


class Thing(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(examples=["A lecture"])]
    fee_fen: Annotated[int, msgspec.Meta(ge=0)]
    held_at: datetime | None = None


@get("/things", guards=[public], summary="List things")
async def list_things(cursor: FromQuery[str | None] = None) -> Page[Thing]:
    """Return things by cursor."""
    del cursor
    return Page([])


@post("/things", guards=[public], opt={"csrf_exempt": True}, summary="Make a thing")
async def make_thing(data: JSONBody[Thing]) -> Thing:
    """Make one."""
    return data


async def test_the_documentation_shows_every_operation_with_examples() -> None:
    async with client(handlers=[api("things", list_things, make_thing)]) as http:
        text = (await http.get("/api/docs")).text
        document = (await http.get("/api/schema/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {"/api/v1/things"}
    for word in ("List things", "Make a thing", "A lecture", "2026-11-12T01:00:00Z", "request_id", "cursor"):
        assert word in text, word


async def test_json_input_is_checked_and_refused_as_a_problem() -> None:
    async with client(handlers=[api("things", make_thing)]) as http:
        wrong = await http.post("/api/v1/things", json={"title": "x", "fee_fen": -1})
        broken = await http.post("/api/v1/things", content=b"{", headers={"content-type": "application/json"})
        right = await http.post("/api/v1/things", json={"title": "x", "fee_fen": 1})
    assert wrong.status_code == 400
    assert wrong.headers["content-type"].startswith("application/problem+json")
    assert wrong.json()["fields"][0]["field"] == "fee_fen"
    assert broken.status_code == 400
    assert right.status_code == 201
