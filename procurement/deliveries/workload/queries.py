"""Reading a contract's workload list, in one statement (条例 §72, 令110 §36)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from procurement.contracts.queries import ContractView, contract
from procurement.deliveries.acceptances.rules import Outcome
from procurement.deliveries.proofs.parties import READERS
from procurement.deliveries.proofs.queries import needs_of
from procurement.deliveries.proofs.rules import Need
from procurement.deliveries.rules import OrderStatus

MOST_UNITS = 2_000


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: when and where, who came and for how long, how many were reached, what proves it."""

    id: int
    reference: str
    status: OrderStatus
    starts: datetime
    place_code: str
    place_zh: str
    place_en: str
    town_zh: str
    town_en: str
    people: tuple[str, ...]
    minutes: int
    topic_zh: str
    present: int | None  # as the service log says
    reached: int | None  # as the acceptor found
    verdict: Outcome | None
    opinions: int
    needs: tuple[Need, ...] = ()

    @property
    def missing(self) -> int:
        """Return how many proofs are still to come."""
        return sum(need.missing for need in self.needs)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums below the list."""

    units: int
    minutes: int
    present: int
    reached: int
    accepted: int
    missing: int


_UNITS = """
SELECT o.id, o.reference, o.status, o.wished_start AS starts, place.code AS place_code, place.name_zh AS place_zh,
       place.name_en AS place_en, town.name_zh AS town_zh, town.name_en AS town_en,
       ARRAY(SELECT person.name FROM sign_up s JOIN person ON person.id = s.person_id
             WHERE s.assignment_id = o.assignment_id AND s.status = 'completed' ORDER BY s.id) AS people,
       o.minutes, coalesce(log.topic_zh, '') AS topic_zh, log.people AS present, t.people_reached AS reached, t.verdict,
       (SELECT count(*) FROM shift_rating r WHERE r.assignment_id = o.assignment_id)::integer AS opinions
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
JOIN place town ON town.id = place.parent_id LEFT JOIN acceptance t ON t.village_order_id = o.id
LEFT JOIN LATERAL (SELECT l.topic_zh, l.people FROM service_log l WHERE l.village_order_id = o.id
                   ORDER BY l.id DESC LIMIT 1) AS log ON true
WHERE c.id = $1 AND o.status IN ('delivered', 'accepted', 'refused') ORDER BY o.wished_start, o.id LIMIT $2
"""


async def workload(principal: Principal, reference: str) -> tuple[ContractView, list[UnitRow]]:
    """Return a contract and what was delivered under it, to its parties and those who watch."""
    found = await contract(principal, reference)
    scopes = [principal.scopes[permission] for permission in READERS if permission in principal.scopes]
    if not any(s.covers_place(found.place_code) or s.covers_organization(found.organization_id) for s in scopes):
        raise NotFound
    rows = await database.fetch(_UNITS, found.id, MOST_UNITS)
    needs: Mapping[int, list[Need]] = await needs_of([row["id"] for row in rows])
    units = [
        UnitRow(
            **{
                **row,
                "people": tuple(row["people"]),
                "status": OrderStatus(row["status"]),
                "verdict": Outcome(row["verdict"]) if row["verdict"] else None,
            }
        )
        for row in rows
    ]
    return found, [replace(unit, needs=tuple(needs.get(unit.id, ()))) for unit in units]


def totals(units: list[UnitRow]) -> Totals:
    """Add the list up."""
    return Totals(
        units=len(units),
        minutes=sum(unit.minutes for unit in units),
        present=sum(unit.present or 0 for unit in units),
        reached=sum(unit.reached or 0 for unit in units),
        accepted=sum(unit.verdict is Outcome.ACCEPTED for unit in units),
        missing=sum(unit.missing for unit in units),
    )
