"""Accepting deliveries: by somebody who neither handled nor approved nor delivered them (采购法 §61, 条例 §45)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import Message
from procurement.blocks import require
from procurement.contracts.requirements.service import KeptLine, keep_lines, lines_of
from procurement.deliveries import rules
from procurement.deliveries.acceptances import judging
from procurement.deliveries.acceptances.conclusion import conclude_full
from procurement.deliveries.acceptances.judging import Judgement
from procurement.deliveries.acceptances.rules import (
    AcceptorInvolved,
    BeingPutRight,
    Outcome,
    ProofMissing,
    line_faults,
    outcome_of,
)
from procurement.deliveries.proofs.queries import needs_of
from procurement.deliveries.proofs.rules import proof_blocks
from procurement.deliveries.rules import Finding, OrderEvent, OrderStatus
from procurement.deliveries.service import lock_orders, record

FACT = "order_accepted"
_HANDLERS = ("requested_by", "approved_by", "signed_by_buyer", "signed_by_provider", "placed_by", "answered_by")
_EVENTS = {Outcome.ACCEPTED: OrderEvent.ACCEPT, Outcome.REFUSED: OrderEvent.REFUSE, Outcome.RECTIFY: OrderEvent.RECTIFY}


CONSTRAINTS: dict[str, type[DomainError]] = {
    "acceptance_separate_person": AcceptorInvolved,
    "acceptance_proven": ProofMissing,
    "judgement_after_rectification": BeingPutRight,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """An acceptor's finding about one order."""

    order_id: int
    finding: Finding


async def accept_deliveries(principal: Principal, verdicts: Sequence[Verdict]) -> Counter[str]:
    """Judge delivered orders line by line, all or none; return how many ended how: accepted, refused, rectify.

    Each accepted order is announced as the fact ``order_accepted``, from which its payment is claimed; a
    contract whose last unit is accepted takes its purchase along. What is to be put right stays delivered.
    """
    scope = principal.scope(Permission.DELIVERY_ACCEPT)
    _refuse_incomplete(verdicts)
    now = clock.now()
    async with database.refusing(CONSTRAINTS, reference=""), transaction():
        rows = await lock_orders([verdict.order_id for verdict in verdicts])
        outcomes = {}
        for verdict in verdicts:
            row = rows[verdict.order_id]
            scope.require_place(row["place_code"])
            status = advance(rules.TRANSITIONS, OrderStatus(row["status"]), _EVENTS[outcome_of(verdict.finding)])
            outcomes[row["id"]] = status
            if principal.actor in [row[name] for name in _HANDLERS]:
                raise AcceptorInvolved(reference=row["reference"])
        await _require_proofs(verdicts)
        judgements = _judgements(verdicts, rows, await _lines(rows))
        await judging.write(principal, judgements, now)
        final = {one.order_id: outcomes[one.order_id] for one in judgements if one.outcome is not Outcome.RECTIFY}
        await _write(principal.actor, [one for one in judgements if one.order_id in final], now)
        await record(principal, final)
        await conclude_full(principal, [row["purchase_id"] for row in rows.values()])
        return Counter(one.outcome.value for one in judgements)


def _refuse_incomplete(verdicts: Sequence[Verdict]) -> None:
    if not verdicts:
        raise NotFound
    for verdict in verdicts:
        fields: dict[str, Message] = rules.finding_faults(verdict.finding)
        if fields:
            raise InvalidInput(fields)


async def _require_proofs(verdicts: Sequence[Verdict]) -> None:
    """Refuse to accept a unit without its proofs; it may be refused or sent back without them."""
    accepted = [verdict.order_id for verdict in verdicts if verdict.finding.accepted]
    needs = await needs_of(accepted) if accepted else {}
    for order_id in accepted:
        require(proof_blocks(needs.get(order_id, ())))


async def _lines(rows: dict[int, Row]) -> dict[int, list[KeptLine]]:
    contract_ids = [row["contract_id"] for row in rows.values()]
    await keep_lines(contract_ids)
    return await lines_of(contract_ids)


def _judgements(verdicts: Sequence[Verdict], rows: dict[int, Row], lines: dict[int, list[KeptLine]]) -> list[Judgement]:
    found = []
    for verdict in verdicts:
        row = rows[verdict.order_id]
        of_contract = lines[row["contract_id"]]
        fields = line_faults([kept.line for kept in of_contract], verdict.finding)
        if fields:
            raise InvalidInput(fields)
        found.append(Judgement(row, of_contract, verdict.finding))
    return found


async def _write(actor: int, judgements: Sequence[Judgement], now: datetime) -> None:
    if not judgements:
        return
    rows = [
        (one.order_id, one.outcome.value, found.people_reached, found.rating, one.opinion)
        for one in judgements
        for found in [one.finding]
    ]
    turned = database.columns(rows, 5)
    await database.execute(_ACCEPT, *turned, actor, now)
    # The outcomes of a final judgement are named like the states that they lead to.
    await database.execute(
        """UPDATE village_order SET status = d.status FROM unnest($1::bigint[], $2::text[]) AS d (id, status)
           WHERE village_order.id = d.id""",
        turned[0],
        turned[1],
    )
    await database.execute(
        "INSERT INTO fact (topic, subject_id, occurred_at) SELECT $1, id, $3 FROM unnest($2::bigint[]) AS d (id)",
        FACT,
        [one.order_id for one in judgements if one.outcome is Outcome.ACCEPTED],
        now,
    )


_ACCEPT = """
INSERT INTO acceptance (village_order_id, verdict, people_reached, rating, opinion, acceptor_id, accepted_at)
SELECT d.id, d.verdict, d.people, d.rating, d.opinion, $6, $7
FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::integer[], $5::text[])
     AS d (id, verdict, people, rating, opinion)
"""
