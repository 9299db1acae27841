"""A product with all that its guards look at, read in one statement; services read it under the row's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from app.core import clock, database
from app.core.errors import NotFound
from marketplace.organizations.provision import Category, Matrix, QualificationKind, StaffCredential
from marketplace.organizations.qualifications.rules import Paper
from marketplace.organizations.rules import PUBLIC_INSTITUTION, Funding, OrganizationKind
from marketplace.products.content import ProductContent, TargetGroup, Unit
from marketplace.products.guards import Provider, Submission
from marketplace.products.rules import ProductStatus, Revision, Stage

TEXTS = ("title_zh", "title_en", "summary_zh", "summary_en", "content_zh", "standard_zh", "staffing_zh", "process_zh")
CONTENT_COLUMNS = ", ".join(
    f"v.{name}"
    for name in (*TEXTS, "target_group", "unit", "minutes", "people", "credentials_any", "skills_all", "ceiling_fen")
)
AREAS = """
ARRAY(SELECT place.code FROM product_area a JOIN place ON place.id = a.place_id
      WHERE a.product_id = v.product_id AND a.product_version = v.number ORDER BY place.code) AS areas
"""
PAPERS = """
COALESCE((SELECT jsonb_agg(jsonb_build_object('kind', q.kind, 'valid_from', q.valid_from,
             'valid_until', q.valid_until, 'verified', q.verified_at IS NOT NULL, 'refused', q.refused_reason <> ''))
          FROM qualification q WHERE q.organization_id = o.id), '[]')::text AS papers
"""


def monthly_units(day: str) -> str:
    """Return what SQL reads of a product's capacity: the day's month, or the first month of which any is stated."""
    first = "(SELECT c.units FROM product_capacity c WHERE c.product_id = p.id ORDER BY c.from_month LIMIT 1)"
    return f"coalesce(product_capacity_in(p.id, {day}::date), {first}) AS monthly_units"


_DOSSIERS = f"""
SELECT p.id, p.reference, p.category, p.status, p.revision, p.latest_version, p.listed_version, p.organization_id,
       o.public_id AS organization, o.kind AS organization_kind, o.status AS organization_status, o.funding, o.uscc,
       o.name_zh AS organization_name, seat.code AS place_code, v.id AS version_id, v.author_id, v.content_sha256,
       EXISTS (SELECT 1 FROM product_decision d
               WHERE d.product_version_id = v.id AND d.verdict = 'request_changes') AS sent_back,
       is_tied($2, o.id, $3) AS tied, {monthly_units("$4")},
       {CONTENT_COLUMNS}, {AREAS}, {PAPERS}
FROM product p
JOIN product_version v ON v.product_id = p.id AND v.number = p.latest_version
JOIN organization o ON o.id = p.organization_id
JOIN place seat ON seat.id = o.place_id
WHERE p.reference = ANY ($1) ORDER BY p.id
"""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A product's latest version, its provider, and the acting person's relation to both."""

    id: int
    reference: str
    category: Category
    stage: Stage
    latest_version: int
    listed_version: int | None
    organization_id: int
    organization_name: str
    place_code: str
    version_id: int
    author_id: int
    content_sha256: bytes
    sent_back: bool
    tied: bool
    monthly_units: int | None
    content: ProductContent
    provider: Provider

    def submission(self, day: date, ceilings: dict[Unit, int], matrix: Matrix) -> Submission:
        """Return what the guards judge."""
        return Submission(
            self.category, self.content, self.provider, day, ceilings, matrix, self.sent_back, self.monthly_units
        )


async def read_dossiers(references: Sequence[str], actor: int | None, *, lock: bool = False) -> list[Dossier]:
    """Return the dossiers in id order, or refuse because one of them does not exist."""
    wanted = sorted(set(references))
    if lock:  # providers first: a decision on a provider moves its products in the same order
        await database.fetch(
            """SELECT id FROM organization WHERE id IN (SELECT organization_id FROM product WHERE reference = ANY ($1))
               ORDER BY id FOR SHARE""",
            wanted,
        )
        await database.fetch("SELECT id FROM product WHERE reference = ANY ($1) ORDER BY id FOR NO KEY UPDATE", wanted)
    rows = await database.fetch(_DOSSIERS, wanted, actor, clock.now(), clock.today())
    if len(rows) < len(wanted):
        raise NotFound
    return [_dossier(row) for row in rows]


async def read_provider(organization: UUID) -> tuple[int, Provider]:
    """Return an organization's id and what the guards know of it."""
    row = await database.fetch_one(
        f"SELECT o.id, o.kind, o.status, o.funding, o.uscc, {PAPERS} FROM organization o WHERE o.public_id = $1",
        organization,
    )
    if row is None:
        raise NotFound
    return row["id"], provider_of(row | {"organization_kind": row["kind"], "organization_status": row["status"]})


def content_of(row: database.Row) -> ProductContent:
    """Return a version's content from its columns."""
    texts: dict[str, Any] = {name: row[name] for name in TEXTS}
    return ProductContent(
        **texts,
        target_group=TargetGroup(row["target_group"]) if row["target_group"] else None,
        unit=Unit(row["unit"]) if row["unit"] else None,
        minutes=row["minutes"],
        people=row["people"],
        credentials_any=tuple(StaffCredential(code) for code in row["credentials_any"]),
        skills_all=tuple(row["skills_all"]),
        ceiling_fen=row["ceiling_fen"],
        areas=tuple(row["areas"]),
    )


def provider_of(row: database.Row) -> Provider:
    """Return the provider from an organization's columns and its papers' JSON."""
    stored = msgspec.json.decode(row["papers"], type=list[_StoredPaper])
    return Provider(
        OrganizationKind(row["organization_kind"]),
        row["organization_status"] == "verified",
        tuple(Paper(p.kind, p.valid_from, p.valid_until, p.verified, p.refused) for p in stored),
        Funding(row["funding"]) if row["funding"] else None,
        public_institution=row["uscc"].startswith(PUBLIC_INSTITUTION),
    )


class _StoredPaper(msgspec.Struct):
    """A paper as PostgreSQL writes it into JSON."""

    kind: QualificationKind
    valid_from: date
    valid_until: date | None
    verified: bool
    refused: bool


def _dossier(row: database.Row) -> Dossier:
    kept = ("id", "reference", "latest_version", "listed_version", "organization_id", "organization_name",
            "place_code", "version_id", "author_id", "content_sha256", "sent_back", "tied",
            "monthly_units")  # fmt: skip
    return Dossier(
        **{name: row[name] for name in kept},
        category=Category(row["category"]),
        stage=Stage(ProductStatus(row["status"]), Revision(row["revision"])),
        content=content_of(row),
        provider=provider_of(row),
    )
