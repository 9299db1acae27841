"""An officer's own ties."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal
from app.rulebook import Rule, rule
from marketplace.law import TIE_YEARS
from marketplace.organizations.interests.rules import InterestKind, bars
from marketplace.organizations.interests.service import require_officer


@dataclass(frozen=True, slots=True)
class InterestView:
    """One declared tie, and whether it bars today."""

    public_id: UUID
    kind: InterestKind
    organization: UUID
    organization_zh: str
    organization_en: str
    since: date
    until: date | None
    declared_at: datetime
    bars: bool


async def own_interests(principal: Principal) -> tuple[list[InterestView], Rule]:
    """Return the officer's ties, the newest first, and the figure of the law that they bar by."""
    require_officer(principal)
    today = clock.today()
    years = await rule(TIE_YEARS, on=today)
    rows = await database.fetch(
        """SELECT i.public_id, i.kind, o.public_id AS organization, o.name_zh AS organization_zh,
                  o.name_en AS organization_en, i.since, i.until, i.declared_at
           FROM declared_interest i JOIN organization o ON o.id = i.organization_id
           WHERE i.account_id = $1 ORDER BY i.id DESC""",
        principal.actor,
    )
    return [_view(row, today, years.whole) for row in rows], years


async def is_tied(principal: Principal, organization_id: int) -> bool:
    """Tell whether the officer stands aside for an organization today."""
    tied: bool = await database.fetch_value("SELECT is_tied($1, $2, $3)", principal.actor, organization_id, clock.now())
    return tied


def _view(row: database.Row, today: date, years: int) -> InterestView:
    kind = InterestKind(row["kind"])
    return InterestView(**{**row, "kind": kind}, bars=bars(kind, row["until"], today, years))
