"""The data the benchmarks run on: a small demonstration, 200 products, 200 open assignments, signed-in volunteers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from app.accounts import sessions
from app.core import clock, database
from app.core.access import Role
from app.core.database import transaction
from marketplace.organizations.provision import Category
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision, begin_review, decide_products
from marketplace.products.service import NewProduct, create_products, submit_products
from procurement.demonstration import invention, supply, walk, work
from procurement.demonstration.scale import ScaleName
from procurement.demonstration.walk import Stage
from volunteers.assignments.rules import AssignmentDraft, Compensation, Kind, PositionDraft
from volunteers.assignments.service import publish_assignments

PRODUCTS, ASSIGNMENTS = 200, 200
WEEKS, SLOTS = 8, 8


@dataclass(frozen=True)
class Volunteer:
    """A signed-in volunteer: the session's cookie and form token."""

    cookie: str
    form_token: str


async def build() -> tuple[Stage, list[str], list[Volunteer]]:
    """Build the world; return the stage, the paths to sign up at, and the volunteers."""
    stage = await walk.prepare(ScaleName.TOWN, lambda _: None)
    for step in walk.STEPS[:5]:
        await walk.take(stage, step)
    await _list_products(stage)
    paths = await _open_assignments(stage)
    return stage, paths, await _sign_in()


async def _list_products(stage: Stage) -> None:
    row = await database.fetch_one("SELECT id, public_id FROM organization WHERE kind = 'law_firm' ORDER BY id LIMIT 1")
    if row is None:
        raise LookupError("the demonstration has no law firm")
    text = invention.product_texts()["consultation"]
    content = supply._content(text, text["topics"][0], stage.scale.place_code[:6])
    member, reviewer = stage.providers[row["id"]], stage.officers[Role.CATALOGUE_REVIEWER]
    products = [
        NewProduct(
            row["public_id"],
            Category.CONSULTATION,
            replace(content, title_zh=f"{content.title_zh} {number}"),
            monthly_units=20,
        )
        for number in range(PRODUCTS)
    ]
    references = [saved.reference for saved in await create_products(member, products)]
    await submit_products(member, references)
    await begin_review(reviewer, references)
    await decide_products(reviewer, [ProductDecision(one, 1, Verdict.LIST, "benchmark") for one in references])


async def _open_assignments(stage: Stage) -> list[str]:
    """Publish what the list shows, and one assignment with many seats for each slot of some weeks ahead."""
    where = (await work.grounds(stage.scale, "village"))[0]
    monday = clock.week_start(clock.today()) + timedelta(days=7)
    coordinator = stage.officers[Role.COORDINATOR]
    listed = [draft(where, clock.at_local(monday, time(9)) + timedelta(hours=n % 8), 3) for n in range(ASSIGNMENTS)]
    await publish_assignments(coordinator, listed)
    slots = [_slot(where, monday, week, slot) for week in range(WEEKS) for slot in range(SLOTS)]
    published = await publish_assignments(coordinator, slots)
    return [f"/assignments/{one.reference}/1/sign-up" for one in published]


def _slot(where: work.Ground, monday: date, week: int, slot: int) -> AssignmentDraft:
    starts = clock.at_local(monday, time(9)) + timedelta(weeks=week + 1, days=slot % 4)
    return draft(where, starts + timedelta(hours=4 * (slot // 4)), 200)


def draft(where: work.Ground, starts: datetime, capacity: int) -> AssignmentDraft:
    return AssignmentDraft(
        Kind.DELIVERY, where.name_zh, where.place_id, where.station_id, starts, starts + timedelta(hours=2),
        Compensation.UNPAID, True, (PositionDraft("x", capacity=capacity),),
    )  # fmt: skip


async def _sign_in() -> list[Volunteer]:
    rows = await database.fetch("SELECT account_id FROM person ORDER BY id")
    signed_in = []
    for row in rows:
        async with transaction():
            signed_in.append(await sessions.start(row["account_id"], second_factor=False))
    tokens = await database.fetch("SELECT csrf_token FROM web_session ORDER BY id")
    return [Volunteer(one.token, row["csrf_token"]) for one, row in zip(signed_in, tokens, strict=True)]


def sign_ups(paths: Sequence[str], volunteers: Sequence[Volunteer]) -> list[tuple[str, Volunteer]]:
    """Return who signs up where: each volunteer once a week, spread over the slots."""
    return [
        (paths[week * SLOTS + number % SLOTS], volunteer)
        for week in range(WEEKS)
        for number, volunteer in enumerate(volunteers)
    ]
