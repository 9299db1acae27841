"""A district in mid-season for the pages of buying: something waits at every desk."""

from dataclasses import dataclass

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.budgets import service as budgets
from procurement.contracts import service as contracts
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.frameworks import service as frameworks
from procurement.frameworks.admissions import service as admissions
from procurement.purchases import service as purchases
from tests.procurement import buying

ADMISSION_OF = "SELECT p.admission_id FROM contract c JOIN purchase p ON p.id = c.purchase_id WHERE c.id = $1"
FRAMEWORK_OF = "SELECT f.reference FROM admission a JOIN framework f ON f.id = a.framework_id WHERE a.id = $1"
PUBLIC_PAGES = ("/disclosure/budgets", "/notices", "/frameworks", "/contracts")
BUDGET_PAGES = (
    "/buying/budgets",
    "/buying/budgets/new",
    "/buying/budgets/execution",
    "/buying/budgets/adjustments",
    "/buying/budgets/adjustments/new",
)
LINE_PAGES = ("", "/execution", "/book")
AUTHORITY_PAGES = (
    "/buying/approvals",
    "/buying/approvals/limits/new",
    "/buying/approvals/levels/new",
    "/buying/approvals/deputies/new",
)


@dataclass(frozen=True)
class Season:
    """The people of the season and the references that the pages are reached by."""

    officer: Principal
    approver: Principal
    acceptor: Principal
    provider: Principal
    clerk: Principal
    supervisor: Principal
    framework: str
    scheme: str
    waiting_framework: str
    purchases: dict[str, str]
    contract: str
    offered: str
    placed: str
    delivered: str
    accepted: str
    admission: str


async def _one(sql: str, *values: object) -> str:
    return str(await database.fetch_value(sql, *values))


async def season() -> Season:
    """Make purchases in every state from reserved to delivering, orders in every state, proposals and applications."""
    organization = await buying.organization()
    who = await buying.people(organization)
    await buying.station(buying.DISTRICT)
    signed = await buying.signed_contract(organization, who, 20)
    codes = [row["code"] for row in await buying.villages(4)]
    await buying.quota(codes, 3)
    delivered, accepted = await buying.delivered_orders(signed, codes[:2])
    await accept_deliveries(who.acceptor, [Verdict(accepted, Finding(True, 46, 5, "讲得清楚，例子贴近生活"))])
    clerk = await buying.person_as(Role.VILLAGE_CLERK, codes[0])
    placed = await buying.placed_order(signed, codes[0])
    admission = await database.fetch_value(ADMISSION_OF, signed)
    line = await buying.budget_line(0)
    (reserved, approved, ordered), offered = await _purchases(who, admission, line)
    await budgets.propose_appropriations(who.officer, [budgets.Proposal(line, 5_000_000, "杭财行〔2026〕88号")])
    waiting = await buying.framework(title_zh="法律咨询开放式框架协议", title_en="Open framework for consultation")
    await admissions.apply_for_admission(who.provider, waiting, [await buying.product(organization)])
    scheme = await frameworks.draw_up_framework(who.officer, _scheme())
    reference = "SELECT reference FROM {} WHERE id = $1"
    return Season(
        who.officer,
        who.approver,
        who.acceptor,
        who.provider,
        clerk,
        await buying.person_as(Role.SUPERVISOR),
        framework=await _one(FRAMEWORK_OF, admission),
        scheme=await _one(reference.format("framework"), scheme),
        waiting_framework=await _one(reference.format("framework"), waiting),
        purchases={
            name: await _one(reference.format("purchase"), row)
            for name, row in {"reserved": reserved, "approved": approved, "ordered": ordered}.items()
        },
        contract=await _one(reference.format("contract"), signed),
        offered=await _one(reference.format("contract"), offered),
        placed=await _one(reference.format("village_order"), placed),
        delivered=await _one(reference.format("village_order"), delivered),
        accepted=await _one(reference.format("village_order"), accepted),
        admission=await _one("SELECT public_id FROM admission WHERE id = $1", admission),
    )


async def _purchases(who: buying.People, admission: int, line: int) -> tuple[list[int], int]:
    """Leave one purchase reserved, one approved, and one with a contract that waits for the provider."""
    asked = [purchases.PurchaseRequest(admission, line, buying.DISTRICT, 5, "冬季普法") for _ in range(3)]
    made = await purchases.request_purchases(who.officer, asked)
    decisions = [purchases.PurchaseDecision(one, approve=True) for one in made[1:]]
    await purchases.decide_purchases(who.approver, decisions)
    offer = contracts.ContractOffer(made[2], clock.today(), clock.today().replace(month=12, day=31))
    [offered] = await contracts.offer_contracts(who.officer, [offer])
    return made, offered


def _scheme() -> frameworks.NewFramework:
    today = clock.today()
    return frameworks.NewFramework(
        "纠纷调解开放式框架协议", "mediation", "case", 40_000, buying.CITY, today, today.replace(year=today.year + 1)
    )


def paths(here: Season) -> dict[str, list[str]]:
    """Return every page of buying by the role that looks at it; anybody looks at those under ''."""
    return {
        "": [*PUBLIC_PAGES, f"/frameworks/{here.framework}", f"/contracts/{here.contract}"],
        "provider": [
            f"/frameworks/{here.waiting_framework}",
            "/my/admissions",
            "/my/contracts",
            f"/contracts/{here.offered}",
            "/my/orders",
            f"/orders/{here.placed}",
        ],
        "clerk": ["/orders/new", f"/orders/new/{here.contract}", "/orders", f"/orders/{here.placed}"],
        "officer": [
            "/buying/frameworks",
            "/buying/frameworks/new",
            f"/buying/frameworks/{here.scheme}",
            f"/buying/frameworks/{here.waiting_framework}",
            f"/buying/frameworks/{here.framework}/removals/{here.admission}",
            *BUDGET_PAGES,
            *(f"/buying/budgets/{clock.today().year}/{buying.DISTRICT}/purchase{part}" for part in LINE_PAGES),
            "/buying/purchases",
            "/buying/offers",
            f"/buying/purchases/new?admission={here.admission}",
            f"/buying/purchases/{here.purchases['approved']}",
            "/buying/quotas",
            *AUTHORITY_PAGES,
        ],
        "approver": [
            "/buying/purchases/waiting",
            f"/buying/purchases/{here.purchases['reserved']}",
            "/buying/budgets/waiting",
            "/buying/approvals",
            "/my/deputy",
        ],
        "acceptor": ["/buying/acceptance", f"/orders/{here.delivered}", f"/orders/{here.accepted}"],
        "supervisor": [f"/buying/purchases/{here.purchases['ordered']}", "/buying/budgets"],
    }


def paths_after(here: Season) -> dict[str, list[str]]:
    """Return the pages of what comes after a delivery, likewise."""
    return {
        "": ["/acceptances"],
        "provider": [
            "/my/proofs",
            f"/orders/{here.delivered}/proofs",
            f"/orders/{here.delivered}/sign-in-sheet",
            f"/contracts/{here.contract}/workload",
        ],
        "clerk": [f"/orders/{here.delivered}/proofs", f"/orders/{here.delivered}/certificate"],
        "acceptor": [f"/orders/{here.delivered}/acceptance", f"/orders/{here.accepted}/certificate"],
        "supervisor": [f"/contracts/{here.contract}/workload", f"/orders/{here.accepted}/proofs"],
    }
