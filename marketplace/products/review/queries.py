"""The reviewer's desk: what waits, how long it may still wait, and what stands against it."""

from dataclasses import dataclass
from datetime import datetime

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.calendar import load_calendar
from app.rulebook import Rule, rule
from marketplace import law
from marketplace.organizations.provision import Category
from marketplace.products.dossiers import monthly_units
from marketplace.products.review.rules import Clock, review_clock
from marketplace.products.rules import ProductStatus, Revision, Stage


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One product that waits for a reviewer, with its clock."""

    reference: str
    version: int
    category: Category
    stage: Stage
    title_zh: str
    title_en: str
    organization_zh: str
    organization_en: str
    submitted_at: datetime
    clock: Clock
    own: bool  # written by this very reviewer, or of an organization he has a tie to: another one decides
    monthly_units: int | None  # what can be had in a month; None while nothing is stated
    taken_by: str  # who took it up, '' before anybody did


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """The queue and the rule its clock runs by."""

    rows: tuple[ReviewRow, ...]
    term: Rule

    @property
    def overdue(self) -> int:
        """Return how many reviews are over their term."""
        return sum(row.clock.overdue for row in self.rows)


_QUEUE = f"""
SELECT p.reference, p.latest_version AS version, p.category, p.status, p.revision, v.title_zh, v.title_en,
       o.name_zh AS organization_zh, o.name_en AS organization_en, p.submitted_at,
       v.author_id = $2 OR is_tied($2, o.id, $3) AS own, coalesce(taker.display_name, '') AS taken_by,
       {monthly_units("$5")}
FROM product p
JOIN product_version v ON v.product_id = p.id AND v.number = p.latest_version
JOIN organization o ON o.id = p.organization_id
JOIN place seat ON seat.id = o.place_id
LEFT JOIN review_start taken ON taken.product_version_id = v.id
LEFT JOIN account taker ON taker.id = taken.reviewer_id
WHERE p.submitted_at IS NOT NULL AND seat.code LIKE ANY ($1)
ORDER BY p.submitted_at, p.id LIMIT $4
"""


async def review_desk(principal: Principal, limit: int = 200) -> ReviewDesk:
    """Return what waits in the reviewer's places, the one due first on top."""
    scope = principal.scope(Permission.PRODUCT_REVIEW)
    today = clock.today()
    term = await rule(law.REVIEW_DAYS, on=today)
    calendar = await load_calendar()
    rows = await database.fetch(_QUEUE, scope.like_patterns(), principal.account_id, clock.now(), limit, today)
    return ReviewDesk(
        tuple(
            ReviewRow(
                **{name: value for name, value in row.items() if name not in ("status", "revision", "category")},
                category=Category(row["category"]),
                stage=Stage(ProductStatus(row["status"]), Revision(row["revision"])),
                clock=review_clock(calendar, clock.local(row["submitted_at"]).date(), term.whole, today),
            )
            for row in rows
        ),
        term,
    )


async def clock_of(submitted_at: datetime) -> Clock:
    """Return how much of the term is left for one product."""
    today = clock.today()
    term = (await rule(law.REVIEW_DAYS, on=today)).whole
    return review_clock(await load_calendar(), clock.local(submitted_at).date(), term, today)
