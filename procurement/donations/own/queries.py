"""Reading a fund as a member of its owner; everybody else's funds are not found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from marketplace.law import warned_until
from marketplace.organizations.provision import QualificationKind
from marketplace.organizations.qualifications.rules import Paper
from procurement.donations.funds import queries as funds
from procurement.donations.funds.queries import FundView
from procurement.donations.funds.rules import Month
from procurement.donations.own.rules import Certificate, Standing, standing
from procurement.ledger.disclosure.queries import smallest_count

SHOWN_USES = 100
_DONORS = "SELECT count(DISTINCT donor_id) FROM gift WHERE fund_id = $1 AND status = 'given'"
_USES = """
SELECT used_on, purpose_zh, purpose_en, document, amount_minor, currency, status FROM fund_use
WHERE fund_id = $1 ORDER BY id DESC LIMIT $2
"""
_CERTIFICATES = """
SELECT id, number, valid_from, valid_until, verified_at IS NOT NULL AS verified, refused_reason <> '' AS refused
FROM qualification WHERE organization_id = $1 AND kind = $2 ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class OwnUse:
    """A use as the owner sees it, whatever its status; who proposed and decided it is finance's."""

    used_on: date
    purpose_zh: str
    purpose_en: str
    document: str
    amount_minor: int
    currency: str
    status: str


@dataclass(frozen=True, slots=True)
class Sums:
    """The months of one currency together: the same entries of the ledger as the fund's totals; minor units."""

    currency: str
    received: int
    back: int
    fees: int
    used: int

    @property
    def balance(self) -> int:
        """Return what the fund has."""
        return self.received - self.back - self.fees - self.used


@dataclass(frozen=True, slots=True)
class OwnFund:
    """A fund for a member of its owner; ``donors`` is None where they are too few to be counted out loud.

    A donor is whoever filled in a form: a monthly gift is one, and who gives again on another day is another.
    """

    fund: FundView
    months: Mapping[str, Sequence[Month]]
    uses: Sequence[OwnUse]
    donors: int | None
    counted_from: int
    qualification: Standing

    @property
    def sums(self) -> list[Sums]:
        """Return what came and went in each currency."""
        names = ("received", "back", "fees", "used")
        return [
            Sums(currency, *(sum(getattr(one, name) for one in months) for name in names))
            for currency, months in (self.months or {self.fund.currency: ()}).items()
        ]


async def own_funds(principal: Principal) -> list[FundView]:
    """Return the funds of the organizations that the person acts for."""
    return await funds.of_owners(principal.scope(Permission.ORGANIZATION_MANAGE).organization_ids)


async def own_fund(principal: Principal, code: str) -> OwnFund:
    """Return a fund to a member of its owner."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    found = await funds.fund(code)
    if not scope.covers_organization(found.organization_id):
        raise NotFound
    donors, smallest = int(await database.fetch_value(_DONORS, found.id)), await smallest_count()
    return OwnFund(
        found,
        await funds.months(found),
        [OwnUse(**row) for row in await database.fetch(_USES, found.id, SHOWN_USES)],
        None if 0 < donors < smallest else donors,
        smallest,
        await _qualification(found.organization_id),
    )


async def _qualification(organization_id: int) -> Standing:
    kind, today = QualificationKind.PUBLIC_FUNDRAISING, clock.today()
    rows = await database.fetch(_CERTIFICATES, organization_id, kind.value)
    return standing([_certificate(kind, **row) for row in rows], today, await warned_until(today))


def _certificate(kind: QualificationKind, **row: Any) -> Certificate:
    return Certificate(row.pop("id"), row.pop("number"), Paper(kind, **row))
