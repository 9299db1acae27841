"""The buying side's part of the test world: money, frameworks, purchases, contracts, orders, by the real services."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.core import access, clock, database
from app.core.access import Grant, Principal, Role
from marketplace.organizations.provision import Category, StaffCredential
from marketplace.products.content import Unit
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.wiring import ROLE_PERMISSIONS
from tests import world
from tests.volunteers import world as volunteers
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up_many
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.people.credentials.rules import CredentialKind

CITY, DISTRICT, OTHER_DISTRICT = "3301", "330106", "330110"


def acting(account_id: int, role: Role, place: str | None = None, organization: int | None = None) -> Principal:
    """Return an account's principal as if it held just this role: to try what one person may not do twice."""
    grants = (Grant(role, place, organization),)
    return Principal(account_id, kind="session", grants=grants, scopes=access.scopes_of(grants, ROLE_PERMISSIONS))


async def person_as(role: Role, place: str | None = None, organization: int | None = None) -> Principal:
    """Return a new person in one role; officers serve the city unless said otherwise."""
    return await world.account(role, place, organization)


async def place_id(code: str) -> int:
    """Return a place's id."""
    return int(await database.fetch_value("SELECT id FROM place WHERE code = $1", code))


async def villages(limit: int, under: str = DISTRICT) -> list[dict[str, Any]]:
    """Return villages of a district by code."""
    return await database.fetch(
        "SELECT id, code FROM place WHERE level = 'village' AND code LIKE $1 ORDER BY code LIMIT $2", under + "%", limit
    )


_organizations: dict[int, world.Organization] = {}


async def organization(place: str = DISTRICT, valid_until: date | None = None) -> int:
    """Return a verified organization with all its papers."""
    made = await world.organization(place=place, valid_until=valid_until)
    _organizations[made.id] = made
    return made.id


async def product(organization_id: int, category: str = "legal_education", **written: Any) -> int:
    """Return a listed product of the organization: a lecture by a lecturer, in the whole city."""
    details: dict[str, Any] = {
        "credentials_any": (StaffCredential.LECTURER,),
        "unit": Unit.LECTURE,
        "ceiling_fen": 200_000,
        "areas": (CITY,),
    }
    provider = _organizations[organization_id]
    made = await world.listed_product(provider, Category(category), **(details | written))
    return made.id


async def budget_line(approved_fen: int, place: str = DISTRICT, programme: str = "purchase") -> int:
    """Have money approved for a line of this year, opened if it is new, through the real services."""
    from procurement.budgets import service

    officer, approver = await person_as(Role.PROCUREMENT_OFFICER), await person_as(Role.APPROVER)
    year = clock.today().year
    line_id: int | None = await database.fetch_value(
        """SELECT l.id FROM budget_line l JOIN place ON place.id = l.place_id JOIN programme p ON p.id = l.programme_id
           WHERE place.code = $1 AND p.code = $2 AND l.year = $3""",
        place,
        programme,
        year,
    )
    if line_id is None:
        [line_id] = await service.open_lines(officer, [service.NewLine(programme, place, year, "2040607", "30227")])
    if approved_fen:
        proposal = service.Proposal(line_id, approved_fen, "杭财行〔2026〕1号")
        [appropriation] = await service.propose_appropriations(officer, [proposal])
        await service.decide_appropriations(approver, [service.Decision(appropriation, approve=True)])
    return line_id


@dataclass(frozen=True, slots=True)
class People:
    """One person per role of buying in a district, and a provider's member."""

    officer: Principal
    approver: Principal
    acceptor: Principal
    provider: Principal


async def people(organization_id: int, place: str = CITY) -> People:
    """Return new people."""
    return People(
        await person_as(Role.PROCUREMENT_OFFICER, place),
        await person_as(Role.APPROVER, place),
        await person_as(Role.ACCEPTOR, place),
        await person_as(Role.PROVIDER, None, organization_id),
    )


