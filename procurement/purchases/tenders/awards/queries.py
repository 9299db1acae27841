"""Reading the result of a tender as its approvers see it: what was recorded, whose turn it is, what was turned down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.purchases.approvals import queries as approvals
from procurement.purchases.approvals.chain import CHAIN_OF
from procurement.purchases.approvals.queries import MINE, StepView, Turn
from procurement.purchases.tenders.facts import AwardFacts, StepKind, read_facts


@dataclass(frozen=True, slots=True)
class AwardView:
    """A recorded result with the facts that an approver judges it by."""

    round: int
    facts: AwardFacts
    happened_at: datetime
    recorder: str
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    title_zh: str
    title_en: str
    quantity: int
    refused_by: str  # empty unless an approver turned it down
    refused_reason: str
    fallen: bool  # a challenge or a complaint was right about it

    @property
    def amount_fen(self) -> int:
        """Return what the contract would cost."""
        return self.quantity * self.facts.unit_price_fen


@dataclass(frozen=True, slots=True)
class Deciding:
    """Where the result of a tender stands, for the person who looks."""

    results: Sequence[AwardView]  # every round, the newest first
    steps: Sequence[StepView]  # of the newest
    turn: Turn | None  # whose step is next, while a result waits
    may_record: bool  # the first result, or another one

    @property
    def waiting(self) -> AwardView | None:
        """Return the result that waits for an approver, if one does."""
        return self.results[0] if self.turn is not None else None

    @property
    def earlier(self) -> Sequence[AwardView]:
        """Return the results that no longer count: turned down, or replaced."""
        return self.results[1:] if self.turn is not None else self.results


async def deciding(principal: Principal, purchase_id: int) -> Deciding:
    """Return where the result of an evaluated tender stands."""
    results = [_view(row) for row in await database.fetch(_RESULTS, purchase_id)]
    waits = bool(results) and not results[0].refused_by and not results[0].fallen
    found = await database.fetch_one(_MAY_RECORD, principal.account_id, clock.today(), purchase_id)
    return Deciding(
        results,
        await approvals.steps_of(purchase_id, waits),
        (await approvals.turns(principal, [purchase_id])).get(purchase_id) if waits else None,
        bool(found and found["mine"]),
    )


async def waiting_awards(principal: Principal) -> list[Waiting]:
    """Return the tenders whose result this person records or decides next."""
    scope = principal.scopes.get(Permission.PURCHASE_APPROVE)
    if scope is None:
        return []
    rows = await database.fetch(_MINE, principal.account_id, clock.today(), scope.like_patterns())
    return [
        Waiting(
            Tag("need", N_("等你处理")),
            Message(_WAITS if row["waits"] else _TO_RECORD, {"reference": row["reference"]}),
            row["purpose_zh"],
            Action(N_("去审批") if row["waits"] else N_("去确定"), f"/buying/tenders/{row['reference']}"),
        )
        for row in rows
    ]


def _view(row: database.Row) -> AwardView:
    facts: AwardFacts = read_facts(StepKind.AWARD, row.pop("detail"))
    return AwardView(facts=facts, **row)


_WAITS, _TO_RECORD = N_("采购%(reference)s的结果等你审批"), N_("采购%(reference)s等你确定供应商")
_RESULTS = """
SELECT a.round, a.detail::text AS detail, a.happened_at, recorder.display_name AS recorder,
       o.public_id AS organization_public_id, o.name_zh AS organization_zh, o.name_en AS organization_en, v.title_zh,
       v.title_en, p.quantity, coalesce(refuser.display_name, '') AS refused_by,
       coalesce(r.reason, '') AS refused_reason, EXISTS (
           SELECT FROM purchase_step s WHERE s.purchase_id = a.purchase_id AND s.kind = 'reopen'
           AND s.recorded_at >= a.recorded_at) AS fallen
FROM tender_award a JOIN purchase p ON p.id = a.purchase_id JOIN account recorder ON recorder.id = a.recorded_by
JOIN organization o ON o.id = a.organization_id
JOIN product_version v ON v.product_id = a.product_id AND v.number = a.product_version
LEFT JOIN purchase_approval r ON r.purchase_id = a.purchase_id AND r.round = a.round AND r.verdict = 'refused'
LEFT JOIN account refuser ON refuser.id = r.decided_by
WHERE a.purchase_id = $1 ORDER BY a.round DESC
"""
# The chain begins with its first level, whatever was decided before.
_FIRST = """
(p.requested_by <> $1 AND (chain.steps[1] = 'single' OR EXISTS (
    SELECT FROM approvers_of(p.place_id, chain.steps[1], $2) w
    WHERE w.account_id = $1 AND w.in_stead_of IS DISTINCT FROM p.requested_by)))
"""
_WAITING = """
EXISTS (SELECT FROM tender_award a WHERE a.purchase_id = p.id AND a.round = approval_round(p.id)
        AND NOT EXISTS (SELECT FROM purchase_step s WHERE s.purchase_id = a.purchase_id AND s.kind = 'reopen'
                        AND s.recorded_at >= a.recorded_at)
        AND NOT EXISTS (SELECT FROM purchase_approval r
                        WHERE r.purchase_id = a.purchase_id AND r.round = a.round AND r.verdict = 'refused'))
"""
_MAY_RECORD = f"SELECT {_FIRST} AS mine FROM purchase p {CHAIN_OF} WHERE p.id = $3 AND p.status = 'evaluated'"
_MINE = f"""
SELECT p.reference, p.purpose_zh, {_WAITING} AS waits
FROM purchase p JOIN place ON place.id = p.place_id {CHAIN_OF}
WHERE p.method = 'tender' AND p.status = 'evaluated' AND place.code LIKE ANY($3)
  AND CASE WHEN {_WAITING} THEN {MINE} ELSE {_FIRST} END
ORDER BY p.id LIMIT 20
"""
