"""Stating papers and verifying them; the two are done by different people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.attachments.service import attach
from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound, NotPermitted, SamePersonRefused
from marketplace.organizations.qualifications import files, rules
from marketplace.organizations.qualifications.files import Upload
from marketplace.organizations.qualifications.rules import QualificationDecided, QualificationExists, Statement
from marketplace.organizations.rules import ReasonsMissing, TieDeclared

_INSERT = """
INSERT INTO qualification (organization_id, kind, number, issuer_zh, valid_from, valid_until, added_by, added_at)
SELECT o.id, d.kind, d.number, d.issuer_zh, d.valid_from, d.valid_until, $7, $8
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[])
     AS d (public_id, kind, number, issuer_zh, valid_from, valid_until)
JOIN organization o ON o.public_id = d.public_id
RETURNING id, organization_id, kind
"""


_STATING: dict[str, type[DomainError]] = {
    "qualification_organization_id_kind_number_valid_from_key": QualificationExists
}
_DECIDING: dict[str, type[DomainError]] = {
    "qualification_verified_by_another": SamePersonRefused,
    "qualification_verified_without_tie": TieDeclared,
}


@dataclass(frozen=True, slots=True)
class PaperDecision:
    """An officer's word on one paper; a refusal needs its reason."""

    qualification_id: int
    genuine: bool
    reason: str = ""


async def state_qualifications(principal: Principal, statements: Sequence[tuple[UUID, Statement]]) -> list[int]:
    """Add papers to organizations: by their members, or by an officer who takes paper files in."""
    _require_valid(statement for _, statement in statements)
    async with transaction(), database.refusing(_STATING):
        return await _state(principal, statements)


async def state_qualification(
    principal: Principal, organization: UUID, statement: Statement, upload: Upload | None = None
) -> int:
    """Add one paper with its file; a renewal is a new paper, and the old one is valid until it ends."""
    _require_valid([statement])
    stored = await files.kept(principal, organization, upload) if upload else None
    async with transaction(), database.refusing(_STATING):
        (paper,) = await _state(principal, [(organization, statement)])
        if stored:
            await attach(principal, stored, files.OWNER, paper)
    return paper


def _require_valid(statements: Iterable[Statement]) -> None:
    today = clock.today()
    for statement in statements:
        if faults := rules.statement_faults(statement, today):
            raise InvalidInput(fields=faults)


async def _state(principal: Principal, statements: Sequence[tuple[UUID, Statement]]) -> list[int]:
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    await _require_all_in_scope(scope, {public_id for public_id, _ in statements})
    rows = await database.fetch(
        _INSERT,
        *database.columns(
            [
                (public_id, s.kind.value, s.number.strip(), s.issuer_zh.strip(), s.valid_from, s.valid_until)
                for public_id, s in statements
            ],
            6,
        ),
        principal.actor,
        clock.now(),
    )
    await audit.record_many(
        principal,
        [
            audit.Entry("qualification.stated", "organization", row["organization_id"],
                        {"qualification": row["id"], "kind": row["kind"]})
            for row in rows
        ],
    )  # fmt: skip
    return [row["id"] for row in rows]


async def decide_qualifications(principal: Principal, decisions: Sequence[PaperDecision]) -> None:
    """Verify papers or refuse them, in the officer's own name; all or none."""
    scope = principal.scope(Permission.ORGANIZATION_VERIFY)
    wanted = {decision.qualification_id: decision for decision in decisions}
    if any(not (decision.genuine or decision.reason.strip()) for decision in decisions):
        raise ReasonsMissing
    async with transaction(), database.refusing(_DECIDING):
        rows = await _pending(scope, list(wanted))
        now = clock.now()
        changes, entries = [], []
        for row in rows:
            decision = wanted[row["id"]]
            refusal = "" if decision.genuine else decision.reason.strip()
            changes.append((row["id"], decision.genuine, refusal))
            action = "qualification.verified" if decision.genuine else "qualification.refused"
            entries.append(audit.Entry(action, "organization", row["organization_id"], {"qualification": row["id"]}))
        await database.execute(
            """UPDATE qualification q SET refused_reason = d.refusal,
                      verified_by = CASE WHEN d.genuine THEN $4::bigint END,
                      verified_at = CASE WHEN d.genuine THEN $5::timestamptz END
               FROM unnest($1::bigint[], $2::boolean[], $3::text[]) AS d (id, genuine, refusal)
               WHERE q.id = d.id""",
            *database.columns(changes, 3),
            principal.actor,
            now,
        )
        await audit.record_many(principal, entries)


async def _require_all_in_scope(scope: Scope, public_ids: set[UUID]) -> None:
    rows = await database.fetch(
        """SELECT o.id, place.code FROM organization o JOIN place ON place.id = o.place_id
           WHERE o.public_id = ANY ($1)""",
        list(public_ids),
    )
    if len(rows) < len(public_ids):
        raise NotFound
    for row in rows:
        if not (scope.covers_organization(row["id"]) or scope.covers_place(row["code"])):
            raise NotPermitted


async def _pending(scope: Scope, ids: list[int]) -> list[database.Row]:
    rows = await database.fetch(
        """SELECT q.id, q.organization_id, q.verified_at, q.refused_reason, place.code
           FROM qualification q JOIN organization o ON o.id = q.organization_id JOIN place ON place.id = o.place_id
           WHERE q.id = ANY ($1) ORDER BY q.id FOR NO KEY UPDATE OF q""",
        ids,
    )
    if len(rows) < len(ids):
        raise NotFound
    for row in rows:
        scope.require_place(row["code"])
        if row["verified_at"] is not None or row["refused_reason"]:
            raise QualificationDecided
    return rows
