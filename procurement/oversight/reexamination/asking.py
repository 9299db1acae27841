"""How a purchase was asked for: whether it might go this way, from this money, and what was set aside for it."""

from collections.abc import Iterable

from app.core import database
from app.core.calendar import Calendar
from app.core.errors import NotFound
from procurement import law
from procurement.blocks import Block
from procurement.budgets.rules import BUDGET_LAW_13, Amounts, appropriation_blocks
from procurement.frameworks.rules import OPEN_KIND
from procurement.offers.rules import Threshold, threshold_blocks
from procurement.oversight.reexamination.facts import Past, offer_at
from procurement.oversight.reexamination.rules import DecidedStep, Judge, LawOfDay, PastStep
from procurement.purchases.guards import BUDGETED, CALL_OFF_LAW, money_blocks, rate_blocks, request_blocks
from procurement.purchases.rules import Method


async def steps_of(past: Past) -> list[PastStep]:
    """Return how it was asked for, and the reservation; a tender begins with its own recorded intention."""
    asked = {Method.CALL_OFF: _call_off, Method.QUOTATION: _quotation}
    found = [await asked[past.method](past)] if past.method in asked else []
    return [*found, *await _reservations(past)]


async def _call_off(past: Past) -> PastStep:
    offer = await offer_at(past.id, past.requested_at)
    rate = await database.fetch_value(
        "SELECT f.rate_fen FROM purchase p JOIN admission a ON a.id = p.admission_id "
        "JOIN framework f ON f.id = a.framework_id WHERE p.id = $1",
        past.id,
    )

    def judge(_: LawOfDay, __: Calendar) -> Iterable[Block]:
        return [
            *request_blocks(offer, past.money, past.place_code, past.asked_on),
            *rate_blocks(past.unit_price_fen, rate),
        ]

    articles = (CALL_OFF_LAW, OPEN_KIND, BUDGETED)
    return PastStep(DecidedStep.REQUEST, past.requested_at, judge, articles=articles)


async def _quotation(past: Past) -> PastStep:
    row = await database.fetch_one(_ASKED, past.id)
    if row is None:
        raise NotFound
    amount, spent, category = row["amount_fen"], row["spent_fen"], row["category"]

    def judge(figures: LawOfDay, _: Calendar) -> Iterable[Block]:
        keys = (law.QUOTATION_LIMIT, law.SPLITTING, f"{law.CENTRALIZED}.{category}")
        threshold = Threshold(*(figures[key] for key in keys))
        return [
            *threshold_blocks(amount, spent, threshold),
            *money_blocks(past.money, past.place_code, past.asked_on),
        ]

    return PastStep(DecidedStep.REQUEST, past.requested_at, judge, articles=(BUDGETED,))


async def _reservations(past: Past) -> list[PastStep]:
    """Return each sum that was set aside, with the line as it stood right after it."""
    return [
        PastStep(
            DecidedStep.RESERVE,
            row["moved_at"],
            _within(Amounts(row["approved_fen"], row["bound_fen"])),
            articles=(BUDGET_LAW_13,),
        )
        for row in await database.fetch(_RESERVED, past.id)
    ]


def _within(standing: Amounts) -> Judge:
    return lambda _, __: appropriation_blocks(standing)


# What the year's other purchases of the line and category without an open tender summed up to when this one was asked
# for, as the view non_open_purchase counts them now: a quotation at its ceiling until it was compared, a tender from
# its method on and at its budget until it was awarded, nothing that was given up; of an ended contract counts what was
# accepted.
_ASKED = """
WITH counted AS (
    SELECT other.id, other.quantity * asked.ceiling_fen AS ceiling_fen, other.amount_fen, other.budget_line_id,
           asked.category, other.requested_at AS since, (
               SELECT min(x.made_at) FROM quotation_round r JOIN quotation_opening o ON o.round_id = r.id
               JOIN quotation_comparison x ON x.opening_id = o.id WHERE r.purchase_id = other.id) AS priced_at
    FROM purchase other JOIN quotation_request asked ON asked.purchase_id = other.id
    UNION ALL
    SELECT other.id, (intent.detail ->> 'budget_fen')::bigint, other.amount_fen, other.budget_line_id,
           intent.detail ->> 'category', method.recorded_at, (
               SELECT recorded_at FROM purchase_step WHERE purchase_id = other.id AND kind = 'award')
    FROM purchase other JOIN purchase_step intent ON intent.purchase_id = other.id AND intent.kind = 'intent'
    JOIN purchase_step method ON method.purchase_id = other.id AND method.kind = 'set_method'
    WHERE method.detail ->> 'procedure' <> 'open_tender' AND coalesce(method.detail ->> 'approval_number', '') = '')
SELECT q.category, p.quantity * q.ceiling_fen AS amount_fen, (
    SELECT coalesce(sum(CASE WHEN ended.at <= p.requested_at THEN done.units * c.unit_price_fen
                             WHEN other.priced_at <= p.requested_at THEN other.amount_fen + more.fen
                             ELSE other.ceiling_fen END), 0)
    FROM counted other LEFT JOIN contract c ON c.purchase_id = other.id
    CROSS JOIN LATERAL (SELECT min(t.ended_at) AS at FROM contract_termination t
                        WHERE t.contract_id = c.id AND t.status = 'in_force') AS ended
    CROSS JOIN LATERAL (SELECT count(*) AS units FROM village_order o JOIN acceptance a ON a.village_order_id = o.id
                        WHERE o.contract_id = c.id AND a.verdict = 'accepted'
                          AND a.accepted_at <= p.requested_at) AS done
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.added * c.unit_price_fen), 0) AS fen FROM contract_amendment x
                        WHERE x.contract_id = c.id AND x.approved_at <= p.requested_at) AS more
    WHERE other.budget_line_id = p.budget_line_id AND other.category = q.category AND other.id <> p.id
      AND (other.since, other.id) < (p.requested_at, p.id)
      AND NOT EXISTS (SELECT FROM budget_movement m WHERE m.source_type = 'purchase' AND m.source_id = other.id
                      AND m.kind = 'release' AND m.reserved_fen < 0 AND m.moved_at <= p.requested_at)
    )::bigint AS spent_fen
FROM purchase p JOIN quotation_request q ON q.purchase_id = p.id WHERE p.id = $1
"""
_RESERVED = """
SELECT m.moved_at, sums.approved_fen, sums.bound_fen FROM budget_movement m
CROSS JOIN LATERAL (
    SELECT sum(e.approved_fen)::bigint AS approved_fen,
           sum(e.reserved_fen + e.committed_fen + e.spent_fen)::bigint AS bound_fen
    FROM budget_movement e WHERE e.budget_line_id = m.budget_line_id AND e.id <= m.id) AS sums
WHERE m.source_type = 'purchase' AND m.source_id = $1 AND m.kind = 'reserve' ORDER BY m.id
"""
