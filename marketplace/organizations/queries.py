"""Reading organizations: the public profile, the list with its filters, the officer's queue, one's own."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import msgspec

from app.core import clock, database, vault
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound
from marketplace.organizations.matrix.queries import load_matrix
from marketplace.organizations.provision import Category, Matrix, QualificationKind
from marketplace.organizations.qualifications.rules import Paper, PaperState
from marketplace.organizations.rules import Funding, OrganizationKind, OrganizationStatus

PAGE = 50


class PaperFile(msgspec.Struct, frozen=True):
    """A file of a paper, for those who may read it."""

    public_id: UUID
    file_name: str


@dataclass(frozen=True, slots=True)
class QualificationView:
    """One paper with what it is worth today."""

    id: int
    kind: QualificationKind
    number: str
    issuer_zh: str
    valid_from: date
    valid_until: date | None
    verified_by: str | None
    verified_at: datetime | None
    refused_reason: str
    state: PaperState
    files: tuple[PaperFile, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One line of a list."""

    id: int
    public_id: UUID
    uscc: str
    kind: OrganizationKind
    name_zh: str
    name_en: str
    status: OrganizationStatus
    place_code: str
    place_zh: str
    place_en: str
    listed_products: int
    pending_papers: int
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """An organization in full, as its own members and the officers see it."""

    id: int
    public_id: UUID
    uscc: str
    kind: OrganizationKind
    name_zh: str
    name_en: str
    profile_zh: str
    profile_en: str
    status: OrganizationStatus
    place_code: str
    place_zh: str
    place_en: str
    bank_name: str
    bank_account_masked: str
    applied_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    decision_reason: str
    version: int
    funding: Funding | None  # None: applied before this was asked
    qualifications: tuple[QualificationView, ...]
    may_provide: tuple[Category, ...]


_PAPERS = """
COALESCE((SELECT jsonb_agg(jsonb_build_object(
             'id', q.id, 'kind', q.kind, 'number', q.number, 'issuer_zh', q.issuer_zh, 'valid_from', q.valid_from,
             'valid_until', q.valid_until, 'verified_by', officer.display_name, 'verified_at', q.verified_at,
             'refused_reason', q.refused_reason, 'files',
             (SELECT coalesce(jsonb_agg(jsonb_build_object('public_id', f.public_id, 'file_name', f.file_name)
                                        ORDER BY f.id), '[]')
              FROM attachment f WHERE f.owner_type = 'qualification' AND f.owner_id = q.id))
             ORDER BY q.kind, q.valid_from DESC)
          FROM qualification q LEFT JOIN account officer ON officer.id = q.verified_by
          WHERE q.organization_id = o.id), '[]')::text AS papers
"""

_FULL = f"""
SELECT o.id, o.public_id, o.uscc, o.kind, o.name_zh, o.name_en, o.profile_zh, o.profile_en, o.status,
       place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, o.bank_name, o.subject_key_id,
       o.bank_account_sealed, o.applied_at, o.decided_at, decider.display_name AS decided_by, o.decision_reason,
       o.version, o.funding, {_PAPERS}
FROM organization o JOIN place ON place.id = o.place_id LEFT JOIN account decider ON decider.id = o.decided_by
"""

_ROWS = """
SELECT o.id, o.public_id, o.uscc, o.kind, o.name_zh, o.name_en, o.status, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en, o.applied_at,
       (SELECT count(*) FROM product p WHERE p.organization_id = o.id AND p.status = 'listed') AS listed_products,
       (SELECT count(*) FROM qualification q WHERE q.organization_id = o.id AND q.verified_at IS NULL
        AND q.refused_reason = '') AS pending_papers
FROM organization o JOIN place ON place.id = o.place_id
"""


async def public_profile(public_id: UUID) -> OrganizationView:
    """Return a verified organization as everybody may see it: its valid papers, and nothing about money."""
    row = await database.fetch_one(f"{_FULL} WHERE o.public_id = $1 AND o.status = 'verified'", public_id)
    if row is None:
        raise NotFound
    view = _view(row, "", await load_matrix())
    valid = tuple(replace(paper, files=()) for paper in view.qualifications if paper.state is PaperState.VALID)
    return replace(view, qualifications=valid, bank_name="", decision_reason="", decided_by=None)


