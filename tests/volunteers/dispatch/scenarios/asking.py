"""A town whose villages nobody comes to: some lawyers are there, and not on the day that suits."""

from datetime import date
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import at
from volunteers.coverage.queries import RuleView
from volunteers.dispatch.scenarios.forms import ScenarioForm
from volunteers.dispatch.scenarios.service import ask
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.rules import Limits, Window

MONDAY = date(2026, 11, 23)
DISTRICT = "330106"
THURSDAY = 3


async def promised(**changes: object) -> tuple[RuleView, int, list[str]]:
    """Promise a lawyer a month to the villages of a town that has a station, weeks ago; they are all red by now."""
    with clock.travelled_to(at(date(2026, 11, 1))):
        return await promising.rule(**changes), await world.station(), await promising.villages()


async def lawyer(*windows: Window, **changes: object) -> tuple[int, Principal]:
    """Register a lawyer who is free at these times only, long ago."""
    profile = world.profile(availability=windows, credentials=(world.licence(),), **changes)
    with clock.travelled_to(at(date(2026, 11, 1))):
        [registered] = await world.people([profile])
    return registered


async def stay_at_home() -> tuple[int, Principal]:
    """Register a lawyer at the other end of the district who is always free and goes nowhere."""
    far = await database.fetch_value(
        """SELECT far.code FROM place far JOIN place here ON here.code = $1
           WHERE far.level = 'town' AND left(far.code, 6) = left($1, 6)
           ORDER BY abs(far.east_m - here.east_m) + abs(far.north_m - here.north_m) DESC LIMIT 1""",
        world.TOWN,
    )
    limits = Limits(max_minutes_day=480, max_minutes_week=2400, max_shifts_week=5, max_travel_m=1_000)
    always = (Window(day, 0, 1440) for day in range(7))
    return await lawyer(*always, home_place_code=far, limits=limits)


def question(rule: RuleView, **changes: object) -> ScenarioForm:
    """Return the question of two lawyers more on Thursday of next week."""
    given = {
        "rule": rule.public_id,
        "at": world.TOWN,
        "week": MONDAY,
        "people": 2,
        "credential": CredentialKind.LAWYER,
        "weekday": THURSDAY,
        **changes,
    }
    return ScenarioForm(**given)  # type: ignore[arg-type]


async def asked(rule: RuleView, **changes: object) -> database.Row:
    """Ask, and return what was kept."""
    public_id: UUID = await ask(await promising.officer(), question(rule, **changes))
    row = await database.fetch_one(
        "SELECT *, answer::text AS answer_text FROM dispatch_scenario WHERE public_id = $1", public_id
    )
    assert row is not None
    return row
