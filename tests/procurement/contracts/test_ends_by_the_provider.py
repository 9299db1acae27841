"""An early end that the provider proposes: the officer answers, another decides; each side through its own people."""

from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS, Role, system_principal
from app.core.errors import NotPermitted, SamePersonRefused, TransitionRefused
from procurement.blocks import Blocked
from procurement.contracts.terminations import service
from procurement.contracts.terminations.rules import Fault, Ground, Proposal
from procurement.contracts.waiting import waiting_about_contracts
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from tests.app.web.client import call, client
from tests.procurement import buying
from tests.procurement.contracts.test_change_pages import reference, sent
from tests.procurement.contracts.test_terminations import BY_AGREEMENT, FOR_THE_PUBLIC, GOOD, money
from tests.procurement.deliveries.test_orders import ground
from tests.refusals import refused


async def test_what_the_provider_proposes_the_officer_answers_and_another_decides(db: None) -> None:
    here = await ground(villages=2, units=2, quantity=10)
    [delivered] = await buying.delivered_orders(here.contract, here.codes[:1])
    row = await service.propose_termination(here.who.provider, here.contract, FOR_THE_PUBLIC)
    told = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND link LIKE '%/termination'", here.who.officer.actor
    )
    assert told == 1
    for someone in (here.who.provider, here.who.approver):
        with pytest.raises(NotPermitted):
            await service.agree(someone, row)
    with pytest.raises(TransitionRefused):
        await service.decide(here.who.approver, row)
    with pytest.raises(NotPermitted):
        await service.take_back(here.who.officer, row, "替对方撤回")
    await service.agree(here.who.officer, row)
    for handler in (here.who.officer, here.who.provider):
        with pytest.raises(SamePersonRefused):
            await service.decide(buying.acting(handler.actor, Role.APPROVER, buying.CITY), row)
    await service.decide(here.who.approver, row)
    await accept_deliveries(here.who.acceptor, [Verdict(delivered, GOOD)])
    assert await service.settle_terminations(system_principal(), clock.now()) == {"settled": 1}
    assert await money(here.contract) == (0, 60_000, 0)


async def test_the_officer_may_insist_and_the_provider_may_take_back_or_note_the_cure(db: None) -> None:
    here = await ground(villages=1)
    first = await service.propose_termination(here.who.provider, here.contract, BY_AGREEMENT)
    await service.decline(here.who.officer, first, "仍有需求")
    second = await service.propose_termination(here.who.provider, here.contract, BY_AGREEMENT)
    await service.take_back(here.who.provider, second, "已经协商一致")
    unpaid = Proposal(Ground.BREACH, "验收三个月没有付款", clock.today() + timedelta(days=5), Fault.BUYER)
    third = await service.propose_termination(here.who.provider, here.contract, unpaid)
    await service.agree(here.who.officer, third)
    with pytest.raises(Blocked, match="改正期限还没有过"):
        await service.decide(here.who.approver, third)
    await service.note_cure(here.who.provider, third, "已经付款")
    statuses = [row["status"] for row in await database.fetch("SELECT status FROM contract_termination ORDER BY id")]
    assert statuses == ["declined", "withdrawn", "cured"]
    assert await database.fetch_value("SELECT terminated_at FROM contract") is None


async def test_each_side_acts_through_its_own_people_whoever_writes(db: None) -> None:
    here = await ground(villages=1)
    raw = """INSERT INTO contract_termination (contract_id, status, ground, reason_zh, at_fault, proposed_for,
                 proposed_by, proposed_at, answered_by_buyer, answered_at)
             VALUES ($1, $2, 'agreement', 'x', 'none', $3, $4, now(), $5,
                     CASE WHEN $5::bigint IS NULL THEN NULL ELSE now() END)"""
    officer, provider = here.who.officer.actor, here.who.provider.actor
    colleague = (await buying.person_as(Role.PROVIDER, None, here.organization)).actor
    for guard, *values in (
        ("contract_termination_side", "proposed", "provider", officer, None),
        ("contract_termination_side", "proposed", "buyer", provider, None),
        ("contract_termination_side", "agreed", "provider", provider, colleague),
        ("contract_termination_two_parties", "agreed", "provider", provider, provider),
        ("contract_termination_by_both", "agreed", "provider", provider, None),
        ("contract_termination_agreed", "proposed", "buyer", officer, here.who.approver.actor),
    ):
        await refused(guard, raw, here.contract, *values)
    answer = "UPDATE contract_termination SET answered_by_buyer = $1"
    await service.propose_termination(here.who.provider, here.contract, BY_AGREEMENT)
    await refused("contract_termination_answered", answer, officer)
    proposed = await database.fetch_value("SELECT id FROM contract_termination")
    await service.agree(here.who.officer, proposed)
    await refused("contract_termination_is_frozen", answer, here.who.approver.actor)
    decided = "UPDATE contract_termination SET status = 'in_force', ended_by = $1, ended_at = now()"
    await refused("contract_termination_side", decided, colleague)
    await refused("contract_termination_second_person", decided, officer)
    with pytest.raises(service.OtherSide):
        await service.decide(buying.acting(colleague, Role.APPROVER, buying.CITY), proposed)


async def test_the_provider_proposes_and_the_officer_answers_on_the_contracts_pages(db: None) -> None:
    here = await ground(villages=1, station=False)
    page = f"/contracts/{await reference(here)}"
    end, provider, officer = f"{page}/termination", here.who.provider, here.who.officer
    async with client(provider) as http:
        assert "提出解除" in (await http.get(page)).text
    empty = await sent(provider, end, end, ground="breach", reason_zh="没有按期付款", at_fault="provider")
    assert "只有对方违约才能以违约提出解除" in empty
    assert "没有按期付款" in empty
    proposed = await sent(provider, end, end, ground="agreement", reason_zh="讲师离职", at_fault="none")
    assert "服务机构" in proposed
    [waits] = await waiting_about_contracts(officer)
    assert waits.action.path == end
    async with client(ANONYMOUS) as http:
        assert (await http.get(end)).status_code == 404
    assert "请写明理由" in await sent(officer, f"{end}/decline", end)
    assert "等待采购人另一人决定" in await sent(officer, f"{end}/agree", end)
    assert not await waiting_about_contracts(officer)
    assert len(await waiting_about_contracts(here.who.approver)) == 1
    assert "合同已解除" in await sent(here.who.approver, f"{end}/decide", end)


async def test_a_program_proposes_for_the_provider_and_answers_for_the_buyer(db: None) -> None:
    here = await ground(villages=1, station=False)
    path = f"/contracts/{await reference(here)}/terminations"
    ask, why = {"ground": "agreement", "reason_zh": "讲师离职"}, {"reason": "仍有需求"}
    provider, officer, approver = here.who.provider, here.who.officer, here.who.approver
    for who, where, body, status in (
        (approver, "", ask, 403),
        (provider, "", ask, 204),
        (provider, "/refusal", why, 403),
        (officer, "/refusal", why, 204),
        (provider, "", ask, 204),
        (provider, "/withdrawal", why, 204),
        (provider, "", ask, 204),
        (officer, "/agreement", None, 204),
        (officer, "/rejection", why, 403),
        (approver, "/rejection", why, 204),
        (officer, "/cure", why, 404),
    ):
        answer = await call(who, "POST", path + where, body)
        assert answer.status_code == status, (where, answer.text)
    found = (await call(officer, "GET", path)).json()
    assert [(one["proposed_for"], one["status"]) for one in found] == [
        ("provider", "refused"), ("provider", "withdrawn"), ("provider", "declined"),
    ]  # fmt: skip
