"""Reading samples in one's places: the list, one with what was drawn and found, one drawn thing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.attachments.store import store
from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound
from procurement.oversight.samples.rules import Outcome, Population
from procurement.reading import reading_scope

READER = Permission.LEDGER_READ


@dataclass(frozen=True, slots=True)
class SampleView:
    """A sample with how far its look has come; ``bytes`` None is still being packed."""

    id: int
    reference: str
    population: Population
    place_code: str
    place_zh: str
    place_en: str
    year: int
    seed: str
    size: int
    population_count: int
    population_sha256: str
    drawn_by: str
    drawn_at: datetime
    looked: int
    questions: int
    bytes: int | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """An auditor's note."""

    outcome: Outcome
    words_zh: str
    finder: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class ItemView:
    """One drawn thing with its latest note."""

    public_id: UUID
    position: int
    reference: str
    digest: str
    purchase: str | None
    outcome: Outcome | None
    words_zh: str | None


_SAMPLE = """
SELECT s.id, s.reference, s.population, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
       s.year, s.seed, s.size, s.population_count, encode(s.population_sha256, 'hex') AS population_sha256,
       account.display_name AS drawn_by, s.drawn_at, b.byte_count AS bytes, seen.looked, seen.questions
FROM audit_sample s JOIN place ON place.id = s.place_id JOIN account ON account.id = s.drawn_by
LEFT JOIN sample_bundle b ON b.sample_id = s.id
CROSS JOIN LATERAL (
    SELECT count(last.outcome) AS looked, count(*) FILTER (WHERE last.outcome = 'question') AS questions
    FROM audit_sample_item i LEFT JOIN LATERAL (
        SELECT f.outcome FROM sample_finding f WHERE f.item_id = i.id ORDER BY f.id DESC LIMIT 1) AS last ON true
    WHERE i.sample_id = s.id) AS seen
"""
_ITEMS = """
SELECT i.public_id, i.position, i.reference, encode(i.digest, 'hex') AS digest, p.reference AS purchase,
       last.outcome, last.words_zh
FROM audit_sample_item i
LEFT JOIN LATERAL (SELECT f.outcome, f.words_zh FROM sample_finding f WHERE f.item_id = i.id
                   ORDER BY f.id DESC LIMIT 1) AS last ON true
LEFT JOIN contract c ON c.reference = i.reference LEFT JOIN purchase p ON p.id = c.purchase_id
WHERE i.sample_id = $1 ORDER BY i.position
"""


async def samples(principal: Principal, before: int | None = None, limit: int = 50) -> list[SampleView]:
    """Return the samples of the reader's places, the latest first."""
    rows = await database.fetch(
        f"""{_SAMPLE} WHERE place.code LIKE ANY($1) AND ($2::bigint IS NULL OR s.id < $2)
            ORDER BY s.id DESC LIMIT $3""",
        *(reading_scope(principal, READER).like_patterns(), before, limit),
    )
    return [_sample(row) for row in rows]


async def sample(principal: Principal, reference: str) -> tuple[SampleView, list[ItemView]]:
    """Return one sample with what it drew."""
    patterns = reading_scope(principal, READER).like_patterns()
    row = await database.fetch_one(f"{_SAMPLE} WHERE place.code LIKE ANY($1) AND s.reference = $2", patterns, reference)
    if row is None:
        raise NotFound
    found = _sample(row)
    return found, [_item(one) for one in await database.fetch(_ITEMS, found.id)]


async def item(principal: Principal, reference: str, position: int) -> tuple[SampleView, ItemView, list[FindingView]]:
    """Return one drawn thing with everything that was noted about it."""
    found, items = await sample(principal, reference)
    wanted = next((one for one in items if one.position == position), None)
    if wanted is None:
        raise NotFound
    rows = await database.fetch(
        """SELECT f.outcome, f.words_zh, account.display_name AS finder, f.found_at FROM sample_finding f
           JOIN audit_sample_item i ON i.id = f.item_id JOIN account ON account.id = f.found_by
           WHERE i.public_id = $1 ORDER BY f.id DESC""",
        wanted.public_id,
    )
    return found, wanted, [FindingView(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows]


async def evidence(principal: Principal, reference: str) -> tuple[AsyncIterator[bytes], int]:
    """Return a sample's packed evidence in pieces and its size, once a job has packed it."""
    found, _ = await sample(principal, reference)
    sha256 = await database.fetch_value("SELECT sha256 FROM sample_bundle WHERE sample_id = $1", found.id)
    if sha256 is None or found.bytes is None:
        raise NotFound
    return await store().pieces(sha256), found.bytes


def path_of(population: Population, one: ItemView) -> str:
    """Return where a drawn thing is shown."""
    if population is Population.CONTRACT:
        return f"/oversight/purchases/{one.purchase}"
    return f"/oversight/{'units' if population is Population.UNIT else 'claims'}/{one.reference}"


def _sample(row: Row) -> SampleView:
    return SampleView(**{**row, "population": Population(row["population"])})


def _item(row: Row) -> ItemView:
    return ItemView(**{**row, "outcome": Outcome(row["outcome"]) if row["outcome"] else None})
