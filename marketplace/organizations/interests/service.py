"""Declaring a tie, and stating its end; from the moment of declaring it bars."""

from datetime import date
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from marketplace.organizations.interests import rules
from marketplace.organizations.interests.rules import Interest, InterestDeclared, InterestEnded

OFFICERS = (Permission.ORGANIZATION_VERIFY, Permission.PRODUCT_REVIEW)


async def declare_interest(principal: Principal, interest: Interest) -> None:
    """Declare one's own tie to an organization; anybody who decides on organizations or products may."""
    require_officer(principal)
    if faults := rules.interest_faults(interest, clock.today()):
        raise InvalidInput(fields=faults)
    async with transaction(), database.refusing({"declared_interest_once": InterestDeclared}):
        organization_id = await database.fetch_value(
            "SELECT id FROM organization WHERE uscc = $1", interest.uscc.strip().upper()
        )
        if organization_id is None:
            raise InvalidInput(fields={"uscc": Message(N_("没有登记过这个统一社会信用代码的单位。"))})
        await database.insert_row(
            "declared_interest",
            {
                "account_id": principal.actor,
                "organization_id": organization_id,
                "kind": interest.kind.value,
                "since": interest.since,
                "until": interest.until,
                "declared_at": clock.now(),
            },
        )
        await audit.record(
            principal, "organization.interest_declared", "organization", organization_id, kind=interest.kind.value
        )


async def end_interest(principal: Principal, public_id: UUID, until: date) -> None:
    """State that one's own tie has ended."""
    require_officer(principal)
    async with transaction():
        row = await database.fetch_one(
            """SELECT id, organization_id, since, until FROM declared_interest
               WHERE public_id = $1 AND account_id = $2 FOR NO KEY UPDATE""",
            public_id,
            principal.actor,
        )
        if row is None:
            raise NotFound
        if row["until"] is not None:
            raise InterestEnded
        if not row["since"] <= until <= clock.today():
            raise InvalidInput(fields={"until": Message(N_("结束日期应在起始日期之后、今天之前；还在继续的不填。"))})
        await database.update_row("declared_interest", row["id"], {"until": until})
        await audit.record(principal, "organization.interest_ended", "organization", row["organization_id"])


def require_officer(principal: Principal) -> None:
    """Refuse people who decide on nothing here."""
    if not any(principal.can(permission) for permission in OFFICERS):
        principal.scope(OFFICERS[0])
