"""What the database refuses about promises, whoever writes: raw SQL that breaks one guard and nothing else."""

from datetime import timedelta

import pytest

from app.composition import compose
from app.core import clock, database
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.coverage import promising
from volunteers.coverage.queries import RuleView

_RULE = """
INSERT INTO coverage_rule (place_id, level, credentials_any, every, days, minutes, alert_days, lead_days, compensation,
                           insured, valid_from, valid_until, reason, stated_by, stated_at)
SELECT place.id, 'town', $2, $3, $4, 0, 10, 14, 'unpaid', true, $5, $6, $7, $8, now() FROM place WHERE code = $1
"""
_DEMAND = """
INSERT INTO coverage_demand (rule_id, place_id, period_start, attempt, assignment_id, made_at)
SELECT $1, id, $3, $4, $5, now() FROM place WHERE code = $2
"""


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


@pytest.mark.parametrize(
    ("guard", "changes"),
    [
        ("coverage_rule_says_whom", {"credentials": []}),
        ("coverage_rule_says_why", {"reason": "  "}),
        ("coverage_rule_days", {"every": "days"}),
        ("coverage_rule_days", {"days": 30}),
        ("coverage_rule_term", {"until": timedelta(days=-1)}),
        ("coverage_rule_not_in_the_past", {"begins": timedelta(days=-2)}),
        ("coverage_rule_has_places", {"place": "330106109001"}),
    ],
)
async def test_a_promise_says_to_whom_how_often_why_and_not_for_days_gone_by(
    db: None, guard: str, changes: dict[str, object]
) -> None:
    given = {
        **{"place": "330106", "credentials": ["lawyer"], "every": "month", "days": None, "begins": timedelta(0)},
        **{"until": timedelta(days=90), "reason": "why", **changes},
    }
    if guard == "coverage_rule_has_places":
        given["place"] = (await promising.villages())[0]
    first = clock.today() + given["begins"]  # type: ignore[operator]
    [who] = await world.accounts(1)
    values = (given["place"], given["credentials"], given["every"], given["days"], first)
    await refused(guard, _RULE, *values, first + given["until"], given["reason"], who)  # type: ignore[operator]


async def _promise() -> tuple[RuleView, str, int]:
    """Return a rule, the first village, and a shift in that village."""
    rule, station = await promising.rule(), await world.station()
    village = (await promising.villages())[0]
    [shift] = await world.publish(await world.draft(station_id=station, place_id=await world.place_id(village)))
    return rule, village, shift.id


async def test_a_demand_is_made_once_for_a_period_and_serves_its_place(db: None) -> None:
    rule, village, shift = await _promise()
    month = clock.today().replace(day=1)
    await refused("coverage_demand_of_a_period", _DEMAND, rule.id, village, month + timedelta(days=1), 1, shift)
    other = (await promising.villages())[1]
    await refused("coverage_demand_serves_its_place", _DEMAND, rule.id, other, month, 1, shift)
    await refused("coverage_demand_serves_its_place", _DEMAND, rule.id, world.TOWN, month, 1, shift)
    await database.execute(_DEMAND, rule.id, village, month, 1, shift)
    [second] = await world.publish(await world.draft(40, place_id=await world.place_id(village)))
    await refused("coverage_demand_once", _DEMAND, rule.id, village, month, 1, second.id)
    await refused("coverage_demand_assignment_id_key", _DEMAND, rule.id, village, month, 2, shift)


async def test_a_rule_ends_once_with_a_reason_and_not_in_the_past(db: None) -> None:
    rule, _, _ = await _promise()
    [who] = await world.accounts(1)
    end = "INSERT INTO coverage_ending (rule_id, last_day, reason, ended_by, ended_at) VALUES ($1, $2, $3, $4, now())"
    today = clock.today()
    await refused("coverage_ending_says_why", end, rule.id, today, " ", who)
    await refused("coverage_ending_not_in_the_past", end, rule.id, today - timedelta(days=2), "why", who)
    await database.execute(end, rule.id, today, "why", who)
    await refused("coverage_ending_once", end, rule.id, today, "why", who)


async def test_what_was_promised_and_made_is_kept(db: None) -> None:
    rule, village, shift = await _promise()
    await database.execute(_DEMAND, rule.id, village, clock.today().replace(day=1), 1, shift)
    for table in ("coverage_rule", "coverage_demand"):
        await refused("append_only", f"DELETE FROM {table}")
    await refused("append_only", "UPDATE coverage_rule SET minutes = 1")


async def test_a_visit_ends_on_its_day(db: None) -> None:
    [who] = await world.accounts(1)
    say = """INSERT INTO visit_day (place_id, weekday, from_minute, minutes, market, said_by, said_at)
             SELECT id, 3, $1, $2, true, $3, now() FROM place WHERE code = $4"""
    await refused("visit_day_ends_that_day", say, 1320, 121, who, world.TOWN)
    await database.execute(say, 1320, 120, who, world.TOWN)
