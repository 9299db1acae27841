"""What if, for programs: ask, read the answer, publish it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.coverage import queries as coverage
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.scenarios import pictures, publishing, queries
from volunteers.dispatch.scenarios.controllers import PLANNER
from volunteers.dispatch.scenarios.forms import ScenarioForm
from volunteers.dispatch.scenarios.questions.queries import question
from volunteers.dispatch.scenarios.questions.service import ask
from volunteers.dispatch.scenarios.rules import Weight
from volunteers.people.credentials.rules import CredentialKind

Count = Annotated[int, msgspec.Meta(ge=0, examples=[12])]
Levels = Annotated[
    list[int],
    msgspec.Meta(
        description="Smaller is better, left to right: unheld green-channel shifts, unheld shifts at places short of "
        "lawyers (the red ones among them), unheld shifts, empty seats, changes, burden.",
        examples=[[0, 12, 14, 14, 0, 5120]],
    ),
]


class Created(msgspec.Struct):
    """The id under which an answer is kept, or the question that waits for it (about a city, or with other weights)."""

    id: UUID
    answered: bool


class QuestionEntry(msgspec.Struct):
    """A question on its way; ``scenario`` is its answer once it is there."""

    id: UUID
    done: Annotated[int, msgspec.Meta(ge=0, description="Steps done, of three.", examples=[1])]
    waited: Annotated[int, msgspec.Meta(ge=0, description="Seconds.", examples=[12])]
    failed: bool
    scenario: UUID | None


class LoadEntry(msgspec.Struct):
    """What a plan asks of people: how many are sent, the turns of the busiest, kilometres, turns against wishes."""

    people: Count
    most: Count
    km: Count
    unwanted: Count
    unfamiliar: Count


class TripEntry(msgspec.Struct):
    """A visit that turns a place green; ``new`` is the number of somebody who does not exist yet."""

    place: Annotated[str, msgspec.Meta(examples=["330127100201"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["城东村"])]
    starts: datetime
    ends: datetime
    moved_from: datetime | None
    who: Annotated[str, msgspec.Meta(examples=["新增律师 1"])]
    new: bool
    anyway: Annotated[bool, msgspec.Meta(description="Somebody would go without what is changed.")]
    state: Annotated[str, msgspec.Meta(description="How it would stand, or stands if published.", examples=["coming"])]


class LeftEntry(msgspec.Struct):
    """A place that stays red, and what keeps people away; null: they would come too late."""

    place: Annotated[str, msgspec.Meta(examples=["330127100202"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["城西村"])]
    reason: Refusal | None


class ScenarioEntry(msgspec.Struct):
    """A question about a week and its answer."""

    id: UUID
    place: Annotated[str, msgspec.Meta(examples=["330127"])]
    at: Annotated[str, msgspec.Meta(examples=["330127100"])]
    week_start: Annotated[date, msgspec.Meta(description="Monday.", examples=["2026-11-30"])]
    people: Count
    credential: CredentialKind
    weekday: Annotated[int | None, msgspec.Meta(examples=[3])]
    radius_km: Count
    weight: Weight | None
    percent: Annotated[int, msgspec.Meta(ge=0, examples=[200])]
    red_city: Annotated[int, msgspec.Meta(ge=0, examples=[41])]
    red_before: Count
    red_alone: Annotated[int, msgspec.Meta(ge=0, description="If only what there is were planned.", examples=[11])]
    red_after: Annotated[int, msgspec.Meta(ge=0, examples=[0])]
    exact: Annotated[bool, msgspec.Meta(description="No plan of these shifts would leave fewer red.")]
    before: Levels
    after: Levels
    moved: Annotated[int, msgspec.Meta(ge=0, description="People whose week would change.", examples=[1])]
    untouched: Annotated[int, msgspec.Meta(ge=0, description="People whose week would not.", examples=[23])]
    loads: list[LoadEntry]
    trips: list[TripEntry]
    left: list[LeftEntry]
    milliseconds: Count
    made_by: Annotated[str, msgspec.Meta(examples=["王晓梅"])]
    made_at: datetime
    run: UUID | None
    called: Annotated[int | None, msgspec.Meta(description="How many were told that people are needed.", examples=[3])]
    published_at: datetime | None


@post("/dispatch/scenarios", guards=[PLANNER], summary="Ask what would be")
async def create_scenario(data: JSONBody[ScenarioForm], principal: CurrentPrincipal) -> Created:
    """Plan a week as it is and as it would be; nobody hears of it. A city, or other weights, take some time."""
    asked = await ask(principal, data)
    return Created(asked.public_id, asked.answered)


@get("/dispatch/scenarios/questions/{asked:uuid}", guards=[PLANNER], summary="Follow a question")
async def show_question(asked: FromPath[UUID], principal: CurrentPrincipal) -> QuestionEntry:
    """Return how far an answer is."""
    found = await question(principal, asked)
    return QuestionEntry(found.public_id, found.done, found.waited, found.failed, found.scenario)


@get("/dispatch/scenarios/{scenario:uuid}", guards=[PLANNER], summary="Read an answer")
async def show_scenario(scenario: FromPath[UUID], principal: CurrentPrincipal) -> ScenarioEntry:
    """Return what would be; once it is published, how the places stand by now."""
    view = await queries.scenario(principal, scenario)
    now = await queries.standing_now(await coverage.rule_by_id(view.rule), view.place_code)
    trips = pictures.trips(view, now, await pictures.names_of(view))
    same = {name: getattr(view, name) for name in ScenarioEntry.__struct_fields__ if hasattr(view, name)}
    return ScenarioEntry(
        **{**same, "before": list(view.before), "after": list(view.after)},
        id=view.public_id,
        place=view.place_code,
        at=view.at_code,
        moved=len(view.answer.moves),
        untouched=len(view.answer.untouched),
        loads=[LoadEntry(*msgspec.structs.astuple(one)) for one in view.answer.loads or ()],
        trips=[_trip(one) for one in trips],
        left=[
            LeftEntry(place.code, place.name_zh, left.reason)
            for left in pictures.lefts(view, now)
            for place in left.places
        ],
    )


@post(
    "/dispatch/scenarios/{scenario:uuid}/publication",
    guards=[requires(Permission.DISPATCH_PUBLISH)],
    status_code=204,
    summary="Publish an answer",
)
async def publish_scenario(scenario: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Make the shifts, ask those who exist, call for those who do not; a second time changes nothing."""
    await publishing.publish_scenario(principal, scenario)


def _trip(one: pictures.Trip) -> TripEntry:
    return TripEntry(
        place=one.place.code,
        name_zh=one.place.name_zh,
        starts=one.starts,
        ends=one.ends,
        moved_from=one.moved_from,
        who=str(one.who),
        new=one.is_new,
        anyway=one.anyway,
        state=one.state,
    )
