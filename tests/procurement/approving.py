"""The world of approval: figures of a place, one person for each level, purchases of a wished amount."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.core import clock
from app.core.access import Principal, Role
from procurement.purchases.approvals import authority
from procurement.purchases.approvals.authority import Kind, NewDeputy, NewLevel, NewLimit
from procurement.purchases.approvals.rules import Level
from procurement.purchases.service import PurchaseRequest, request_purchases
from tests.procurement import buying

SECTION_UP_TO, DIVISION_UP_TO, RATE = 2_000_000, 10_000_000, 60_000
SMALL, MIDDLE, LARGE = 10, 100, 400  # lectures: ¥6,000, ¥60,000, ¥240,000


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sets authority, who holds each level, and who buys."""

    officer: Principal  # proposes authority
    second: Principal  # confirms it; an approver without a level
    section: Principal
    division: Principal
    meeting: Principal
    buyers: buying.People
    admission_id: int
    line_id: int


async def desk() -> Desk:
    """Return a district with figures in force since yesterday and one person for each level."""
    organization = await buying.organization()
    officer, second = await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.person_as(Role.APPROVER)
    people = [await buying.person_as(Role.APPROVER) for _ in range(3)]
    made = Desk(
        officer, second, *people, await buying.people(organization),
        await buying.framework_in_force(organization, RATE), await buying.budget_line(1_000_000_000),
    )  # fmt: skip
    await limits(made)
    for level, person in zip((Level.SECTION, Level.DIVISION, Level.MEETING), people, strict=True):
        await hold(made, person, level)
    return made


async def limits(made: Desk, place: str = buying.DISTRICT, section: int = SECTION_UP_TO) -> UUID:
    """Propose figures yesterday, have them confirmed, from today on."""
    with clock.travelled_to(clock.now() - timedelta(days=1)):
        tomorrow = clock.today() + timedelta(days=1)
        new = NewLimit(place, tomorrow, section, max(DIVISION_UP_TO, section + 1), "内控〔2026〕3号")
        limit = await authority.propose_limit(made.officer, new)
        await authority.decide_authority(made.second, Kind.LIMIT, limit, confirm=True)
    return limit


async def hold(made: Desk, person: Principal, level: Level, until: date | None = None, place: str = "") -> UUID:
    """Let a person hold a level of the district."""
    new = NewLevel(_uuid(person), place or buying.DISTRICT, level, clock.today(), until)
    proposed = await authority.propose_level(made.officer, new)
    await authority.decide_authority(made.second, Kind.LEVEL, proposed, confirm=True)
    return proposed


async def deputize(person: Principal, deputy: Principal, days: int = 3, start: int = 0) -> UUID:
    """Have a person name their deputy for some days."""
    first = clock.today() + timedelta(days=start)
    return await authority.name_deputy(person, NewDeputy(_uuid(deputy), first, first + timedelta(days=days - 1)))


async def asked(made: Desk, quantity: int = SMALL, officer: Principal | None = None) -> int:
    """Ask for a purchase of so many lectures."""
    request = PurchaseRequest(made.admission_id, made.line_id, buying.DISTRICT, quantity, "村社普法讲座")
    [purchase_id] = await request_purchases(officer or made.buyers.officer, [request])
    return purchase_id


def _uuid(person: Principal) -> UUID:
    assert person.public_id
    return person.public_id
