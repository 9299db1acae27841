"""The acceptances: each unit by somebody apart from those who handled, approved or delivered it, and proven."""

from collections.abc import Iterable

from app.core import clock, database
from app.core.calendar import Calendar
from app.core.database import Row
from procurement.blocks import Block
from procurement.deliveries.acceptances.rules import LINES, AcceptorInvolved
from procurement.deliveries.proofs.rules import WORKLOAD, Need, ProofKind, proof_blocks
from procurement.oversight.reexamination.facts import Past
from procurement.oversight.reexamination.rules import DecidedStep, Judge, LawOfDay, PastStep
from procurement.separation import SEPARATION


async def steps_of(past: Past) -> list[PastStep]:
    """Return the acceptances of a purchase's deliveries, by the law of the day of each service."""
    return [
        PastStep(
            *(DecidedStep.ACCEPT, row["accepted_at"], _accepted(row), row["reference"]),
            articles=(SEPARATION, LINES, WORKLOAD),
            law_of=clock.local(row["wished_start"]).date(),
        )
        for row in await database.fetch(_ACCEPTED, past.id)
    ]


def _accepted(row: Row) -> Judge:
    def judge(figures: LawOfDay, _: Calendar) -> Iterable[Block]:
        if row["involved"]:
            yield AcceptorInvolved.block(reference=row["reference"])
        if row["verdict"] == "accepted":
            yield from proof_blocks(_needs(row, figures))

    return judge


def _needs(row: Row, figures: LawOfDay) -> Iterable[Need]:
    for kind in ProofKind:
        needed = figures.known(f"proof.{row['unit']}.{kind.value}")
        if needed:
            yield Need(kind, needed.value, row[kind.value])


# Who is involved says the function that guards every acceptance (acceptance_separate_person).
_ACCEPTED = """
SELECT o.reference, o.wished_start, t.accepted_at, t.verdict, v.unit,
       is_involved(t.acceptor_id, o.id, t.accepted_at) OR takes_part_in_approval(c.purchase_id, t.acceptor_id)
           AS involved,
       (SELECT count(*) FROM proof f WHERE f.village_order_id = o.id AND f.kind = 'sign_in_sheet') AS sign_in_sheet,
       (SELECT count(*) FROM proof f WHERE f.village_order_id = o.id AND f.kind = 'photo') AS photo,
       (SELECT count(*) FROM service_log l WHERE l.village_order_id = o.id) AS log
FROM contract c JOIN village_order o ON o.contract_id = c.id
JOIN acceptance t ON t.village_order_id = o.id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
WHERE c.purchase_id = $1 ORDER BY t.id
"""
