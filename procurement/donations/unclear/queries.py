"""What is unclear, what it may belong to, and what was decided."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from app.core.money import written
from procurement.donations.funds.queries import EVERYWHERE, looks_after_all, patterns
from procurement.donations.unclear.rules import DecisionStatus, Outcome, UnclearEntry


@dataclass(frozen=True, slots=True)
class Matter:
    """A payment, or a single entry, that nobody has explained; ``waiting`` tells that a decision is proposed."""

    matter: str
    total_minor: int
    currency: str
    original_minor: int
    original_currency: str
    made_at: datetime
    entries: int
    waiting: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A gift that was begun with the same amount and is not seen as paid."""

    reference: str
    fund_zh: str
    fund_en: str
    status: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with who took it; ``total_minor`` is what it moves."""

    public_id: UUID
    matter: str
    outcome: Outcome
    status: DecisionStatus
    reason: str
    document: str
    fund_zh: str | None
    fund_en: str | None
    gift: str | None
    total_minor: int
    currency: str
    proposer: str
    proposed_by: int
    proposed_at: datetime
    decider: str | None


@dataclass(frozen=True, slots=True)
class MatterDetail:
    """One matter: its entries that wait, what it may belong to, and the decisions so far."""

    matter: str
    entries: tuple[UnclearEntry, ...]
    candidates: tuple[Candidate, ...]
    decisions: tuple[DecisionView, ...]

    @property
    def amount(self) -> str:
        """Return how much its entries are together, nothing once it is explained: what people call it by."""
        if not self.entries:
            return ""
        return written(sum(one.amount_minor for one in self.entries), self.entries[0].currency)

    @property
    def waiting(self) -> bool:
        """Tell whether a second person is to decide."""
        return any(one.status is DecisionStatus.PROPOSED for one in self.decisions)


_OPEN = """
SELECT e.id, e.gateway_id, e.payment_id, e.amount_minor, e.fee_minor, e.net_minor, e.currency, e.original_minor,
       e.original_currency, e.made_at
FROM gateway_entry e
WHERE e.kind = 'other' AND NOT EXISTS (
    SELECT FROM unclear_decision_entry s JOIN unclear_decision d ON d.id = s.decision_id
    WHERE s.entry_id = e.id AND s.standing AND d.status = 'approved')
"""
_MATTERS = f"""
SELECT coalesce(o.payment_id, o.gateway_id) AS matter, sum(o.amount_minor)::bigint AS total_minor, o.currency,
       (array_agg(o.original_minor ORDER BY o.made_at, o.id))[1] AS original_minor,
       (array_agg(o.original_currency ORDER BY o.made_at, o.id))[1] AS original_currency,
       min(o.made_at) AS made_at, count(*)::integer AS entries,
       bool_or(EXISTS (SELECT FROM unclear_decision_entry s JOIN unclear_decision d ON d.id = s.decision_id
                       WHERE s.entry_id = o.id AND d.status = 'proposed')) AS waiting
FROM ({_OPEN}) AS o WHERE {EVERYWHERE.format("$1")}
GROUP BY 1, o.currency ORDER BY min(o.made_at), 1 LIMIT $2
"""
_DECISIONS = """
SELECT d.public_id, about.matter, d.outcome, d.status, d.reason, d.document, f.name_zh AS fund_zh, f.name_en AS fund_en,
       gift.reference AS gift, about.total_minor, about.currency, asked.display_name AS proposer, d.proposed_by,
       d.proposed_at, decided.display_name AS decider
FROM unclear_decision d
CROSS JOIN LATERAL (SELECT min(coalesce(e.payment_id, e.gateway_id)) AS matter,
                           sum(e.amount_minor)::bigint AS total_minor, min(e.currency) AS currency
                    FROM unclear_decision_entry s JOIN gateway_entry e ON e.id = s.entry_id
                    WHERE s.decision_id = d.id) AS about
JOIN account asked ON asked.id = d.proposed_by LEFT JOIN account decided ON decided.id = d.decided_by
LEFT JOIN donation_fund f ON f.id = d.fund_id LEFT JOIN gift ON gift.id = d.gift_id
"""
_CANDIDATES = """
SELECT gift.reference, f.name_zh AS fund_zh, f.name_en AS fund_en, gift.status, gift.started_at
FROM gift JOIN donation_fund f ON f.id = gift.fund_id
WHERE gift.payment_id IS NULL AND gift.status <> 'given' AND gift.amount_minor = $1 AND gift.currency = $2
  AND gift.started_at <= $3
ORDER BY gift.started_at DESC LIMIT 5
"""
MOST = 100


async def matters(principal: Principal, limit: int = MOST) -> list[Matter]:
    """Return what waits to be explained, the oldest first."""
    return [Matter(**row) for row in await database.fetch(_MATTERS, patterns(principal), limit)]


async def decisions(principal: Principal, *, waiting: bool, limit: int = MOST) -> list[DecisionView]:
    """Return decisions, those that wait or those that were taken, the latest first."""
    rows = await database.fetch(
        f"""{_DECISIONS} WHERE (d.status = 'proposed') = $2 AND {EVERYWHERE.format("$1")}
            ORDER BY d.id DESC LIMIT $3""",
        *(patterns(principal), waiting, limit),
    )
    return [_decision(row) for row in rows]


async def matter(principal: Principal, name: str) -> MatterDetail:
    """Return one matter with what it may belong to."""
    entries = await open_entries(name)
    taken = await database.fetch(
        f"{_DECISIONS} WHERE about.matter = $2 AND {EVERYWHERE.format('$1')} ORDER BY d.id", patterns(principal), name
    )
    if not (entries or taken) or not await looks_after_all(patterns(principal)):
        raise NotFound
    found = MatterDetail(name, tuple(entries), (), tuple(_decision(row) for row in taken))
    brought = next((entry for entry in entries if entry.amount_minor > 0 and entry.payment_id), None)
    if brought is None:
        return found
    rows = await database.fetch(_CANDIDATES, brought.original_minor, brought.original_currency, brought.made_at)
    return replace(found, candidates=tuple(Candidate(**row) for row in rows))


async def open_entries(name: str) -> list[UnclearEntry]:
    """Return the entries of a matter that wait, the oldest first."""
    rows = await database.fetch(f"{_OPEN} AND coalesce(e.payment_id, e.gateway_id) = $1 ORDER BY e.made_at, e.id", name)
    return [UnclearEntry(**row) for row in rows]


def _decision(row: database.Row) -> DecisionView:
    return DecisionView(**{**row, "outcome": Outcome(row["outcome"]), "status": DecisionStatus(row["status"])})
