"""Settings: dated, said by somebody for a reason, inherited by everything below."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, NotSignedIn
from tests.volunteers import world
from volunteers.dispatch.settings import queries, service
from volunteers.dispatch.settings.rules import (
    FIELDS,
    NothingStated,
    PlannedLevel,
    Settings,
    Statement,
    planned_places,
    settings_for,
)

NOW = clock.now()
EVERYWHERE = Statement("", NOW, PlannedLevel.DISTRICT, 10, 3, 1, 5, 60, 48, 1, 30)
CITY, DISTRICT, OTHER = "3301", "330106", "330127"


def says(code: str, **values: Any) -> Statement:
    """Return a statement of a place."""
    return Statement(code, NOW, **values)


def test_the_nearest_place_that_says_anything_about_a_setting_decides_it() -> None:
    statements = [says(DISTRICT, km=9), EVERYWHERE, says(CITY, km=4, fairness=1), says("330106109", fairness=2)]
    town = settings_for("330106109", statements)
    assert (town.km, town.fairness, town.preference) == (9, 2, 3)
    assert settings_for(OTHER, statements).km == 4
    assert settings_for("3302", statements) == Settings(**EVERYWHERE.said())


def test_districts_are_planned_unless_their_city_is_or_they_never_are() -> None:
    codes = (CITY, DISTRICT, OTHER, "330106109")

    def planned(*statements: Statement) -> list[str]:
        return list(planned_places(codes, [EVERYWHERE, *statements]))

    assert planned() == [DISTRICT, OTHER]
    assert planned(says(CITY, planned_level=PlannedLevel.CITY)) == [CITY]
    by_city = says(CITY, planned_level=PlannedLevel.CITY)
    assert planned(by_city, says(OTHER, planned_level=PlannedLevel.DISTRICT)) == [CITY]
    assert planned(says(OTHER, planned_level=PlannedLevel.NEVER)) == [DISTRICT]
    pilot = says(CITY, planned_level=PlannedLevel.NEVER), says(OTHER, planned_level=PlannedLevel.DISTRICT)
    assert planned(*pilot) == [OTHER]


async def test_as_installed_something_holds_everywhere(db: None) -> None:
    assert await queries.settings_of(world.TOWN) == Settings(**EVERYWHERE.said())
    assert len(await queries.scheduled_places(clock.now())) == 13


async def test_what_is_said_holds_below_from_its_day_on_and_what_was_said_stays(db: None) -> None:
    coordinator = await world.officer(Role.COORDINATOR, DISTRICT)
    day = clock.today() + timedelta(days=3)
    await service.state_settings(coordinator, DISTRICT, {"km": 9, "fairness": 2}, "long ways here")
    await service.state_settings(coordinator, DISTRICT, {"km": 5}, "the new road", day)
    assert (await queries.settings_of(world.TOWN)).km == 9
    assert (await queries.settings_of(OTHER)).km == 1
    with clock.travelled_to(clock.now() + timedelta(days=3)):
        later = await queries.settings_of(world.TOWN)
    assert (later.km, later.fairness) == (5, 10)  # what is not said again holds as above
    view = await queries.settings_view(coordinator, DISTRICT)
    assert [(said.said, said.reason, said.pending) for said in view.history] == [
        ({"km": 5}, "the new road", True),
        ({"km": 9, "fairness": 2}, "long ways here", False),
    ]
    assert view.own == {"km": 9, "fairness": 2}
    assert view.comes_from["km"] == view.place
    assert view.comes_from["preference"] is None
    assert await database.fetch_value("SELECT count(*) FROM audit_event WHERE action = 'dispatch.settings_stated'") == 2


async def test_the_last_word_of_a_day_counts(db: None) -> None:
    coordinator = await world.officer(Role.COORDINATOR, DISTRICT)
    day = clock.today() + timedelta(days=1)
    for km in (5, 6):
        await service.state_settings(coordinator, DISTRICT, {"km": km}, "still thinking", day)
    assert (await queries.settings_of(DISTRICT, clock.now() + timedelta(days=2))).km == 6


@pytest.mark.parametrize(
    ("said", "reason", "field"),
    [
        ({"km": 2}, "  ", "reason"),
        ({"km": 2}, "x" * 301, "reason"),
        ({"planned_level": PlannedLevel.CITY}, "because", "planned_level"),
    ],
)
async def test_a_statement_is_refused_with_what_is_missing(
    db: None, said: dict[str, Any], reason: str, field: str
) -> None:
    coordinator = await world.officer(Role.COORDINATOR, DISTRICT)
    with pytest.raises(InvalidInput) as refusal:
        await service.state_settings(coordinator, DISTRICT, said, reason)
    assert set(refusal.value.fields) == {field}


async def test_a_town_has_no_plan_of_the_clock_and_yesterday_no_settings(db: None) -> None:
    coordinator = await world.officer(Role.COORDINATOR, DISTRICT)
    with pytest.raises(InvalidInput):
        await service.state_settings(coordinator, world.TOWN, {"planned_level": PlannedLevel.NEVER}, "because")
    with pytest.raises(InvalidInput):
        await service.state_settings(coordinator, DISTRICT, {"km": 2}, "because", clock.today() - timedelta(days=1))
    with pytest.raises(NotFound):
        await service.state_settings(coordinator, "330106109203", {"km": 2}, "a village")
    assert await database.fetch_value("SELECT count(*) FROM dispatch_setting") == 1


async def test_saying_the_same_again_is_nothing_and_saying_nothing_takes_all_back(db: None) -> None:
    coordinator = await world.officer(Role.COORDINATOR, DISTRICT)
    with pytest.raises(NothingStated):
        await service.state_settings(coordinator, DISTRICT, {}, "nothing")
    await service.state_settings(coordinator, DISTRICT, {"km": 2}, "because")
    with pytest.raises(NothingStated):
        await service.state_settings(coordinator, DISTRICT, {"km": 2}, "again")
    await service.state_settings(coordinator, DISTRICT, dict.fromkeys(FIELDS), "as the city does")
    assert (await queries.settings_of(DISTRICT)).km == 1


async def test_only_the_planners_of_the_place_see_or_say_anything(db: None) -> None:
    stranger, planner = await world.officer(Role.COORDINATOR, OTHER), await world.officer(Role.COORDINATOR, DISTRICT)
    with pytest.raises(NotPermitted):
        await service.state_settings(stranger, DISTRICT, {"km": 2}, "because")
    with pytest.raises(NotFound):
        await queries.settings_view(stranger, DISTRICT)
    with pytest.raises(NotSignedIn):
        await service.state_settings(ANONYMOUS, DISTRICT, {"km": 2}, "because")
    with pytest.raises(NotPermitted):
        await service.state_settings(planner, CITY, {"km": 2}, "above me")
