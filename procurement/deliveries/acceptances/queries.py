"""Reading judgements: the desk of one delivery, its certificate, and what the public sees of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import calendar, clock, database
from app.core.database import Row
from app.rulebook import rules_on
from procurement import law
from procurement.blocks import Block
from procurement.contracts.requirements.rules import Line, LineKind
from procurement.deliveries.acceptances.rules import (
    Judged,
    Outcome,
    RectificationStatus,
    judged_sha256,
    waiting_blocks,
)
from procurement.deliveries.law import ACCEPTANCE, OPINIONS, RECTIFICATION
from procurement.deliveries.rules import LineFinding


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """One line with what was found."""

    line: Line
    found: LineFinding


@dataclass(frozen=True, slots=True)
class Round:
    """One judgement with its lines, who signed it, and whether the text is still the one that was signed."""

    round: int
    outcome: Outcome
    people_reached: int
    rating: int
    opinion: str
    opinions: int
    acceptor: str
    judged_at: datetime
    sha256: bytes
    genuine: bool
    lines: tuple[JudgedLine, ...]
    rectification: RectificationStatus | None
    due_on: date | None
    report_zh: str
    reported_at: datetime | None

    @property
    def unmet(self) -> int:
        """Return how many lines were not met."""
        return sum(not judged.found.met for judged in self.lines)


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when a delivery is accepted, until when it may be sent back, from how many opinions an average is shown."""

    due: date
    period: int
    latest_rectification: date
    opinions: int


@dataclass(frozen=True, slots=True)
class PublicResult:
    """One acceptance as everybody sees it: numbers and a verdict, nobody's name."""

    id: int
    reference: str
    title_zh: str
    title_en: str
    product_reference: str
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    district_zh: str
    district_en: str
    town_zh: str
    town_en: str
    wished_start: datetime
    accepted_at: datetime
    verdict: Outcome
    people_reached: int
    rating: int
    lines: int
    unmet: int
    rounds: int
    opinions: int


_ROUNDS = """
SELECT j.id, j.round, j.verdict, j.people_reached, j.rating, j.opinion, j.opinions, j.judged_at, j.sha256,
       account.display_name AS acceptor, t.status AS rectification, t.due_on, coalesce(t.report_zh, '') AS report_zh,
       t.reported_at, o.reference, c.reference AS contract_reference
FROM judgement j JOIN account ON account.id = j.judged_by JOIN village_order o ON o.id = j.village_order_id
JOIN contract c ON c.id = o.contract_id LEFT JOIN rectification t ON t.judgement_id = j.id
WHERE j.village_order_id = $1 ORDER BY j.round
"""
_LINES = """
SELECT x.judgement_id, l.number, l.kind, l.text_zh, l.figure, x.met, x.words
FROM line_judgement x JOIN requirement_line l ON l.id = x.requirement_line_id
JOIN judgement j ON j.id = x.judgement_id WHERE j.village_order_id = $1 ORDER BY x.judgement_id, l.number
"""
_PUBLIC = """
SELECT t.id, o.reference, v.title_zh, v.title_en, product.reference AS product_reference,
       org.public_id AS organization_public_id, org.name_zh AS organization_zh, org.name_en AS organization_en,
       district.name_zh AS district_zh, district.name_en AS district_en, town.name_zh AS town_zh,
       town.name_en AS town_en, o.wished_start, t.accepted_at, t.verdict, t.people_reached, t.rating,
       (SELECT count(*) FROM line_judgement x WHERE x.judgement_id = j.id) AS lines,
       (SELECT count(*) FROM line_judgement x WHERE x.judgement_id = j.id AND NOT x.met) AS unmet,
       coalesce(j.round, 1) AS rounds,
       (SELECT count(*) FROM shift_rating r WHERE r.assignment_id = o.assignment_id) AS opinions
FROM acceptance t JOIN village_order o ON o.id = t.village_order_id JOIN contract c ON c.id = o.contract_id
JOIN product ON product.id = c.product_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN organization org ON org.id = c.organization_id JOIN place ON place.id = o.place_id
JOIN place town ON town.id = place.parent_id JOIN place district ON district.id = town.parent_id
LEFT JOIN judgement j ON j.village_order_id = o.id AND j.verdict <> 'rectify'
"""


