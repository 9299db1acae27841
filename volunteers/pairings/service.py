"""Proposing pairings, one or a city's at once; agreeing with one tap; ending with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from volunteers.pairings import circumstances, telling
from volunteers.pairings.rules import (
    CONSTRAINTS,
    TRANSITIONS,
    Agreed,
    PairingDraft,
    PairingEvent,
    PairingStatus,
    ReasonForEndingMissing,
)

_INSERT = """
INSERT INTO pairing (place_id, kind, person_id, organization_id, from_day, until_day, status, proposed_by, proposed_at,
                     agreed_how, agreed_by, agreed_at)
SELECT d.place_id, d.kind, d.person_id, d.organization_id, d.from_day, d.until_day,
       CASE WHEN d.signed THEN 'active' ELSE 'proposed' END, $8, $9, CASE WHEN d.signed THEN 'paper' ELSE '' END,
       CASE WHEN d.signed THEN $8::bigint END, CASE WHEN d.signed THEN $9::timestamptz END
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::date[], $6::date[], $7::boolean[])
     WITH ORDINALITY AS d (place_id, kind, person_id, organization_id, from_day, until_day, signed, number)
ORDER BY d.number RETURNING id, public_id
"""
_LOCK = """
SELECT p.id, p.public_id, p.status, p.person_id, p.organization_id, person.account_id, place.code
FROM pairing p JOIN place ON place.id = p.place_id LEFT JOIN person ON person.id = p.person_id
WHERE p.public_id = $1 FOR NO KEY UPDATE OF p
"""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of many drafts, by their place in the list."""

    made: Mapping[int, UUID]
    refused: Mapping[int, DomainError] = field(default_factory=dict)


async def propose(principal: Principal, draft: PairingDraft) -> UUID:
    """Propose one pairing, or raise why not."""
    async with database.refusing(CONSTRAINTS), transaction():
        done = await propose_within(principal, [draft])
        if done.refused:
            raise done.refused[0]
    return done.made[0]


async def propose_many(principal: Principal, drafts: Sequence[PairingDraft]) -> Proposed:
    """Propose many pairings, each taken or refused on its own; those signed on paper hold at once."""
    async with database.refusing(CONSTRAINTS), transaction():
        return await propose_within(principal, drafts)


async def propose_within(principal: Principal, drafts: Sequence[PairingDraft]) -> Proposed:
    """Propose many as part of a larger use case, in its transaction."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    if not drafts:
        return Proposed({})
    found = await circumstances.of(drafts)
    for code in found.codes.values():
        scope.require_place(code)
    fit, refused = circumstances.judged(drafts, found, clock.today())
    # Villages in the order of their ids, so that two lists handed in at once do not lock each other out.
    fit.sort(key=lambda number: drafts[number].place_id)
    rows = await database.fetch(
        _INSERT, *database.columns([_values(drafts[number]) for number in fit], 7), principal.actor, clock.now()
    )
    stored = dict(zip(fit, sorted(rows, key=lambda row: int(row["id"])), strict=True))
    await audit.record_many(
        principal,
        [
            audit.Entry("pairing.proposed", "pairing", row["id"], {"signed": drafts[number].signed})
            for number, row in stored.items()
        ],
    )
    await telling.tell_proposed([row["id"] for number, row in stored.items() if not drafts[number].signed])
    return Proposed({number: row["public_id"] for number, row in stored.items()}, refused)


async def agree(principal: Principal, public_id: UUID) -> None:
    """Say yes, for oneself or for one's firm."""
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _locked(public_id)
        _require_party(principal, row)
        status = advance(TRANSITIONS, PairingStatus(row["status"]), PairingEvent.AGREE)
        agreed = {"agreed_how": Agreed.TAP, "agreed_by": principal.actor, "agreed_at": clock.now()}
        await database.update_row("pairing", row["id"], {"status": status, **agreed})
        await audit.record(principal, "pairing.agreed", "pairing", row["id"])
        await telling.tell_agreed(row["id"])


async def decline(principal: Principal, public_id: UUID, reason: str) -> None:
    """Say no, for oneself or for one's firm."""
    await _end(principal, public_id, PairingEvent.DECLINE, reason)


async def end(principal: Principal, public_id: UUID, reason: str) -> None:
    """Take a proposal back, or end a running pairing before its term; for the office."""
    await _end(principal, public_id, None, reason)


async def expire(principal: Principal, today: date, now: datetime) -> int:
    """End what is past its last day; return how many."""
    principal.scope(Permission.DISPATCH_PLAN)
    async with transaction():
        rows = await database.fetch(
            """UPDATE pairing SET status = 'ended', ending = 'expire', ended_at = $2
               WHERE status IN ('proposed', 'active') AND until_day < $1 RETURNING id""",
            *(today, now),
        )
        await audit.record_many(principal, [audit.Entry("pairing.expired", "pairing", row["id"], {}) for row in rows])
    return len(rows)


async def _end(principal: Principal, public_id: UUID, event: PairingEvent | None, reason: str) -> None:
    if not reason.strip():
        raise ReasonForEndingMissing
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _locked(public_id)
        current = PairingStatus(row["status"])
        if event is None:
            principal.scope(Permission.DISPATCH_PLAN).require_place(row["code"])
            event = PairingEvent.WITHDRAW if current is PairingStatus.PROPOSED else PairingEvent.END
        else:
            _require_party(principal, row)
        status = advance(TRANSITIONS, current, event)
        ended = {"ending": event, "reason": reason.strip(), "ended_by": principal.actor, "ended_at": clock.now()}
        await database.update_row("pairing", row["id"], {"status": status, **ended})
        await audit.record(principal, f"pairing.{event}", "pairing", row["id"])
        await telling.tell_ended(row["id"], event, reason.strip())


async def _locked(public_id: UUID) -> Row:
    row = await database.fetch_one(_LOCK, public_id)
    if row is None:
        raise NotFound
    return row


def _require_party(principal: Principal, row: Row) -> None:
    """Let in the person who is to come, or who acts for the firm; for others there is no such thing."""
    if row["person_id"] is not None and row["account_id"] == principal.account_id:
        return
    firm = row["organization_id"]
    if firm is None or not principal.can(Permission.ORGANIZATION_SCHEDULE):
        raise NotFound
    if not principal.scope(Permission.ORGANIZATION_SCHEDULE).covers_organization(firm):
        raise NotFound


def _values(draft: PairingDraft) -> tuple[object, ...]:
    return (
        *(draft.place_id, draft.kind.value, draft.person_id, draft.organization_id),
        *(draft.from_day, draft.until_day, draft.signed),
    )
