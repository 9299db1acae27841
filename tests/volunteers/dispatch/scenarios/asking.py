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
from volunteers.people.rules import Window

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
