"""From the framework to the village's order: admission, budget, call-off, contract, order, acceptance."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.money import parse_yuan
from procurement.blocks import Blocked
from procurement.budgets.service import (
    Decision,
    NewLine,
    Proposal,
    decide_appropriations,
    open_lines,
    propose_appropriations,
)
from procurement.contracts.service import ContractOffer, offer_contracts, sign_contracts
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.quotas.service import VillageQuota, set_quotas
from procurement.deliveries.rules import Finding
from procurement.deliveries.service import NewOrder, answer_orders, place_orders
from procurement.demonstration import invention, proving, turn, work
from procurement.demonstration.scale import Scale
from procurement.frameworks.admissions.service import ApplicationDecision, apply_for_admission, decide_applications
from procurement.frameworks.service import NewFramework, bring_into_force, draw_up_framework, file_scheme, publish_call
from procurement.payments.nudges import service as nudges
from procurement.payments.rules import PaymentTerms
from procurement.purchases.service import PurchaseDecision, PurchaseRequest, decide_purchases, request_purchases

RATES = {"legal_education": "800.00", "consultation": "500.00", "mediation": "400.00", "legal_aid": "500.00"}
"""The uniform rate of each open framework, in yuan; demonstration figures."""
APPROPRIATIONS = {"on_site": "30000000.00", "mediation_case": "1000000.00", "purchase": "3000000.00"}
FUNCTIONAL_CODE, ECONOMIC_CODE = "2040607", "30227"
QUOTA = 4
TERMS = (PaymentTerms(30), PaymentTerms(), PaymentTerms(30, (50, 100)), PaymentTerms())
"""How contracts are paid, in turn: some with an advance, some by milestones."""
LEFT_WAITING = 2
"""Deliveries that nobody has accepted yet: their providers wait, and nudge."""
PURCHASES_PER_DISTRICT = 4


async def set_up_frameworks(officers: dict[Role, Principal], acting: dict[int, Principal], scale: Scale) -> int:
    """Open a framework for each category that has two suppliers; providers apply, the officer admits."""
    officer, admitted = officers[Role.PROCUREMENT_OFFICER], 0
    existing = {row["category"] for row in await database.fetch("SELECT category FROM framework")}
    for category, rate in RATES.items():
        listed = await database.fetch(
            "SELECT id, organization_id FROM product WHERE status = 'listed' AND category = $1 ORDER BY id", category
        )
        if category in existing or len({row["organization_id"] for row in listed}) < 2:
            continue
        framework = await draw_up_framework(officer, _scheme(category, rate, scale))
        await file_scheme(officer, framework, f"DEMO-{category}")
        await publish_call(officer, framework)
        products: dict[int, list[int]] = defaultdict(list)
        for row in listed:
            products[row["organization_id"]].append(row["id"])
        applications = [
            application
            for organization_id, ids in products.items()
            for application in await apply_for_admission(acting[organization_id], framework, ids)
        ]
        await decide_applications(officer, [ApplicationDecision(one, admit=True) for one in applications])
        await bring_into_force(officer, framework)
        admitted += len(applications)
    return admitted


def _scheme(category: str, rate: str, scale: Scale) -> NewFramework:
    title = invention.vocabulary()["frameworks"][category]
    text = invention.product_texts()[category]
    begins = clock.today()
    return NewFramework(
        title_zh=title["zh"],
        title_en=title["en"],
        category=category,
        unit=text["unit"],
        rate_fen=parse_yuan(rate),
        place_code=scale.place_code[:6],
        starts_on=begins,
        ends_on=begins.replace(year=begins.year + 1),
    )


async def appropriate(
    officers: dict[Role, Principal], districts: Sequence[str], year: int, yuan: Mapping[str, str] = APPROPRIATIONS
) -> int:
    """Open budget lines and have the appropriations approved by a second person; return how many lines."""
    officer, approver = officers[Role.PROCUREMENT_OFFICER], officers[Role.APPROVER]
    known = await database.fetch(
        """SELECT p.code AS programme, place.code FROM budget_line l JOIN programme p ON p.id = l.programme_id
           JOIN place ON place.id = l.place_id WHERE l.year = $1""",
        year,
    )
    have = {(row["programme"], row["code"]) for row in known}
    wanted = [
        NewLine(programme, code, year, FUNCTIONAL_CODE, ECONOMIC_CODE)
        for code in districts
        for programme in yuan
        if (programme, code) not in have
    ]
    if not wanted:
        return 0
    lines = await open_lines(officer, wanted)
    document = invention.vocabulary()["documents"]["appropriation"].format(year=year)
    proposals = [
        Proposal(line, parse_yuan(yuan[new.programme]), document) for line, new in zip(lines, wanted, strict=True)
    ]
    proposed = await propose_appropriations(officer, proposals)
    await decide_appropriations(approver, [Decision(one, approve=True) for one in proposed])
    return len(lines)


async def call_off(
    officers: dict[Role, Principal], acting: dict[int, Principal], scale: Scale, districts: Sequence[str]
) -> int:
    """Reserve, approve and contract purchases for each district; return how many contracts were signed."""
    if await database.fetch_value("SELECT count(*) FROM purchase"):
        return 0
    requests = await _requests(scale, districts)
    purchases = await request_purchases(officers[Role.PROCUREMENT_OFFICER], requests)
    await decide_purchases(officers[Role.APPROVER], [PurchaseDecision(one, approve=True) for one in purchases])
    ends = clock.today() + timedelta(days=300)
    contracts = await offer_contracts(
        officers[Role.PROCUREMENT_OFFICER],
        [ContractOffer(one, clock.today(), ends, TERMS[turn_ % len(TERMS)]) for turn_, one in enumerate(purchases)],
    )
    by_provider: dict[int, list[int]] = defaultdict(list)
    for row in await database.fetch("SELECT id, organization_id FROM contract WHERE id = ANY($1)", contracts):
        by_provider[row["organization_id"]].append(row["id"])
    for organization_id, ids in by_provider.items():
        await sign_contracts(acting[organization_id], ids)
    return len(contracts)


async def _requests(scale: Scale, districts: Sequence[str]) -> list[PurchaseRequest]:
    admissions = await database.fetch(
        "SELECT id FROM admission WHERE status = 'admitted' ORDER BY md5(id::text)",
    )
    lines = await database.fetch(
        """SELECT l.id, place.code FROM budget_line l JOIN programme p ON p.id = l.programme_id
           JOIN place ON place.id = l.place_id WHERE p.code = 'purchase' AND l.year = $1""",
        clock.today().year,
    )
    line_of = {row["code"]: row["id"] for row in lines}
    quantity = -(-scale.orders_per_district // PURCHASES_PER_DISTRICT) + 2
    purpose = invention.vocabulary()["documents"]["purpose"]
    return [
        PurchaseRequest(
            admissions[(number * PURCHASES_PER_DISTRICT + turn_) % len(admissions)]["id"],
            line_of[code], code, quantity, purpose,
        )
        for number, code in enumerate(districts)
        for turn_ in range(min(PURCHASES_PER_DISTRICT, len(admissions)))
    ]  # fmt: skip


async def order(officers: dict[Role, Principal], acting: dict[int, Principal], scale: Scale, monday: date) -> int:
    """Let villages order within their quota and providers take the orders; return how many were taken."""
    if await database.fetch_value("SELECT count(*) FROM village_order"):
        return 0
    contracts: dict[str, list[int]] = defaultdict(list)
    for row in await database.fetch(
        """SELECT c.id, place.code FROM contract c JOIN purchase p ON p.id = c.purchase_id
           JOIN place ON place.id = p.place_id ORDER BY c.id"""
    ):
        contracts[row["code"]].append(row["id"])
    villages = await _ordering_villages(scale, contracts)
    year = clock.today().year
    await set_quotas(officers[Role.PROCUREMENT_OFFICER], [VillageQuota(one.code, year, QUOTA) for one in villages])
    title = invention.vocabulary()["village_clerk"]
    clerks = await turn.staff(
        Role.VILLAGE_CLERK, {one.code: title.format(place=one.name_zh) for one in villages}, turn.CLERK_PHONES
    )
    for number, village in enumerate(villages):
        offered = contracts[village.code[:6]]
        new = NewOrder(offered[number % len(offered)], village.code, _wished(village.code, monday))
        await place_orders(clerks[village.code], [new])
    return await _answer(acting)


async def _ordering_villages(scale: Scale, contracts: dict[str, list[int]]) -> list[work.Ground]:
    villages = await work.grounds(scale, "village")
    draw = invention.generator("orders")
    chosen: list[work.Ground] = []
    for district in contracts:
        of_district = [one for one in villages if one.code.startswith(district)]
        chosen += draw.sample(of_district, min(scale.orders_per_district, len(of_district)))
    return chosen


def _wished(code: str, monday: date) -> datetime:
    draw = invention.generator(f"wish/{code}")
    return clock.at_local(monday + timedelta(days=draw.randrange(6)), draw.choice(work.HALVES)[0])


async def _answer(acting: dict[int, Principal]) -> int:
    by_provider: dict[int, list[OrderAnswer]] = defaultdict(list)
    for row in await database.fetch(
        """SELECT o.id, c.organization_id FROM village_order o JOIN contract c ON c.id = o.contract_id
           WHERE o.status = 'placed' ORDER BY o.id"""
    ):
        by_provider[row["organization_id"]].append(OrderAnswer(row["id"], take=True))
    for organization_id, answers in by_provider.items():
        await answer_orders(acting[organization_id], answers)
    return sum(len(answers) for answers in by_provider.values())


async def accept(officers: dict[Role, Principal], acting: dict[int, Principal]) -> int:
    """Bring the proofs of what was delivered, and accept all but the last few; return how many orders."""
    await proving.prove()
    await proving.speak()
    await proving.put_one_right(officers, acting)
    rows = await database.fetch(
        """SELECT o.id, log.people FROM village_order o JOIN LATERAL (
               SELECT people FROM service_log l WHERE l.village_order_id = o.id ORDER BY id DESC LIMIT 1) AS log ON true
           WHERE o.status = 'delivered' ORDER BY o.id DESC"""
    )
    rows = rows[LEFT_WAITING:][::-1]
    if not rows:
        return 0
    draw = invention.generator("acceptance")
    opinion = invention.vocabulary()["documents"]["opinion"]
    verdicts = [Verdict(row["id"], Finding(True, row["people"], draw.choice((4, 5, 5)), opinion)) for row in rows]
    if verdicts:
        await accept_deliveries(officers[Role.ACCEPTOR], verdicts)
    return len(verdicts)


async def nudge(officers: dict[Role, Principal], acting: dict[int, Principal]) -> int:
    """Let the providers of what nobody accepted nudge, and the acceptor answer the first; return how many nudged."""
    if await database.fetch_value("SELECT count(*) FROM nudge"):
        return 0
    rows = await database.fetch(
        """SELECT DISTINCT c.id, c.reference, c.organization_id FROM village_order o
           JOIN contract c ON c.id = o.contract_id WHERE o.status = 'delivered' ORDER BY c.id"""
    )
    for row in rows:
        try:
            await nudges.nudge(acting[row["organization_id"]], row["reference"])
        except Blocked:  # holidays lie between: it has not waited long enough
            continue
    sent = await database.fetch("SELECT public_id FROM nudge WHERE step = 'acceptance' ORDER BY id")
    if sent:
        words = invention.vocabulary()["documents"]["nudge_answer"]
        await nudges.answer(officers[Role.ACCEPTOR], sent[0]["public_id"], words)
    return len(sent)
