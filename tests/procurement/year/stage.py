"""The people, the money and the suppliers of a year of buying in thirteen districts."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from random import Random
from typing import Any

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.budgets import service as budgets
from procurement.budgets.adjustments import service as adjustments
from procurement.deliveries.quotas.service import VillageQuota, set_quotas
from procurement.frameworks import service as frameworks
from tests.procurement import buying
from tests.procurement.payments.contracts import bank_account

RATES = (60_000, 45_017)  # fen; the second one leaves fen over in every advance
QUOTA, VILLAGES, SUPPLIERS = 450, 40, 5


@dataclass
class Cast:
    """One person for each desk of the city, and a member for each provider."""

    officer: Principal
    approver: Principal
    acceptor: Principal
    clerk: Principal
    claims: Principal
    settlement: Principal
    checker: Principal
    cashier: Principal
    supervisor: Principal
    providers: dict[int, Principal]


@dataclass
class Year:
    """The year while it is made."""

    number: int
    draw: Random
    cast: Cast
    lines: dict[str, int]
    admissions: list[int]
    villages: dict[str, list[str]]
    made: int = 0
    batches: int = 0

    def day(self, month: int, day: int, hour: int = 10) -> datetime:
        """Return a moment of the year."""
        return clock.at_local(date(self.number, month, day), time(hour))

    def some(self, share: float, of: Sequence[int]) -> list[int]:
        """Draw about a share of rows."""
        return [one for one in of if self.draw.random() < share]


async def beginning(seed: int) -> Year:
    """Hire everybody, grant the budget, open the frameworks."""
    number = clock.today().year
    with clock.travelled_to(clock.at_local(date(number, 1, 2), time(9))):
        roles = (
            Role.PROCUREMENT_OFFICER, Role.APPROVER, Role.ACCEPTOR, Role.VILLAGE_CLERK, Role.CLAIMS_OFFICER,
            Role.SETTLEMENT_CLERK, Role.SETTLEMENT_APPROVER, Role.CASHIER, Role.SUPERVISOR,
        )  # fmt: skip
        cast = Cast(*[await buying.person_as(role, buying.CITY) for role in roles], providers={})
        rows = await database.fetch("SELECT code FROM place WHERE level = 'district' AND code LIKE '3301%' ORDER BY 1")
        codes = [row["code"] for row in rows]
        here = Year(number, Random(seed), cast, {}, [], {})
        await _grant(here, codes)
        await _frameworks(here)
        for code in codes:
            await buying.station(code)
            here.villages[code] = [row["code"] for row in await buying.villages(VILLAGES, code)]
        every = [VillageQuota(code, number, QUOTA) for found in here.villages.values() for code in found]
        await set_quotas(cast.officer, every)
    return here


async def _grant(here: Year, codes: Sequence[str]) -> None:
    """Open lines, have money granted, refused, cut, moved and given by donors."""
    officer, approver = here.cast.officer, here.cast.approver
    wanted = [(code, name) for code in codes for name in ("purchase", "on_site", "donation")]
    new = [budgets.NewLine(name, code, here.number, "2040607", "30227") for code, name in wanted]
    ids = dict(zip(wanted, await budgets.open_lines(officer, new), strict=True))
    here.lines = {code: line for (code, name), line in ids.items() if name == "purchase"}
    fen = {"purchase": 900_000_000, "on_site": 20_000_000, "donation": 5_000_000}
    first = [budgets.Proposal(line, fen[name] + here.draw.randrange(99), "1号") for (_, name), line in ids.items()]
    cuts = [budgets.Proposal(line, -here.draw.randrange(1, 1_000_000), "2号") for line in ids.values()]
    refused = [budgets.Proposal(line, 7_000_000, "3号") for line in here.lines.values()]
    waiting = [budgets.Proposal(line, 3_000_000, "4号") for line in here.lines.values()]
    for proposals, approve in ((first, True), (cuts, True), (refused, False)):
        made = await budgets.propose_appropriations(officer, proposals)
        reason = "" if approve else "没有依据"
        await budgets.decide_appropriations(approver, [budgets.Decision(one, approve, reason) for one in made])
    await budgets.propose_appropriations(officer, waiting)
    for turn, (one, other) in enumerate(pairwise(codes)):
        moved = adjustments.NewAdjustment(here.lines[one], here.lines[other], here.draw.randrange(1, 999_999), "5号")
        asked = await adjustments.propose_adjustment(officer, moved)
        decision = adjustments.AdjustmentDecision(asked, turn % 4 != 3, "不合适")
        await adjustments.decide_adjustments(approver, [decision])


async def _frameworks(here: Year) -> None:
    for rate in RATES:
        framework = await buying.framework(rate_fen=rate, ends_on=date(here.number + 1, 1, 3))
        for _ in range(SUPPLIERS):
            organization = await buying.organization()
            await bank_account(organization)
            here.cast.providers[organization] = await buying.person_as(Role.PROVIDER, None, organization)
            here.admissions.append(await buying.admission(framework, organization))
        await frameworks.bring_into_force(here.cast.officer, framework)


async def provider_of(here: Year, contract: int) -> Principal:
    """Return the member of a contract's provider."""
    return here.cast.providers[
        await database.fetch_value("SELECT organization_id FROM contract WHERE id = $1", contract)
    ]


async def payee_of(here: Year, claim: int) -> Principal:
    """Return the member of the organization that claims."""
    return here.cast.providers[await database.fetch_value("SELECT organization_id FROM claim WHERE id = $1", claim)]


async def by_provider(
    here: Year, table: str, ids: Iterable[int], act: Callable[[Principal, Sequence[int]], Awaitable[Any]]
) -> None:
    """Have each provider act on its own rows."""
    contract = "id" if table == "contract" else "contract_id"
    rows = await database.fetch(
        f"""SELECT x.id, c.organization_id FROM {table} x JOIN contract c ON c.id = x.{contract}
            WHERE x.id = ANY($1) ORDER BY x.id""",
        list(ids),
    )
    grouped: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        grouped[row["organization_id"]].append(row["id"])
    for organization, own in sorted(grouped.items()):
        await act(here.cast.providers[organization], own)
