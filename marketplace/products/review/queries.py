"""The reviewer's desk: what waits, how long it may still wait, and what stands against it."""

from dataclasses import dataclass
from datetime import datetime

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.calendar import load_calendar
from app.rulebook import Rule, rule, rules_on
from marketplace import law
from marketplace.organizations.provision import Category
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
    organization_zh: str
    submitted_at: datetime
    clock: Clock
    own: bool  # written by this very reviewer, or of an organization he has a tie to: another one decides


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """The queue and the rule its clock runs by."""

    rows: tuple[ReviewRow, ...]
    term: Rule

    @property
    def overdue(self) -> int:
        """Return how many reviews are over their term."""
        return sum(row.clock.overdue for row in self.rows)


_QUEUE = """
SELECT p.reference, p.latest_version AS version, p.category, p.status, p.revision, v.title_zh,
       o.name_zh AS organization_zh, p.submitted_at,
       v.author_id = $2 OR EXISTS (
           SELECT 1 FROM membership m WHERE m.organization_id = o.id AND m.account_id = $2
           AND coalesce(m.valid_until, 'infinity') > $3::timestamptz - make_interval(years => $4)) AS own
FROM product p
JOIN product_version v ON v.product_id = p.id AND v.number = p.latest_version
JOIN organization o ON o.id = p.organization_id
JOIN place seat ON seat.id = o.place_id
WHERE p.submitted_at IS NOT NULL AND seat.code LIKE ANY ($1)
ORDER BY p.submitted_at, p.id LIMIT $5
"""


async def review_desk(principal: Principal, limit: int = 200) -> ReviewDesk:
    """Return what waits in the reviewer's places, the one due first on top."""
    scope = principal.scope(Permission.PRODUCT_REVIEW)
    today = clock.today()
    rules = await rules_on([law.REVIEW_DAYS, law.TIE_YEARS], on=today)
    term, years = rules[law.REVIEW_DAYS], rules[law.TIE_YEARS].whole
    calendar = await load_calendar()
    rows = await database.fetch(_QUEUE, scope.like_patterns(), principal.account_id, clock.now(), years, limit)
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
