"""Reading flags in one's places: the list, one with its history, how many there are on budget lines and purchases."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound
from procurement.blocks import Source
from procurement.oversight.flags.rules import FlagKind, FlagStatus, Part
from procurement.oversight.flags.service import Evidence
from procurement.oversight.law import figures_of
from procurement.reading import reading_scope

READER = Permission.LEDGER_READ


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; ``state`` is a status, ``closed``, or empty for what stands."""

    kind: str = ""
    place_code: str = ""
    year: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag with its figures and the words of its last look."""

    id: int
    public_id: UUID
    kind: FlagKind
    subject: str
    place_code: str
    place_zh: str
    place_en: str
    year: int
    measured: int | None
    threshold: int
    unit: str
    n: int
    minimum: int
    source: Source
    parts: tuple[Part, ...]
    references: tuple[str, ...]
    found_at: datetime
    closed_at: datetime | None
    status: FlagStatus
    purchase: str | None
    order: str | None
    claim: str | None
    line: tuple[int, str, str] | None  # year, place code, programme
    organization_public_id: UUID | None
    organization_zh: str | None
    organization_en: str | None
    person: str | None

    @property
    def path(self) -> str:
        """Return where the thing itself is shown, as near to the service as it goes."""
        if self.order:
            return f"/oversight/units/{self.order}"
        if self.claim:
            return f"/oversight/claims/{self.claim}"
        if self.purchase:
            return f"/oversight/purchases/{self.purchase}"
        if self.line:
            return "/oversight/lines/{}/{}/{}".format(*self.line)
        return f"/organizations/{self.organization_public_id}" if self.organization_public_id else ""

    @property
    def widest(self) -> int:
        """Return the length of the bar on which both figures stand."""
        return max(self.measured or 0, self.threshold, 1)


@dataclass(frozen=True, slots=True)
class ReviewView:
    """An auditor's word."""

    outcome: FlagStatus
    words_zh: str
    reviewer: str
    reviewed_at: datetime


_FLAG = """
SELECT f.id, f.public_id, f.kind, f.subject, place.code AS place_code, place.name_zh AS place_zh,
       place.name_en AS place_en, f.year, f.measured, f.threshold, f.unit, f.n, f.minimum, f.document, f.article,
       f.verified, f.parts::text AS parts, f.found_at, f.closed_at, coalesce(last.outcome, 'open') AS status,
       p.reference AS purchase, o.reference AS order, claim.reference AS claim, l.year AS line_year,
       line_place.code AS line_place, programme.code AS line_programme, org.public_id AS organization_public_id,
       org.name_zh AS organization_zh, org.name_en AS organization_en, person.name AS person
FROM review_flag f JOIN place ON place.id = f.place_id LEFT JOIN purchase p ON p.id = f.purchase_id
LEFT JOIN village_order o ON o.id = f.village_order_id LEFT JOIN claim ON claim.id = f.claim_id
LEFT JOIN budget_line l ON l.id = f.budget_line_id LEFT JOIN place line_place ON line_place.id = l.place_id
LEFT JOIN programme ON programme.id = l.programme_id LEFT JOIN organization org ON org.id = f.organization_id
LEFT JOIN person ON person.id = f.person_id
LEFT JOIN LATERAL (
    SELECT r.outcome FROM flag_review r WHERE r.flag_id = f.id ORDER BY r.id DESC LIMIT 1) AS last ON true
"""
_LIST = f"""{_FLAG}
WHERE place.code LIKE ANY($1) AND ($2 = '' OR f.kind = $2) AND place.code LIKE $3 || '%'
  AND ($4::int IS NULL OR f.year = $4)
  AND CASE $5 WHEN '' THEN f.closed_at IS NULL WHEN 'closed' THEN f.closed_at IS NOT NULL
              ELSE f.closed_at IS NULL AND coalesce(last.outcome, 'open') = $5 END
  AND ($6::bigint IS NULL OR f.id < $6) ORDER BY f.id DESC LIMIT $7
"""


