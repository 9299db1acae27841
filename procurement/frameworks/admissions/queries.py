"""Reading admissions: who is admitted at which rate, what waits with its deadline, what a provider may apply with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Scope
from app.core.database import Row
from app.core.errors import NotFound
from marketplace.organizations.matrix.queries import load_matrix
from marketplace.organizations.provision import Matrix
from procurement import law
from procurement.blocks import Block, Figure
from procurement.frameworks import rules
from procurement.frameworks.admissions.candidates import APPLICATIONS, PRODUCTS, candidate_of, framework_of
from procurement.frameworks.queries import FrameworkView
from procurement.frameworks.rules import AdmissionStatus, Framework, Term


@dataclass(frozen=True, slots=True)
class AdmissionView:
    """A product in a framework, whatever became of it."""

    public_id: UUID
    status: AdmissionStatus
    framework_reference: str
    framework_zh: str
    framework_en: str
    product_reference: str
    product_version: int
    title_zh: str
    title_en: str
    unit: str
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    place_code: str
    rate_fen: int
    applied_at: datetime
    decided_at: datetime | None
    published_at: datetime | None
    ended_at: datetime | None
    reason: str
    end_ground: str
    accepted_units: int
    rating: float | None


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application that waits: until when it is decided, and what stands in the way of admitting it."""

    public_id: UUID
    product_reference: str
    title_zh: str
    title_en: str
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    applied_at: datetime
    due: date
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class OwnProduct:
    """A provider's product beside a framework: whether it may apply, has applied, and what stands in the way."""

    id: int
    reference: str
    title_zh: str
    title_en: str
    status: AdmissionStatus | None
    blocks: tuple[Block, ...]


_ADMISSION = """
SELECT a.public_id, a.status, f.reference AS framework_reference, f.title_zh AS framework_zh,
       f.title_en AS framework_en, product.reference AS product_reference, a.product_version, v.title_zh, v.title_en,
       f.unit, o.public_id AS organization_public_id, o.name_zh AS organization_zh, o.name_en AS organization_en,
       place.code AS place_code, a.rate_fen, a.applied_at, a.decided_at, a.published_at, a.ended_at, a.reason,
       a.end_ground, coalesce(seen.units, 0) AS accepted_units, seen.rating
FROM admission a JOIN framework f ON f.id = a.framework_id JOIN product ON product.id = a.product_id
JOIN product_version v ON v.product_id = a.product_id AND v.number = a.product_version
JOIN organization o ON o.id = a.organization_id JOIN place ON place.id = f.place_id
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE t.verdict = 'accepted') AS units, avg(t.rating)::float8 AS rating
    FROM purchase p JOIN contract c ON c.purchase_id = p.id JOIN village_order ord ON ord.contract_id = c.id
    JOIN acceptance t ON t.village_order_id = ord.id WHERE p.admission_id = a.id) AS seen ON true
"""


async def of_framework(framework_id: int, statuses: Sequence[AdmissionStatus]) -> list[AdmissionView]:
    """Return a framework's admissions in some states, by organization."""
    rows = await database.fetch(
        f"{_ADMISSION} WHERE a.framework_id = $1 AND a.status = ANY($2) ORDER BY o.name_zh, a.id",
        framework_id,
        [status.value for status in statuses],
    )
    return [_admission(row) for row in rows]


async def of_organizations(scope: Scope) -> list[AdmissionView]:
    """Return all that a provider's organizations applied with, the newest first."""
    rows = await database.fetch(
        f"{_ADMISSION} WHERE a.organization_id = ANY($1) ORDER BY a.id DESC LIMIT 200", list(scope.organization_ids)
    )
    return [_admission(row) for row in rows]


