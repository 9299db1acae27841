"""Reading nudges: what was said about a thing, what waits for an office or has waited too long, how many there were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.core import calendar, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound
from procurement import law
from procurement.payments.holding.rules import OFFICES, Step, Thing
from procurement.payments.nudges import rules
from procurement.payments.nudges.rules import Last

SHOWN = 5
COUNTED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NudgeView:
    """A nudge with what it is about and where that is done."""

    id: int
    public_id: UUID
    step: str
    contract_id: int
    contract: str
    organization_zh: str
    organization_en: str
    title_zh: str
    title_en: str
    place_code: str
    place_zh: str
    place_en: str
    order_reference: str | None
    claim_reference: str | None
    batch_reference: str | None
    waiting_since: datetime
    day: date
    sent_by: int
    sent_at: datetime
    answer: str
    answered_at: datetime | None
    waits: bool

    @property
    def path(self) -> str:
        """Return where the thing is done."""
        if self.step == Step.ACCEPTANCE:
            return f"/orders/{self.order_reference}/acceptance"
        if self.step == Step.APPROVAL:
            return f"/claims/{self.claim_reference}"
        if self.step == Step.BATCHING:
            return f"/settlement/new?place={self.place_code[:6]}"
        return f"/settlement/{self.batch_reference}"


@dataclass(frozen=True, slots=True)
class Count:
    """How often an office was nudged in the last thirty days, how often it answered, what still waits."""

    place_zh: str
    place_en: str
    step: str
    nudges: int
    answered: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Said:
    """The latest nudge about a contract's thing, as its provider sees it."""

    day: date
    sent_at: datetime
    answer: str
    answered_at: datetime | None


async def last_of(thing: Thing) -> Last | None:
    """Return the latest nudge about a thing."""
    row = await database.fetch_one(
        "SELECT day, answer FROM nudge WHERE village_order_id = $1 OR claim_id = $2 ORDER BY day DESC LIMIT 1",
        thing.order_id,
        thing.claim_id,
    )
    return Last(**row) if row else None


async def said_about(things: Sequence[Thing]) -> dict[Thing, Said]:
    """Return the latest nudge about each of some things."""
    rows = await database.fetch(
        """SELECT DISTINCT ON (village_order_id, claim_id) village_order_id, claim_id, day, sent_at, answer,
                  answered_at
           FROM nudge WHERE village_order_id = ANY($1) OR claim_id = ANY($2)
           ORDER BY village_order_id, claim_id, day DESC""",
        [thing.order_id for thing in things if thing.order_id],
        [thing.claim_id for thing in things if thing.claim_id],
    )
    return {
        Thing(row["village_order_id"], row["claim_id"]): Said(
            row["day"], row["sent_at"], row["answer"], row["answered_at"]
        )
        for row in rows
    }


async def nudge_page(principal: Principal, public_id: UUID) -> NudgeView:
    """Return a nudge to the office that it went to and to who supervises its place."""
    row = await database.fetch_one(f"{_NUDGE} WHERE n.public_id = $1", public_id)
    if row is None:
        raise NotFound
    held = [principal.scopes.get(OFFICES[Step(row["step"])]), _supervised(principal)]
    if not any(scope and scope.covers_place(row["place_code"]) for scope in held):
        raise NotFound
    return NudgeView(**row)


async def waiting_nudges(principal: Principal) -> list[NudgeView]:
    """Return unanswered nudges that still wait for the person's offices, the oldest first."""
    if not any(principal.can(permission) for permission in OFFICES.values()):
        return []
    reach = [principal.scopes.get(permission, Scope()).like_patterns() for permission in OFFICES.values()]
    rows = await database.fetch(f"{_NUDGE} {_OF_OFFICES} ORDER BY n.id LIMIT {SHOWN}", *reach, principal.account_id)
    return [NudgeView(**row) for row in rows]


async def escalated_nudges(principal: Principal) -> list[NudgeView]:
    """Return what still waits so long after a nudge that the supervisor of its place sees it."""
    scope, today = _supervised(principal), clock.today()
    if scope is None:
        return []
    after = await law.figure(law.NUDGE_ESCALATES, today)
    latest = rules.latest_escalated(await calendar.load_calendar(), today, after)
    rows = await database.fetch(
        f"""SELECT * FROM (SELECT DISTINCT ON (found.contract_id, found.step, found.order_reference,
                                               found.claim_reference) found.*
                           FROM ({_NUDGE} WHERE n.day <= $2 AND place.code LIKE ANY($1)) AS found WHERE found.waits
                           ORDER BY found.contract_id, found.step, found.order_reference, found.claim_reference,
                                    found.day) AS first
            ORDER BY day, id LIMIT {SHOWN}""",
        scope.like_patterns(),
        latest,
    )
    return [NudgeView(**row) for row in rows]


async def counts(scope: Scope) -> list[Count]:
    """Return how often each office of the places was nudged in the last thirty days, the most nudged first."""
    rows = await database.fetch(
        f"""SELECT district.name_zh AS place_zh, district.name_en AS place_en, found.step, count(*) AS nudges,
                   count(found.answered_at) AS answered, count(*) FILTER (WHERE found.waits) AS waiting
            FROM ({_NUDGE}) AS found JOIN place district ON district.code = left(found.place_code, 6)
            WHERE found.place_code LIKE ANY($1) AND found.day >= $2
            GROUP BY district.id, found.step ORDER BY count(*) DESC, district.code, found.step""",
        scope.like_patterns(),
        clock.today() - COUNTED,
    )
    return [Count(**row) for row in rows]


def _supervised(principal: Principal) -> Scope | None:
    """Return the places whose work the person supervises: they read both its money and its trail."""
    return principal.scopes.get(Permission.LEDGER_READ) if principal.can(Permission.AUDIT_READ) else None


_NUDGE = """
SELECT n.id, n.public_id, n.step, n.contract_id, c.reference AS contract, org.name_zh AS organization_zh,
       org.name_en AS organization_en, v.title_zh, v.title_en, place.code AS place_code, place.name_zh AS place_zh,
       place.name_en AS place_en, o.reference AS order_reference, k.reference AS claim_reference,
       b.reference AS batch_reference, n.waiting_since, n.day, n.sent_by, n.sent_at, n.answer, n.answered_at,
       nudge_waits(n.step, o.status, k.status, b.status) AS waits
FROM nudge n JOIN contract c ON c.id = n.contract_id JOIN organization org ON org.id = c.organization_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN place ON place.id = n.place_id LEFT JOIN village_order o ON o.id = n.village_order_id
LEFT JOIN claim k ON k.id = n.claim_id LEFT JOIN settlement_item i ON i.claim_id = k.id AND i.live
LEFT JOIN settlement_batch b ON b.id = i.batch_id
"""
# $1 … $5 the places of the offices, in the order of OFFICES; nobody is nudged to judge their own batch.
_OF_OFFICES = """
WHERE n.answered_at IS NULL AND nudge_waits(n.step, o.status, k.status, b.status) AND CASE n.step
    WHEN 'acceptance' THEN place.code LIKE ANY($1) WHEN 'approval' THEN place.code LIKE ANY($2)
    WHEN 'batching' THEN place.code LIKE ANY($3)
    WHEN 'checking' THEN place.code LIKE ANY($4) AND b.computed_by <> $6
    ELSE place.code LIKE ANY($5) AND $6 <> ALL (ARRAY[b.computed_by, b.approved_by]) END
"""
