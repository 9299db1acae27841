"""The places of Hangzhou: all of them, each with its parent, its name and a point inside its district."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import database
from app.core.access import ANONYMOUS, Permission, system_principal
from app.core.errors import NotFound, NotPermitted, NotSignedIn
from marketplace.places import names, points, queries, service
from marketplace.places.service import NewStation

MANAGER = system_principal(Permission.PLACE_MANAGE)


async def test_the_whole_city_is_loaded(db: None) -> None:
    counts = await database.fetch("SELECT level, count(*) AS places FROM place GROUP BY level")
    assert {row["level"]: row["places"] for row in counts} == {
        "city": 1,
        "district": 13,
        "town": 196,
        "village": 3320,
    }


async def test_importing_again_changes_nothing(db: None) -> None:
    assert await service.import_places() == 0


async def test_every_place_hangs_below_the_place_its_code_begins_with(db: None) -> None:
    strays = await database.fetch_value(
        """SELECT count(*) FROM place child JOIN place parent ON parent.id = child.parent_id
           WHERE NOT child.code LIKE parent.code || '%'"""
    )
    assert strays == 0


def test_every_derived_point_lies_inside_its_district() -> None:
    shapes = {code: points.outer_rings(shape) for code, shape in service._district_shapes().items()}
    derived = [row for row in service.read_places() if row.approximate]
    assert len(derived) == 196 + 3320
    assert [row.code for row in derived if not points.inside(row.point, shapes[row.code[:6]])] == []


def test_reading_the_lists_twice_gives_the_same_points() -> None:
    assert [row.point for row in service.read_places()] == [row.point for row in service.read_places()]


@pytest.mark.parametrize(
    ("chinese", "english", "rural"),
    [
        ("清波街道", "Qingbo Subdistrict", False),
        ("劳动路社区", "Laodonglu Community", False),
        ("大源村村民委员会", "Dayuan Village", True),
        ("千岛湖镇", "Qiandaohu Town", False),
        ("淳安县", "Chun'an County", False),
    ],
)
def test_a_name_tells_its_kind_and_its_english(chinese: str, english: str, rural: bool) -> None:
    assert names.english_name(chinese) == english
    assert names.is_rural(chinese) is rural


async def test_a_path_leads_from_the_city_to_the_village(db: None) -> None:
    path = await queries.path_to("330102001051")
    assert [place.level for place in path] == ["city", "district", "town", "village"]
    with pytest.raises(NotFound):
        await queries.path_to("330199999999")


async def test_a_station_opens_once_and_only_by_who_may(db: None) -> None:
    station = NewStation("330102001", "town", "清波街道公共法律服务站", "Qingbo Station")
    assert await service.open_stations(MANAGER, [station]) == 1
    assert await service.open_stations(MANAGER, [station]) == 0
    assert [s.name_zh for s in await queries.stations_in("330102")] == ["清波街道公共法律服务站"]
    with pytest.raises(NotSignedIn):
        await service.open_stations(ANONYMOUS, [station])
    with pytest.raises(NotPermitted):
        await service.open_stations(system_principal(Permission.PRODUCT_WRITE), [station])


async def test_shortage_is_marked_and_audited(db: None) -> None:
    assert await service.mark_shortage(MANAGER, ["330127101"], short=True) == 1
    assert await database.fetch_value("SELECT count(*) FROM audit_event WHERE action = 'place.shortage'") == 1
    with pytest.raises(NotFound):
        await service.mark_shortage(MANAGER, ["330199999"], short=True)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_village_stays_near_its_town(code: str) -> None:
    square = [[[119.0, 29.0], [121.0, 29.0], [121.0, 31.0], [119.0, 31.0]]]
    longitude, latitude = points.village_point(code, (120.0, 30.0), square)
    assert abs(longitude - 120.0) <= points.VILLAGE_RADIUS_DEGREES + 1e-5
    assert abs(latitude - 30.0) <= points.VILLAGE_RADIUS_DEGREES + 1e-5