async def flags(principal: Principal, wanted: Filter, before: int | None = None, limit: int = 50) -> list[FlagView]:
    """Return flags in the reader's places, the latest first."""
    rows = await database.fetch(
        _LIST,
        reading_scope(principal, READER).like_patterns(),
        *(wanted.kind, wanted.place_code, wanted.year, wanted.state, before, limit),
    )
    return [_view(row) for row in rows]


async def flags_of(principal: Principal, *, purchase: str = "", order: str = "", claim: str = "") -> list[FlagView]:
    """Return the flags that stand about one purchase with its units, one unit, or one claim."""
    rows = await database.fetch(
        f"""{_FLAG} WHERE place.code LIKE ANY($1) AND f.closed_at IS NULL
            AND (f.purchase_id = (SELECT id FROM purchase WHERE reference = $2)
                 OR f.village_order_id = (SELECT id FROM village_order WHERE reference = $3)
                 OR f.claim_id = (SELECT id FROM claim WHERE reference = $4)) ORDER BY f.id LIMIT 200""",
        *(reading_scope(principal, READER).like_patterns(), purchase, order, claim),
    )
    return [_view(row) for row in rows]


async def flag(principal: Principal, public_id: UUID) -> tuple[FlagView, list[ReviewView], list[FlagView]]:
    """Return a flag, what was said about it, and the rows of the same matter before and after it."""
    patterns = reading_scope(principal, READER).like_patterns()
    row = await database.fetch_one(f"{_FLAG} WHERE place.code LIKE ANY($1) AND f.public_id = $2", patterns, public_id)
    if row is None:
        raise NotFound
    found = _view(row)
    said = await database.fetch(
        """SELECT r.outcome, r.words_zh, account.display_name AS reviewer, r.reviewed_at
           FROM flag_review r JOIN account ON account.id = r.reviewed_by WHERE r.flag_id = $1 ORDER BY r.id""",
        found.id,
    )
    others = await database.fetch(
        f"{_FLAG} WHERE f.kind = $1 AND f.subject = $2 AND f.id <> $3 ORDER BY f.id DESC LIMIT 20",
        *(found.kind.value, found.subject, found.id),
    )
    reviews = [ReviewView(**{**one, "outcome": FlagStatus(one["outcome"])}) for one in said]
    return found, reviews, [_view(one) for one in others]


async def open_counts(principal: Principal) -> int:
    """Return how many flags nobody has looked at, in the reader's places."""
    count: int = await database.fetch_value(
        """SELECT count(*) FROM review_flag f JOIN place ON place.id = f.place_id
           WHERE place.code LIKE ANY($1) AND f.closed_at IS NULL
             AND NOT EXISTS (SELECT FROM flag_review r WHERE r.flag_id = f.id)""",
        reading_scope(principal, READER).like_patterns(),
    )
    return count


async def unconfirmed() -> list[FlagKind]:
    """Return the kinds that rest on a figure nobody has confirmed: outside the demonstration they are not computed."""
    rows = await database.fetch(
        """SELECT DISTINCT rule_key FROM law_rule WHERE rule_key = ANY($1) AND NOT text_read AND verified_by IS NULL
           AND effective_to IS NULL ORDER BY rule_key""",
        [key for kind in FlagKind for key in figures_of(kind)],
    )
    open_keys = {row["rule_key"] for row in rows}
    return [kind for kind in FlagKind if open_keys & set(figures_of(kind))]


def _view(row: Row) -> FlagView:
    evidence = database.decoded(row.pop("parts"), Evidence)
    line = row.pop("line_year"), row.pop("line_place"), row.pop("line_programme")
    source = Source(row.pop("document"), row.pop("article"), row.pop("verified"))
    row |= {"kind": FlagKind(row["kind"]), "status": FlagStatus(row["status"])}
    return FlagView(
        **row, source=source, parts=evidence.parts, references=evidence.references, line=line if line[0] else None
    )