async def rounds_of(order_id: int) -> list[Round]:
    """Return every judgement of an order, the first one first; each is hashed again from what is kept."""
    rows = await database.fetch(_ROUNDS, order_id)
    lines: dict[int, list[JudgedLine]] = {}
    for row in await database.fetch(_LINES, order_id) if rows else []:
        line = Line(row["number"], LineKind(row["kind"]), row["text_zh"], row["figure"])
        found = LineFinding(row["number"], row["met"], row["words"])
        lines.setdefault(row["judgement_id"], []).append(JudgedLine(line, found))
    return [_round(row, tuple(lines.get(row["id"], ()))) for row in rows]


async def clock_of(starts: datetime) -> Clock:
    """Return the acceptance's clock for a delivery, by the figures of its day."""
    today, served = clock.today(), clock.local(starts).date()
    rules = await rules_on([ACCEPTANCE, RECTIFICATION, OPINIONS], on=served)
    days = await calendar.load_calendar()
    period, longest = rules[ACCEPTANCE], rules[RECTIFICATION]
    return Clock(
        due=calendar.deadline(days, served, period.whole, period.unit),
        period=period.whole,
        latest_rectification=calendar.deadline(days, today, longest.whole, longest.unit),
        opinions=rules[OPINIONS].whole,
    )


async def due_days(starts: Sequence[datetime]) -> list[date]:
    """Return until when each of several deliveries is accepted, by the figure of today."""
    period = await law.figure(ACCEPTANCE, clock.today())
    return await law.last_days(period, [clock.local(one).date() for one in starts])


async def open_rectifications(order_ids: Sequence[int]) -> dict[int, tuple[RectificationStatus, date]]:
    """Return which of the orders are being put right, and until when."""
    rows = await database.fetch(
        "SELECT village_order_id, status, due_on FROM rectification WHERE village_order_id = ANY($1) AND status <> $2",
        *(list(order_ids), RectificationStatus.JUDGED.value),
    )
    return {row["village_order_id"]: (RectificationStatus(row["status"]), row["due_on"]) for row in rows}


def blocks_of(rounds: Sequence[Round]) -> list[Block]:
    """Name what keeps a delivery from being judged again today."""
    last = rounds[-1] if rounds else None
    return waiting_blocks(last.due_on, last.rectification, clock.today()) if last else []


async def public_results(
    place_code: str = "", verdict: Outcome | None = None, after: int | None = None, limit: int = 51
) -> list[PublicResult]:
    """Return acceptances of a place, the newest first (条例 §45: the result of public services is public)."""
    rows = await database.fetch(
        f"""{_PUBLIC} WHERE place.code LIKE $1 || '%' AND ($2::text IS NULL OR t.verdict = $2)
            AND ($3::bigint IS NULL OR t.id < $3) ORDER BY t.id DESC LIMIT $4""",
        *(place_code, verdict, after, limit),
    )
    return [PublicResult(**{**row, "verdict": Outcome(row["verdict"])}) for row in rows]


def _round(row: Row, lines: tuple[JudgedLine, ...]) -> Round:
    outcome = Outcome(row["verdict"])
    names = ("round", "people_reached", "rating", "opinion", "opinions", "acceptor", "judged_at", "sha256")
    judged = Judged(
        order=row["reference"],
        contract=row["contract_reference"],
        lines=tuple((one.line, one.found) for one in lines),
        outcome=outcome,
        due_on=row["due_on"],
        people_reached=row["people_reached"],
        rating=row["rating"],
        opinion=row["opinion"],
        opinions=row["opinions"],
        judged_at=row["judged_at"],
    )
    return Round(
        **{name: row[name] for name in names},
        outcome=outcome,
        genuine=judged_sha256(judged) == row["sha256"],
        lines=lines,
        rectification=RectificationStatus(row["rectification"]) if row["rectification"] else None,
        due_on=row["due_on"],
        report_zh=row["report_zh"],
        reported_at=row["reported_at"],
    )
