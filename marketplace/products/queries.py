"""What a provider and a reviewer read of a product: the list of one's own, and one product with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from app.core import clock, database
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound
from marketplace.organizations.provision import Category
from marketplace.products.content import FieldChange, ProductContent, changes
from marketplace.products.dossiers import AREAS, CONTENT_COLUMNS, content_of, monthly_units
from marketplace.products.rules import ProductEvent, ProductStatus, Revision, Stage, events_from


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One line of a provider's own list."""

    reference: str
    category: Category
    stage: Stage
    title_zh: str
    title_en: str
    organization: UUID
    organization_zh: str
    latest_version: int
    listed_version: int | None
    submitted_at: datetime | None
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with its author, and what it changed of the one before."""

    number: int
    content: ProductContent
    content_sha256: str
    author: str
    author_id: int
    created_at: datetime
    changes: tuple[FieldChange, ...]


class DecisionView(msgspec.Struct, frozen=True):
    """What was decided on a version, by whom and why."""

    version: int
    verdict: str
    reasons: str
    reviewer: str
    decided_at: datetime
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductInFull:
    """A product with all its versions, the latest first, and all decisions."""

    id: int
    reference: str
    category: Category
    stage: Stage
    organization_id: int
    organization: UUID
    organization_zh: str
    organization_en: str
    place_code: str
    latest_version: int
    listed_version: int | None
    submitted_at: datetime | None
    suspended_for: str
    monthly_units: int | None
    versions: tuple[VersionView, ...]
    decisions: tuple[DecisionView, ...]

    @property
    def latest(self) -> VersionView:
        """Return the version that was saved last."""
        return self.versions[0]

    @property
    def sent_back_unchanged(self) -> bool:
        """Tell whether a reviewer sent the latest version back and nothing was changed since."""
        return any(d.version == self.latest_version and d.verdict == "request_changes" for d in self.decisions)

    @property
    def asked_to_change(self) -> tuple[str, ...]:
        """Return the fields that the last reviewer asked to be changed, while they are to be changed."""
        sent_back = "changes_requested" in (self.stage.status.value, self.stage.revision.value)
        return self.decisions[0].fields if sent_back and self.decisions else ()

    @property
    def events(self) -> tuple[ProductEvent, ...]:
        """Return what may happen next."""
        return events_from(self.stage)


_PRODUCT = f"""
SELECT p.id, p.reference, p.category, p.status, p.revision, p.organization_id, o.public_id AS organization,
       o.name_zh AS organization_zh, o.name_en AS organization_en, seat.code AS place_code, p.latest_version,
       p.listed_version, p.submitted_at, p.suspended_for, {monthly_units("$2")},
       COALESCE((SELECT jsonb_agg(jsonb_build_object('version', v.number, 'verdict', d.verdict, 'reasons', d.reasons,
                                  'reviewer', reviewer.display_name, 'decided_at', d.decided_at,
                                  'fields', d.fields) ORDER BY d.id DESC)
                 FROM product_decision d JOIN product_version v ON v.id = d.product_version_id
                 JOIN account reviewer ON reviewer.id = d.reviewer_id
                 WHERE v.product_id = p.id), '[]')::text AS decisions
FROM product p JOIN organization o ON o.id = p.organization_id JOIN place seat ON seat.id = o.place_id
WHERE p.reference = $1
"""

_VERSIONS = f"""
SELECT v.number, v.content_sha256, v.author_id, author.display_name AS author, v.created_at, {CONTENT_COLUMNS}, {AREAS}
FROM product_version v JOIN account author ON author.id = v.author_id
WHERE v.product_id = $1 ORDER BY v.number
"""


async def my_products(principal: Principal, limit: int = 500) -> list[ProductRow]:
    """Return the products of the organizations the person acts for, what was saved last first."""
    scope = principal.scope(Permission.PRODUCT_WRITE)
    rows = await database.fetch(
        """SELECT p.reference, p.category, p.status, p.revision, v.title_zh, v.title_en, o.public_id AS organization,
                  o.name_zh AS organization_zh, p.latest_version, p.listed_version, p.submitted_at,
                  v.created_at AS saved_at
           FROM product p
           JOIN product_version v ON v.product_id = p.id AND v.number = p.latest_version
           JOIN organization o ON o.id = p.organization_id
           WHERE p.organization_id = ANY ($1) ORDER BY v.created_at DESC, p.id DESC LIMIT $2""",
        list(scope.organization_ids),
        limit,
    )
    return [_row(row) for row in rows]


async def product_in_full(principal: Principal, reference: str) -> ProductInFull:
    """Return a product with its history to its provider, and to the reviewers and auditors of its place."""
    row = await database.fetch_one(_PRODUCT, reference, clock.today())
    if row is None or not _may_read(principal, row):
        raise NotFound
    versions = _with_changes(await database.fetch(_VERSIONS, row["id"]))
    kept = {name: value for name, value in row.items() if name not in ("status", "revision", "decisions")}
    kept |= {"category": Category(row["category"]), "stage": _stage(row), "versions": versions}
    return ProductInFull(**kept, decisions=tuple(msgspec.json.decode(row["decisions"], type=list[DecisionView])))


def _may_read(principal: Principal, row: database.Row) -> bool:
    writer = principal.scopes.get(Permission.PRODUCT_WRITE, Scope())
    if writer.covers_organization(row["organization_id"]):
        return True
    officers = (principal.scopes.get(known, Scope()) for known in (Permission.PRODUCT_REVIEW, Permission.AUDIT_READ))
    return any(scope.covers_place(row["place_code"]) for scope in officers)


def _with_changes(rows: Sequence[database.Row]) -> tuple[VersionView, ...]:
    """Return the versions, the latest first, each with what it changed; the first one changed nothing."""
    contents = [content_of(row) for row in rows]
    befores = [*contents[:1], *contents[:-1]]
    views = [
        VersionView(
            row["number"],
            content,
            row["content_sha256"].hex(),
            row["author"],
            row["author_id"],
            row["created_at"],
            tuple(changes(before, content)),
        )
        for row, before, content in zip(rows, befores, contents, strict=True)
    ]
    return tuple(reversed(views))


def _stage(row: database.Row) -> Stage:
    return Stage(ProductStatus(row["status"]), Revision(row["revision"]))


def _row(row: database.Row) -> ProductRow:
    kept = {name: value for name, value in row.items() if name not in ("status", "revision")}
    return ProductRow(**{**kept, "category": Category(row["category"]), "stage": _stage(row)})