async def framework(place: str = CITY, rate_fen: int = 60_000, **changes: Any) -> int:
    """Draw up, file and publish a framework that admits from today."""
    from procurement.frameworks import service

    officer = await person_as(Role.PROCUREMENT_OFFICER)
    today = clock.today()
    scheme = {
        "title_zh": "法治宣传讲座开放式框架协议",
        "title_en": "Open framework for legal education lectures",
        "category": "legal_education",
        "unit": "lecture",
        "starts_on": today,
        "ends_on": today + timedelta(days=365),
    }
    scheme.update(changes)
    framework_id = await service.draw_up_framework(
        officer, service.NewFramework(rate_fen=rate_fen, place_code=place, **scheme)
    )
    await service.file_scheme(officer, framework_id, "浙财采备〔2026〕7号")
    await service.publish_call(officer, framework_id)
    return framework_id


async def admission(framework_id: int, organization_id: int, product_id: int | None = None) -> int:
    """Have a provider apply with a product and another person admit it."""
    from procurement.frameworks.admissions import service

    provider = await person_as(Role.PROVIDER, None, organization_id)
    if product_id is None:
        product_id = await product(organization_id)
    [admission_id] = await service.apply_for_admission(provider, framework_id, [product_id])
    officer = await person_as(Role.PROCUREMENT_OFFICER)
    await service.decide_applications(officer, [service.ApplicationDecision(admission_id, admit=True)])
    return admission_id


async def framework_in_force(organization_id: int, rate_fen: int = 60_000) -> int:
    """Return the organization's admission to a framework that is in force, with a second supplier beside it."""
    from procurement.frameworks import service

    framework_id = await framework(rate_fen=rate_fen)
    admission_id = await admission(framework_id, organization_id)
    await admission(framework_id, await organization())
    await service.bring_into_force(await person_as(Role.PROCUREMENT_OFFICER), framework_id)
    return admission_id


async def reserved_purchase(
    organization_id: int, who: People, quantity: int = 10, approved_fen: int = 100_000_000, place: str = DISTRICT
) -> int:
    """Request a purchase of the organization's lectures for a district."""
    from procurement.purchases import service

    admission_id = await framework_in_force(organization_id)
    line_id = await budget_line(approved_fen, place)
    request = service.PurchaseRequest(admission_id, line_id, place, quantity, "村社普法讲座")
    [purchase_id] = await service.request_purchases(who.officer, [request])
    return purchase_id


async def approved_purchase(organization_id: int, who: People, quantity: int = 10) -> int:
    """Request a purchase and have it approved."""
    from procurement.purchases import service

    purchase_id = await reserved_purchase(organization_id, who, quantity)
    await service.decide_purchases(who.approver, [service.PurchaseDecision(purchase_id, approve=True)])
    return purchase_id


async def signed_contract(organization_id: int, who: People, quantity: int = 10) -> int:
    """Have both parties sign a contract that starts today."""
    from procurement.contracts import service

    purchase_id = await approved_purchase(organization_id, who, quantity)
    today = clock.today()
    offer = service.ContractOffer(purchase_id, today, today + timedelta(days=300))
    [contract_id] = await service.offer_contracts(who.officer, [offer])
    await service.sign_contracts(who.provider, [contract_id])
    return contract_id


async def quota(place_codes: list[str], units: int, year: int | None = None) -> None:
    """Set villages' quotas."""
    from procurement.deliveries.quotas import service

    officer = await person_as(Role.PROCUREMENT_OFFICER)
    year = year or soon().year
    await service.set_quotas(officer, [service.VillageQuota(code, year, units) for code in place_codes])


def soon(days: int = 3) -> datetime:
    """Return ten in the morning, Hangzhou time, in some days."""
    return clock.at_local(clock.today() + timedelta(days=days), time(10))