async def organization_in_full(principal: Principal, public_id: UUID) -> OrganizationView:
    """Return an organization with all its papers to its members, and to the officers and auditors of its place."""
    row = await database.fetch_one(f"{_FULL} WHERE o.public_id = $1", public_id)
    if row is None or not _may_read(principal, row):
        raise NotFound
    sealed = row["bank_account_sealed"]
    if sealed is None:
        return _view(row, "", await load_matrix())
    key = await vault.subject_key(row["subject_key_id"])
    return _view(row, vault.masked(key.open(sealed)), await load_matrix())


async def uscc_of(organization_id: int) -> str:
    """Return an organization's credit code."""
    code: str = await database.fetch_value("SELECT uscc FROM organization WHERE id = $1", organization_id)
    return code


async def list_organizations(
    *,
    kind: OrganizationKind | None = None,
    category: Category | None = None,
    place_code: str = "",
    text: str = "",
    after_id: int = 0,
    limit: int = PAGE,
) -> list[OrganizationRow]:
    """Return verified organizations, those of a place including all below it; one row more tells of a next page."""
    kinds = set(OrganizationKind) if kind is None else {kind}
    if category is not None:
        kinds &= set((await load_matrix()).kinds_that_may(category, clock.today()))
    rows = await database.fetch(
        f"""{_ROWS} WHERE o.status = 'verified' AND o.kind = ANY ($1) AND place.code LIKE $2 || '%'
            AND (o.name_zh ILIKE '%' || $3 || '%' OR o.name_en ILIKE '%' || $3 || '%' OR o.uscc = $3)
            AND o.id > $4 ORDER BY o.id LIMIT $5""",
        sorted(kinds),
        place_code,
        text.replace("%", "").replace("_", ""),
        after_id,
        limit + 1,
    )
    return [_row(row) for row in rows]


async def waiting_for_officer(principal: Principal, limit: int = 200) -> list[OrganizationRow]:
    """Return what waits in the officer's places: applications first, then papers of known organizations."""
    scope = principal.scope(Permission.ORGANIZATION_VERIFY)
    rows = await database.fetch(
        f"""SELECT * FROM ({_ROWS}) AS waiting
            WHERE place_code LIKE ANY ($1) AND (status = 'applied' OR status = 'verified' AND pending_papers > 0)
            ORDER BY status <> 'applied', applied_at, id LIMIT $2""",
        scope.like_patterns(),
        limit,
    )
    return [_row(row) for row in rows]


async def my_organizations(principal: Principal) -> list[OrganizationRow]:
    """Return the organizations the person acts for, whatever their status."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    rows = await database.fetch(f"{_ROWS} WHERE o.id = ANY ($1) ORDER BY o.id", list(scope.organization_ids))
    return [_row(row) for row in rows]


def _may_read(principal: Principal, row: database.Row) -> bool:
    readers = (Permission.ORGANIZATION_MANAGE, Permission.ORGANIZATION_VERIFY, Permission.AUDIT_READ)
    scopes = (principal.scopes.get(permission, Scope()) for permission in readers)
    return any(scope.covers_organization(row["id"]) or scope.covers_place(row["place_code"]) for scope in scopes)


def _row(row: database.Row) -> OrganizationRow:
    kind, status = OrganizationKind(row["kind"]), OrganizationStatus(row["status"])
    return OrganizationRow(**{**row, "kind": kind, "status": status})


def _view(row: database.Row, bank_account_masked: str, matrix: Matrix) -> OrganizationView:
    today = clock.today()
    kind = OrganizationKind(row["kind"])
    kept = {
        name: value for name, value in row.items() if name not in ("papers", "subject_key_id", "bank_account_sealed")
    }
    kept |= {"funding": Funding(row["funding"]) if row["funding"] else None}
    kept |= {"kind": kind, "status": OrganizationStatus(row["status"]), "bank_account_masked": bank_account_masked}
    papers = msgspec.json.decode(row["papers"], type=list[_StoredPaper])
    return OrganizationView(
        **kept,
        qualifications=tuple(_paper(paper, today) for paper in papers),
        may_provide=matrix.may_provide(kind, today),
    )


class _StoredPaper(msgspec.Struct):
    """A paper as PostgreSQL writes it into JSON."""

    id: int
    kind: QualificationKind
    number: str
    issuer_zh: str
    valid_from: date
    valid_until: date | None
    verified_by: str | None
    verified_at: datetime | None
    refused_reason: str
    files: tuple[PaperFile, ...]


def _paper(stored: _StoredPaper, today: date) -> QualificationView:
    paper = Paper(
        stored.kind,
        stored.valid_from,
        stored.valid_until,
        verified=stored.verified_at is not None,
        refused=bool(stored.refused_reason),
    )
    return QualificationView(**msgspec.structs.asdict(stored), state=paper.state(today))
