"""What incubation shows on an organization's pages."""

from app.core import database
from app.core.access import Principal
from app.web.slots import Fill
from marketplace.organizations.incubation.rules import IncubationStatus
from marketplace.organizations.incubation.tags import STATUS_TAGS

_LATEST = """
SELECT o.public_id, i.status, i.decided_at FROM organization o
LEFT JOIN LATERAL (SELECT status, decided_at FROM incubation WHERE organization_id = o.id ORDER BY id DESC LIMIT 1) AS i
    ON true WHERE o.id = $1
"""


async def link_to_incubation(principal: Principal, organization_id: int) -> Fill | None:  # noqa: ARG001 - a slot's shape
    """Lead a member to the organization's incubation."""
    return await _fill(organization_id, "marketplace/incubation/link.html")


async def graduated(principal: Principal, organization_id: int) -> Fill | None:  # noqa: ARG001 - a slot's shape
    """Say on the public page that an organization graduated, or is on its way."""
    return await _fill(organization_id, "marketplace/incubation/badge.html")


async def _fill(organization_id: int, template: str) -> Fill | None:
    row = await database.fetch_one(_LATEST, organization_id)
    if row is None:
        return None
    status = IncubationStatus(row["status"]) if row["status"] else None
    return Fill(
        template,
        {
            "organization": row["public_id"],
            "tag_of": STATUS_TAGS.get(status) if status else None,
            "graduated": status is IncubationStatus.GRADUATED,
            "status": status,
        },
    )