async def station(code: str) -> int:
    """Open a station at a place."""
    row = await database.fetch_one("SELECT id, east_m, north_m FROM place WHERE code = $1", code)
    assert row is not None
    return await database.insert_row(
        "station",
        {
            "place_id": row["id"],
            "kind": {6: "district", 9: "town", 12: "village"}[len(code)],
            "name_zh": "公共法律服务站",
            "name_en": "station",
            "east_m": row["east_m"],
            "north_m": row["north_m"],
        },
    )


async def placed_order(contract_id: int, place_code: str, start: datetime | None = None) -> int:
    """Have the village's clerk order one unit."""
    from procurement.deliveries import service

    clerk = await person_as(Role.VILLAGE_CLERK, place_code)
    [order_id] = await service.place_orders(clerk, [service.NewOrder(contract_id, place_code, start or soon())])
    return order_id


async def attended(order_ids: list[int], outcome: Outcome = Outcome.ATTENDED) -> None:
    """Send one lecturer to each scheduled order, and have the station confirm who came when it is over."""
    seats = await database.fetch(
        """SELECT p.id, a.ends FROM village_order o JOIN assignment a ON a.id = o.assignment_id
           JOIN position p ON p.assignment_id = a.id WHERE o.id = ANY($1) ORDER BY p.id""",
        order_ids,
    )
    licensed = [volunteers.profile(credentials=(volunteers.licence(CredentialKind.LECTURER),)) for _ in seats]
    people = await volunteers.people(licensed)
    coordinator, staff = await person_as(Role.COORDINATOR), await person_as(Role.STATION_STAFF, CITY)
    wishes = [Wanted(seat["id"], person) for seat, (person, _) in zip(seats, people, strict=True)]
    signed_up = await sign_up_many(coordinator, wishes, Origin.IMPORT, all_or_none=True)
    over = max(seat["ends"] for seat in seats)
    with clock.travelled_to(over + timedelta(minutes=1)):
        rows = await database.fetch("SELECT public_id FROM sign_up WHERE id = ANY($1)", list(signed_up.taken.values()))
        done = await confirm_attendance(staff, [Presence(row["public_id"], outcome) for row in rows])
    assert not done.refused


async def delivered_orders(contract_id: int, place_codes: list[str], *, proofs: bool = True) -> list[int]:
    """Order for each village, have the provider take it, people attend and proofs brought; return the orders."""
    from procurement.deliveries import service
    from procurement.deliveries.scheduling.service import note_deliveries

    ids = [await placed_order(contract_id, code) for code in place_codes]
    organization_id = await database.fetch_value("SELECT organization_id FROM contract WHERE id = $1", contract_id)
    provider = await person_as(Role.PROVIDER, None, organization_id)
    await service.answer_orders(provider, [OrderAnswer(order_id, take=True) for order_id in ids])
    await attended(ids)
    await note_deliveries(clock.now())
    if proofs:
        await proven(ids)
    return ids


async def proven(order_ids: list[int]) -> None:
    """Let a station's person bring every proof that an order of any unit needs; set-based, without files' bytes."""
    staff = await person_as(Role.STATION_STAFF, CITY)
    now = clock.now()
    await database.execute(
        """INSERT INTO proof (village_order_id, kind, sha256, taken_at, taken_where, handed_in_by, handed_in_at)
           SELECT o.id, kind, sha256(convert_to(kind || o.id, 'UTF8')), o.wished_start, '村文化礼堂', $2,
                  greatest($3, o.wished_start)
           FROM village_order o CROSS JOIN unnest('{sign_in_sheet,photo}'::text[]) AS kind WHERE o.id = ANY($1)""",
        *(order_ids, staff.actor, now),
    )
    await database.execute(
        """INSERT INTO service_log (village_order_id, topic_zh, people, asked_zh, written_by, written_at)
           SELECT id, '婚姻家庭与继承', 40, '遗嘱怎么写', $2, greatest($3, wished_start)
           FROM village_order WHERE id = ANY($1)""",
        *(order_ids, staff.actor, now),
    )
