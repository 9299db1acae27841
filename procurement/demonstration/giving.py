"""A fund with gifts of three months at the demonstration's payment service, a refund waiting, a use, money unclear."""

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.money import parse_yuan
from marketplace.organizations.provision import SOCIAL_KINDS, QualificationKind
from marketplace.organizations.qualifications.rules import Statement
from marketplace.organizations.qualifications.service import PaperDecision, decide_qualifications, state_qualifications
from procurement.demonstration import invention
from procurement.donations import choosing
from procurement.donations.fake import acting, objects
from procurement.donations.fake.delivery import deliver_waiting
from procurement.donations.fake.gateway import DemoGateway
from procurement.donations.funds.rules import Cause
from procurement.donations.funds.service import NewFund, open_fund
from procurement.donations.gifts.service import NewGift, begin_gift
from procurement.donations.reconciliation.service import reconcile
from procurement.donations.refunds.service import NewRefund, propose_refund
from procurement.donations.uses.service import NewUse, decide_use, propose_use

CODE = "legal-aid"
VALID_DAYS = 700
OPENED_DAYS_AGO = 70  # so that the first gifts lie two months back


async def give(officers: dict[Role, Principal], acting_members: dict[int, Principal]) -> int:
    """Open a fund, have people give, spend some of it; return how many gifts. Nothing where a real service is set."""
    service = None if choosing.closed() else choosing.gateway()
    if not isinstance(service, DemoGateway) or await database.fetch_value("SELECT count(*) FROM donation_fund"):
        return 0
    words: dict[str, Any] = invention.vocabulary()["giving"]
    owner_id = await database.fetch_value(_OWNER, sorted(acting_members), sorted(SOCIAL_KINDS))
    if owner_id is None:
        return 0
    member = acting_members[owner_id]
    await _qualify(officers[Role.CATALOGUE_REVIEWER], member, owner_id, words)
    clerk, approver = officers[Role.SETTLEMENT_CLERK], officers[Role.SETTLEMENT_APPROVER]
    public_id = await database.fetch_value("SELECT public_id FROM organization WHERE id = $1", owner_id)
    limits = parse_yuan("10.00"), parse_yuan("50000.00")
    new = NewFund(str(public_id), Cause.LEGAL_AID, CODE, *words["fund"], *limits)
    with _days_ago(OPENED_DAYS_AGO):
        await open_fund(clerk, new)
    payments = [await _given(service, one) for one in words["gifts"]]
    for days in words["renewed_days_ago"]:
        with _days_ago(days):
            await acting.renew(service, (await objects.listed("plan"))[0]["id"])
            await deliver_waiting()
    reference = await database.fetch_value("SELECT reference FROM gift WHERE payment_id = $1", payments[0])
    await propose_refund(clerk, NewRefund(reference, parse_yuan("50.00"), words["refund"]))
    use = NewUse(CODE, parse_yuan("600.00"), service.settles_in, clock.today(), *words["use"])
    await decide_use(approver, await propose_use(clerk, use), approve=True)
    await acting.pay_elsewhere(service, parse_yuan("120.00"))  # somebody's fee for a course, say: finance finds out
    await deliver_waiting()
    await reconcile(clock.now())
    return len(payments)


async def _qualify(officer: Principal, member: Principal, owner_id: int, words: dict[str, Any]) -> None:
    """State the owner's paper for public fundraising and have it verified by an officer."""
    public_id = await database.fetch_value("SELECT public_id FROM organization WHERE id = $1", owner_id)
    today = clock.today()
    paper = Statement(
        QualificationKind.PUBLIC_FUNDRAISING, words["paper"], words["issuer"], today - timedelta(days=400),
        today + timedelta(days=VALID_DAYS),
    )  # fmt: skip
    ids = await state_qualifications(member, [(public_id, paper)])
    await decide_qualifications(officer, [PaperDecision(one, genuine=True) for one in ids])


async def _given(service: DemoGateway, gift: dict[str, Any]) -> str:
    wanted = NewGift(CODE, parse_yuan(gift["yuan"]), gift["monthly"], uuid4().hex, gift["name"], "donor@demo.example")
    with _days_ago(gift["days_ago"]):
        paid = await acting.pay(service, (await begin_gift(wanted)).checkout_url.rsplit("/", 1)[1])
        await deliver_waiting()
    return paid


def _days_ago(days: int) -> AbstractContextManager[None]:
    return clock.travelled_to(clock.now() - timedelta(days=days))


_OWNER = """
SELECT id FROM organization WHERE id = ANY ($1) AND kind = ANY ($2) AND status = 'verified' ORDER BY id LIMIT 1
"""