async def admitted_offers(scope: Scope, category: str = "", text: str = "") -> list[AdmissionView]:
    """Return what may be bought today in the places of the scope: admitted, listed, in a framework in force."""
    rows = await database.fetch(
        f"""{_ADMISSION} WHERE a.status = 'admitted' AND f.status = 'in_force' AND product.status = 'listed'
            AND o.status = 'verified' AND f.starts_on <= $1 AND f.ends_on >= $1
            AND EXISTS (SELECT FROM unnest($2::text[]) AS mine (code)
                        WHERE starts_with(mine.code, place.code) OR starts_with(place.code, mine.code))
            AND ($3 = '' OR f.category = $3)
            AND ($4 = '' OR position($4 in v.title_zh) > 0 OR position($4 in o.name_zh) > 0)
            ORDER BY seen.rating DESC NULLS LAST, a.id LIMIT 200""",
        clock.today(),
        list(scope.place_codes),
        category,
        text,
    )
    return [_admission(row) for row in rows]


async def applications(framework_id: int) -> list[ApplicationView]:
    """Return a framework's waiting applications, the oldest first, each with its deadline and its blocks."""
    today = clock.today()
    rows = await database.fetch(
        f"{APPLICATIONS} WHERE a.status = 'applied' AND a.framework_id = $1 ORDER BY a.applied_at, a.id",
        framework_id,
        today,
    )
    figure = await law.figure(law.REVIEW, today)
    due = await law.last_days(figure, [clock.local(row["applied_at"]).date() for row in rows])
    matrix = await load_matrix()
    return [_application(row, matrix, last_day, today) for row, last_day in zip(rows, due, strict=True)]


async def own_products(view: FrameworkView, scope: Scope) -> list[OwnProduct]:
    """Return the provider's products that are or were listed, beside a framework, those that fit first."""
    today = clock.today()
    mine = await database.fetch(
        """SELECT product.id, a.status FROM product
           LEFT JOIN admission a ON a.product_id = product.id AND a.framework_id = $2
                AND a.status IN ('applied', 'admitted')
           WHERE product.organization_id = ANY($1) AND product.listed_version IS NOT NULL""",
        list(scope.organization_ids),
        view.id,
    )
    status = {row["id"]: row["status"] for row in mine}
    rows = await database.fetch(PRODUCTS, list(status), view.id, today)
    term = Term(view.starts_on, view.ends_on)
    framework = Framework(view.status, view.category, view.unit, view.rate_fen, term)
    matrix = await load_matrix()
    products = [
        OwnProduct(
            row["id"],
            row["reference"],
            row["title_zh"],
            row["title_en"],
            AdmissionStatus(status[row["id"]]) if status[row["id"]] else None,
            tuple(rules.admission_blocks(framework, candidate_of(row, matrix, today), today)),
        )
        for row in rows
    ]
    return sorted(products, key=lambda product: (len(product.blocks), product.id))


async def admission_ids(public_ids: Sequence[UUID]) -> list[int]:
    """Return the rows behind public ids, in the order given."""
    rows = await database.fetch("SELECT id, public_id FROM admission WHERE public_id = ANY($1)", list(public_ids))
    found = {row["public_id"]: int(row["id"]) for row in rows}
    if any(public_id not in found for public_id in public_ids):
        raise NotFound
    return [found[public_id] for public_id in public_ids]


async def review_period() -> Figure:
    """Return how long an application may wait (令110 §39)."""
    return await law.figure(law.REVIEW, clock.today())


def _admission(row: Row) -> AdmissionView:
    return AdmissionView(**{**row, "status": AdmissionStatus(row["status"])})


def _application(row: Row, matrix: Matrix, due: date, today: date) -> ApplicationView:
    names = ("public_id", "product_reference", "title_zh", "title_en", "organization_public_id", "organization_zh")
    return ApplicationView(
        **{name: row[name] for name in (*names, "organization_en", "applied_at")},
        due=due,
        blocks=tuple(rules.admission_blocks(framework_of(row), candidate_of(row, matrix, today), today)),
    )


async def product_ids(references: Sequence[str]) -> list[int]:
    """Return the products behind references, in the order given."""
    rows = await database.fetch("SELECT id, reference FROM product WHERE reference = ANY($1)", list(references))
    found = {row["reference"]: int(row["id"]) for row in rows}
    if not references or any(reference not in found for reference in references):
        raise NotFound
    return [found[reference] for reference in references]
