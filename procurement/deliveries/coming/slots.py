"""Who comes, on an order's page: how many are needed, what they must be, who they are."""

from dataclasses import dataclass

from app.core import database
from app.core.access import Principal
from app.web.slots import Fill
from marketplace.organizations.provision import CREDENTIAL_NAMES, SKILL_NAMES


@dataclass(frozen=True, slots=True)
class Coming:
    """What the pinned version of the product asks of people, and who was found."""

    status: str
    version: int
    needed: int
    credentials_any: tuple[str, ...]
    skills_all: tuple[str, ...]
    people: tuple[str, ...]


async def on_order(_principal: Principal, order_id: int) -> Fill | None:
    """Fill ``order_page.main`` for whoever may see the order's page, while people are sought or known."""
    row = await database.fetch_one(_COMING, order_id)
    if row is None:
        return None
    found = Coming(**{**row, **{name: tuple(row[name]) for name in ("credentials_any", "skills_all", "people")}})
    context = {"found": found, "credential_names": CREDENTIAL_NAMES, "skill_names": SKILL_NAMES}
    return Fill("procurement/deliveries/coming.html", context)


_COMING = """
SELECT o.status, c.product_version AS version, p.capacity AS needed, p.credentials_any, p.skills_all,
       ARRAY(SELECT person.name FROM sign_up s JOIN person ON person.id = s.person_id
             WHERE s.assignment_id = o.assignment_id AND s.live ORDER BY s.id) AS people
FROM village_order o JOIN contract c ON c.id = o.contract_id
JOIN position p ON p.assignment_id = o.assignment_id AND p.number = 1
WHERE o.id = $1 AND o.status IN ('scheduled', 'delivered')
"""
