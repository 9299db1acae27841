"""What the database refuses about a contract after its two signatures: amendments, an early end, notices."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.core import clock, database
from procurement.contracts import service as contracts
from procurement.contracts.amendments import service as amendments
from procurement.contracts.amendments.rules import Change
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import NoticeRecorded, record_notice
from procurement.contracts.service import ContractOffer
from procurement.contracts.terminations import service as terminations
from procurement.contracts.terminations.rules import Fault, Ground, Proposal
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import ground
from tests.refusals import refused

AMENDED = """INSERT INTO contract_amendment (contract_id, number, status, added, ends_on, reason_zh, body_zh,
                 text_sha256, proposed_by, proposed_at, signed_by_provider, agreed_at, approved_by, approved_at,
                 ended_by, ended_at, end_reason)
             SELECT contract_id, number + 1, {status}, {added}, {ends_on}, reason_zh, body_zh, {hash}, proposed_by,
                    proposed_at, signed_by_provider, agreed_at, {decided} FROM contract_amendment"""
WITHDRAWN = "NULL, NULL, proposed_by, now(), '写错了'"
SAME = {"status": "'withdrawn'", "added": "added", "ends_on": "NULL", "hash": "text_sha256", "decided": WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Here:
    """A signed contract, another that only the buyer has signed, and who is there."""

    contract: int
    offered: int
    who: buying.People

    async def propose(self) -> int:
        """Have one more unit proposed."""
        await amendments.propose_amendment(self.who.officer, self.contract, Change(added=1), "村社需求增加")
        return int(await database.fetch_value("SELECT max(id) FROM contract_amendment"))

    async def end(self, ground: Ground) -> int:
        """Propose the end of the contract."""
        fault = Fault.BUYER if ground is Ground.PUBLIC_INTEREST else Fault.NONE
        proposal = Proposal(ground, "服务计划取消", at_fault=fault)
        return await terminations.propose_termination(self.who.officer, self.contract, proposal)


async def here() -> Here:
    place = await ground(villages=1, station=False)
    purchase = await buying.approved_purchase(place.organization, place.who)
    offer = ContractOffer(purchase, clock.today(), clock.today() + timedelta(days=300))
    [offered] = await contracts.offer_contracts(place.who.officer, [offer])
    return Here(place.contract, offered, place.who)


async def test_an_amendment_moves_only_with_the_signatures_of_its_step(db: None) -> None:
    at = await here()
    row = await at.propose()
    step = "UPDATE contract_amendment SET status = {} WHERE status = 'proposed'"
    signed = "'agreed', agreed_at = now(), signed_by_provider = $1"
    await refused("contract_amendment_agreed", step.format("'agreed'"))
    await refused("contract_amendment_ended", step.format("'withdrawn'"))
    await refused("contract_amendment_two_parties", step.format(signed), at.who.officer.actor)
    await amendments.agree(at.who.provider, row)
    approve = "UPDATE contract_amendment SET status = {}, approved_by = $1, approved_at = now()"
    await refused("contract_amendment_approved", approve.format("'agreed'"), at.who.approver.actor)
    for one in (at.who.officer, at.who.provider):
        await refused("contract_amendment_second_person", approve.format("'in_force'"), one.actor)
    await database.execute(approve.format("'in_force'"), at.who.approver.actor)


async def test_an_amendment_says_one_matter_and_its_text_is_hashed(db: None) -> None:
    at = await here()
    await at.propose()
    for change in ({"added": "0"}, {"ends_on": "current_date + 330"}):
        await refused("contract_amendment_one_matter", AMENDED.format(**{**SAME, **change}))
    await refused("contract_amendment_text_is_hashed", AMENDED.format(**{**SAME, "hash": "sha256('x')"}))
    await database.execute(AMENDED.format(**SAME))


async def test_nothing_is_added_to_a_contract_that_has_ended(db: None) -> None:
    at = await here()
    await amendments.agree(at.who.provider, await at.propose())
    await terminations.decide(at.who.approver, await at.end(Ground.PUBLIC_INTEREST))
    late = AMENDED.format(**{**SAME, "status": "'in_force'", "decided": "$1, now(), NULL, NULL, ''"})
    await refused("contract_amendment_of_living_contract", late, at.who.approver.actor)


async def test_an_end_moves_only_with_the_names_and_the_reason_of_its_step(db: None) -> None:
    at = await here()
    await at.end(Ground.AGREEMENT)
    step = "UPDATE contract_termination SET status = {}"
    ended = "ended_by = $1, ended_at = now()"
    signed = "'agreed', agreed_at = now(), signed_by_provider = $1"
    await refused("contract_termination_two_parties", step.format(signed), at.who.officer.actor)
    await refused("contract_termination_ended", step.format(f"'proposed', {ended}"), at.who.approver.actor)
    await refused("contract_termination_ended", step.format("'withdrawn', end_reason = '写错了'"))
    for status in ("declined", "refused", "withdrawn"):
        await refused("contract_termination_reasoned", step.format(f"'{status}', {ended}"), at.who.approver.actor)
    await refused("contract_termination_settled", step.format("'proposed', settled_at = now(), released_fen = 0"))
    await database.execute(step.format(signed), at.who.provider.actor)


async def test_who_signed_the_end_stays_written(db: None) -> None:
    at = await here()
    await terminations.agree(at.who.provider, await at.end(Ground.AGREEMENT))
    await refused(
        "contract_termination_is_frozen",
        "UPDATE contract_termination SET signed_by_provider = $1",
        at.who.acceptor.actor,
    )


async def test_only_a_fault_is_compensated_and_only_an_agreement_is_signed(db: None) -> None:
    at = await here()
    proposed = """INSERT INTO contract_termination (contract_id, status, ground, reason_zh, at_fault, compensation_fen,
                                                    proposed_by, proposed_at)
                  VALUES ($1, 'proposed', 'public_interest', '场所关闭', $2, 100, $3, now())"""
    await refused("contract_termination_compensated", proposed, at.contract, "none", at.who.officer.actor)
    await database.execute(proposed, at.contract, "buyer", at.who.officer.actor)
    signed = "UPDATE contract_termination SET signed_by_provider = $1, agreed_at = now()"
    await refused("contract_termination_agreed", signed, at.who.provider.actor)


async def test_only_a_signed_contract_ends_early(db: None) -> None:
    at = await here()
    in_force = """INSERT INTO contract_termination (contract_id, status, ground, reason_zh, at_fault, proposed_by,
                                                    proposed_at, ended_by, ended_at)
                  VALUES ($1, 'in_force', 'public_interest', '场所关闭', 'buyer', $2, now(), $3, now())"""
    people = (at.who.officer.actor, at.who.approver.actor)
    await refused("contract_termination_of_signed_contract", in_force, at.offered, *people)
    await database.execute(in_force, at.contract, *people)


async def test_a_notice_shows_its_evidence_once_and_after_the_day(db: None) -> None:
    at = await here()
    officer = at.who.officer
    noticed = """INSERT INTO contract_notice (contract_id, recorded_by, recorded_at, kind, done_on, url, number)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)"""
    who, today = (at.contract, officer.actor, clock.now()), clock.today()
    for kind, url, number in (("published", "", "7"), ("filed", "https://x", "")):
        await refused("contract_notice_evidence", noticed, *who, kind, today, url, number)
    await refused("contract_notice_not_ahead", noticed, *who, "filed", today + timedelta(days=1), "", "7")
    recorded = Recorded(NoticeKind.FILED, today, "", "备案 7 号")
    await record_notice(officer, at.contract, recorded)
    await refused("contract_notice_once", noticed, *who, "filed", today, "", "7")
    with pytest.raises(NoticeRecorded, match="已"):
        await record_notice(officer, at.contract, recorded)
