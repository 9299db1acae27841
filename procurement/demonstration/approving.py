"""Who may approve which amount, and purchases half-way through their chain, for the last days of the demonstration."""

from datetime import date, timedelta
from uuid import UUID

from app.accounts.principals import principals_of_accounts
from app.accounts.registration import NewAccount, account_ids_by_phone, create_accounts
from app.core import clock, database
from app.core.access import Grant, Principal, Role
from app.core.errors import NotSignedIn
from app.core.money import parse_yuan
from procurement.budgets.adjustments.service import NewAdjustment, propose_adjustment
from procurement.demonstration import cast, invention
from procurement.purchases.approvals import authority
from procurement.purchases.approvals.authority import Kind, NewDeputy, NewLevel, NewLimit
from procurement.purchases.approvals.rules import CHAIN
from procurement.purchases.service import PurchaseDecision, PurchaseRequest, decide_purchases, request_purchases

APPROVER_PHONES = 300_000
SECTION_UP_TO, DIVISION_UP_TO = "20000.00", "100000.00"
UNITS = (10, 60, 220)  # one purchase for each length of the chain
DEPUTY_DAYS = 30
ADJUSTED = "50000.00"


async def hire(place_code: str) -> list[Principal]:
    """Open the accounts of the leader in charge, the office and a deputy, if they are not there; return them."""
    names: list[str] = invention.vocabulary()["approvers"]
    phones = [invention.phone(APPROVER_PHONES + number) for number in range(len(names))]
    known = await account_ids_by_phone(phones)
    missing = [
        NewAccount(
            name, phone, email=f"approver-{number}@demo.example", password=cast.PASSWORD,
            totp_secret=cast.TOTP_SECRET, grants=(Grant(Role.APPROVER, place_code=place_code),),
        )
        for number, (name, phone) in enumerate(zip(names, phones, strict=True), start=2)
        if phone not in known
    ]  # fmt: skip
    await create_accounts(cast.FOUNDER, missing)
    ids = await account_ids_by_phone(phones)
    found = await principals_of_accounts(ids.values())
    return [found[ids[phone]] for phone in phones]


async def set_authority(officers: dict[Role, Principal], place_code: str) -> None:
    """Let figures hold from tomorrow, and one person each hold a level; the last of them stands in for the first."""
    if await database.fetch_value("SELECT count(*) FROM approval_limit"):
        return
    officer, head = officers[Role.PROCUREMENT_OFFICER], officers[Role.APPROVER]
    leader, office, deputy = await hire(place_code)
    today = clock.today()
    document = invention.vocabulary()["documents"]["control"].format(year=today.year)
    figures = (parse_yuan(SECTION_UP_TO), parse_yuan(DIVISION_UP_TO))
    limit = await authority.propose_limit(officer, NewLimit(place_code, today + timedelta(days=1), *figures, document))
    await authority.decide_authority(head, Kind.LIMIT, limit, confirm=True)
    for level, person in zip(CHAIN, (head, leader, office), strict=True):
        proposed = await authority.propose_level(officer, NewLevel(_named(person), place_code, level, today))
        await authority.decide_authority(deputy, Kind.LEVEL, proposed, confirm=True)


async def leave_half_way(officers: dict[Role, Principal], district: str, monday: date) -> int:
    """Ask for a purchase of each length; the deputy takes the first step of the longer ones. Return how many.

    A budget is for its year: where the week lies across its end, there is nothing to buy from.
    """
    asked = await database.fetch_value("SELECT count(*) FROM purchase WHERE status = 'reserved'")
    if asked or clock.today().year != monday.year:
        return 0
    officer, head = officers[Role.PROCUREMENT_OFFICER], officers[Role.APPROVER]
    _, _, deputy = await hire(district)
    today = clock.today()
    await authority.name_deputy(head, NewDeputy(_named(deputy), today, today + timedelta(days=DEPUTY_DAYS)))
    words = invention.vocabulary()["documents"]
    admission = await database.fetch_value("SELECT min(id) FROM admission WHERE status = 'admitted'")
    lines = await database.fetch(
        """SELECT l.id FROM budget_line l JOIN place ON place.id = l.place_id JOIN programme p ON p.id = l.programme_id
           WHERE place.code = $1 AND l.year = $2 AND p.code IN ('on_site', 'purchase') ORDER BY p.code DESC""",
        district,
        today.year,
    )
    line, other = lines[0]["id"], lines[1]["id"]
    made = await request_purchases(
        officer, [PurchaseRequest(admission, line, district, units, words["season"]) for units in UNITS]
    )
    await decide_purchases(deputy, [PurchaseDecision(one, approve=True) for one in made[1:]])
    document = words["adjustment"].format(year=today.year)
    await propose_adjustment(officer, NewAdjustment(other, line, parse_yuan(ADJUSTED), document))
    return len(made)


def _named(person: Principal) -> UUID:
    """Return the id by which pages name a person."""
    if person.public_id is None:
        raise NotSignedIn
    return person.public_id
