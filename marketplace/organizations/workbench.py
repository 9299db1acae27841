"""What of organizations waits for a person: papers to add, applications to verify."""

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Waiting
from app.web.filters import localized
from marketplace.organizations import queries
from marketplace.organizations.rules import OrganizationStatus
from marketplace.organizations.tags import STATUS_TAGS

SHOWN = 3


async def waiting_organizations(principal: Principal) -> list[Waiting]:
    """Return the first applications that wait for an officer."""
    if not principal.can(Permission.ORGANIZATION_VERIFY):
        return []
    rows = await queries.waiting_for_officer(principal, SHOWN)
    return [
        Waiting(
            STATUS_TAGS[OrganizationStatus.APPLIED],
            localized(row, "name"),
            Message(N_("%(papers)s 份材料待核验"), {"papers": row.pending_papers}),
            Action(N_("去核验"), f"/review/organizations/{row.public_id}"),
        )
        for row in rows
    ]


async def own_refusals(principal: Principal) -> list[Waiting]:
    """Return the person's organizations that were sent back."""
    if not principal.can(Permission.PRODUCT_WRITE):
        return []
    rows = await queries.my_organizations(principal)
    return [
        Waiting(
            STATUS_TAGS[row.status],
            localized(row, "name"),
            N_("登记没有通过，请按理由修改后重新提交。"),
            Action(N_("去修改"), f"/my/organizations/{row.public_id}"),
        )
        for row in rows
        if row.status is OrganizationStatus.REFUSED
    ]
