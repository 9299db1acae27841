"""Past purchases of each method judged again by the rows of the rulebook of each step's day."""

from datetime import timedelta
from decimal import Decimal

from click.testing import CliRunner

from app.core import clock, database
from app.core.access import Principal, Role
from app.rulebook.proposals.rules import Replacement
from app.rulebook.proposals.service import confirm_proposal, propose_figure
from procurement.contracts import service as contracts
from procurement.contracts.amendments import service as amendments
from procurement.contracts.amendments.rules import Change
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import record_notice
from procurement.contracts.service import ContractOffer
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.oversight.reexamination.cli import judge_again, purchases_group, tenders_group
from procurement.oversight.reexamination.queries import Reexamination, reexamine, references
from procurement.oversight.reexamination.rules import DecidedStep
from procurement.purchases import service as purchases
from procurement.purchases.rules import Method
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.deliveries.served import after, served
from tests.procurement.offers import bidding
from tests.procurement.oversight.flags.looked import owner
from tests.procurement.purchases.tenders.stage import K, ground

D = DecidedStep
URL = "https://zfcg.czt.zj.gov.cn/1"


async def superseded(key: str, value: int) -> None:
    """Let another figure hold from tomorrow on."""
    row = await database.fetch_value("SELECT id FROM law_rule WHERE rule_key = $1 AND effective_to IS NULL", key)
    new = Replacement(Decimal(value), "财库〔2027〕99号", "第1条", clock.today() + timedelta(days=1))
    await propose_figure(await buying.person_as(Role.PROCUREMENT_OFFICER), row, new)
    await confirm_proposal(await buying.person_as(Role.PROCUREMENT_OFFICER), row)


async def purchase_of(contract: int) -> int:
    return int(await database.fetch_value("SELECT purchase_id FROM contract WHERE id = $1", contract))


async def again(purchase: int) -> Reexamination:
    """Judge by the law of each day, beside the law of tomorrow."""
    return await reexamine(purchase, clock.today() + timedelta(days=1))


def blocked(found: Reexamination) -> dict[str, tuple[list[str], list[str]]]:
    """Return what stands against each step: then, and on the other day."""
    return {
        verdict.step.kind: ([block.code for block in verdict.then], [block.code for block in verdict.now])
        for verdict in found.verdicts
        if verdict.then or verdict.now
    }


async def in_force(officer: Principal, provider: Principal, approver: Principal, contract: int, change: Change) -> None:
    number = await amendments.propose_amendment(officer, contract, change, "群众需要")
    row = await database.fetch_value(
        "SELECT id FROM contract_amendment WHERE contract_id = $1 AND number = $2", contract, number
    )
    await amendments.agree(provider, row)
    await amendments.approve(approver, row)


async def test_a_call_off_stands_by_the_figures_of_its_days_after_they_were_superseded(db: None) -> None:
    here = await served(1, proofs=True)
    who, purchase = here.who, await purchase_of(here.contract)
    with after():
        await accept_deliveries(who.acceptor, [Verdict(here.orders[0], Finding(True, 30, 5, "很好"))])
    signed_on = clock.today()
    await record_notice(who.officer, here.contract, Recorded(NoticeKind.PUBLISHED, signed_on, url=URL))
    ends_on = await database.fetch_value("SELECT ends_on FROM contract WHERE id = $1", here.contract)
    await in_force(who.officer, who.provider, who.approver, here.contract, Change(added=1))
    await in_force(who.officer, who.provider, who.approver, here.contract, Change(ends_on=ends_on + timedelta(days=30)))
    assert blocked(await again(purchase)) == {}
    await superseded("contract.supplement", 5)
    await superseded("contract.signing", 15)
    found = await again(purchase)
    assert found.wrong == 0
    assert blocked(found) == {D.AMEND: ([], ["supplements_above_share"])}
    kinds = {verdict.step.kind for verdict in found.verdicts}
    assert kinds == {*D} - {D.INVITE, D.OPEN, D.COMPARE, D.FILE, D.END_EARLY}
    changed = {
        (one.key, one.then.value, one.now.value, one.now.source.document)
        for verdict in found.verdicts
        for one in verdict.weighed
        if one.differs and one.then and one.now
    }
    assert changed == {
        ("contract.supplement", 10, 5, "财库〔2027〕99号"),
        ("contract.signing", 30, 15, "财库〔2027〕99号"),
    }


async def test_a_purchase_by_quotations_keeps_its_suppliers_though_more_are_asked_for_later(db: None) -> None:
    here = await bidding.compared()
    await purchases.decide_purchases(here.approver, [purchases.PurchaseDecision(here.purchase_id, approve=True)])
    today = clock.today()
    offer = ContractOffer(here.purchase_id, today, today + timedelta(days=100))
    [contract] = await contracts.offer_contracts(here.officer, [offer])
    await contracts.sign_contracts(here.suppliers[1].member, [contract])
    await superseded("quotation.suppliers", 4)
    found = await again(here.purchase_id)
    assert blocked(found) == {
        D.INVITE: ([], ["quotation_suppliers"]),
        D.OPEN: ([], ["quotation_too_few"]),
        D.COMPARE: ([], ["quotation_too_few"]),
    }
    assert {D.REQUEST, D.RESERVE, D.APPROVE, D.OFFER, D.SIGN} <= {verdict.step.kind for verdict in found.verdicts}


async def test_the_year_s_sum_is_that_of_the_day_not_that_of_today(db: None) -> None:
    first = await bidding.requested()
    second = await bidding.another(first)
    await bidding.another(first)
    await superseded("quotation.splitting", 11_000)  # 6,000 each: two are too many from tomorrow on, one never is
    assert blocked(await again(first.purchase_id)) == {}
    await purchases.cancel_purchase(first.officer, first.purchase_id, "计划调整")
    assert blocked(await again(second.purchase_id)) == {D.REQUEST: ([], ["quotation_splitting"])}


async def test_a_tender_is_judged_with_its_money_and_its_award(db: None) -> None:
    here = await ground()
    await here.record_until(K.PUBLISH_RESULT)
    await superseded("tender.intent", 45)
    await superseded("consultation.panel", 7)
    found = await again(here.tender)
    assert blocked(found) == {K.NOTICE: ([], ["intent_too_recent"]), K.EVALUATE: ([], ["panel_size"])}
    assert {D.RESERVE, D.APPROVE} <= {verdict.step.kind for verdict in found.verdicts}


async def test_a_step_that_broke_the_law_of_its_day_is_found(db: None) -> None:
    here = await served(1, proofs=True)
    who, purchase = here.who, await purchase_of(here.contract)
    with after():
        await accept_deliveries(who.acceptor, [Verdict(here.orders[0], Finding(True, 30, 5, "很好"))])
    with clock.travelled_to(clock.now() + timedelta(days=20)):
        await record_notice(who.officer, here.contract, Recorded(NoticeKind.PUBLISHED, clock.today(), url=URL))
        assert blocked(await reexamine(purchase)) == {
            D.PUBLISH: (["contract_published_late"], ["contract_published_late"]),
            D.FILE: (["contract_filed_late"], ["contract_filed_late"]),
        }
    # What no service lets happen may lie in imported rows.
    await owner("UPDATE acceptance SET acceptor_id = $1", "acceptance", who.approver.actor)
    await owner("UPDATE purchase_approval SET decided_by = $1", "purchase_approval", who.officer.actor)
    await owner("UPDATE contract SET starts_on = starts_on - 400", "contract")
    await owner("UPDATE budget_movement SET approved_fen = 100 WHERE kind = 'appropriate'", "budget_movement")
    await owner("UPDATE admission SET ended_at = decided_at, ended_by = decided_by, status = 'removed', "
                "end_ground = 'breach'", "admission")  # fmt: skip
    found = blocked(await reexamine(purchase))
    assert {kind: then for kind, (then, _) in found.items()} == {
        D.REQUEST: ["supplier_not_admitted"],
        D.RESERVE: ["budget_exceeded"],
        D.APPROVE: ["same_person", "supplier_not_admitted"],
        D.PUBLISH: ["contract_published_late"],
        D.OFFER: ["contract_term", "supplier_not_admitted", "approver_signs"],
        D.ACCEPT: ["acceptor_involved"],
    }


async def test_an_approval_is_judged_by_the_limits_of_the_day_of_the_request(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase = await buying.approved_purchase(organization, who)
    row = await database.fetch_one("SELECT place_id, amount_fen FROM purchase WHERE id = $1", purchase)
    assert row is not None
    await database.execute(
        """INSERT INTO approval_limit (place_id, effective_from, section_up_to_fen, division_up_to_fen, document,
                                       status, proposed_by, proposed_at, decided_by, decided_at)
           VALUES ($1, $2, $3, $4, '内控〔2027〕1号', 'confirmed', $5, now(), $6, now())""",
        *(row["place_id"], clock.today() + timedelta(days=1), row["amount_fen"] - 1, row["amount_fen"]),
        *(who.officer.actor, who.approver.actor),
    )
    found = await again(purchase)
    assert blocked(found) == {D.APPROVE: ([], ["approval_incomplete"])}
    [approval] = [verdict for verdict in found.verdicts if verdict.step.kind is D.APPROVE]
    assert [(one.then, one.now and one.now.value) for one in approval.weighed] == [
        (None, row["amount_fen"] - 1),
        (None, row["amount_fen"]),
    ]


async def test_page_program_and_command_say_the_same(db: None, capsys: object) -> None:
    here = await served(2, proofs=True)
    with after():
        good = Finding(True, 30, 5, "很好")
        await accept_deliveries(here.who.acceptor, [Verdict(order, good) for order in here.orders])
    await superseded("contract.term", 0)
    reference = await database.fetch_value(
        "SELECT reference FROM purchase WHERE id = $1", await purchase_of(here.contract)
    )
    path, day = f"/buying/purchases/{reference}", clock.today() + timedelta(days=1)
    async with client(here.who.officer) as http:
        assert f"{path}/again" in (await http.get(path)).text
        shown = (await http.get(f"{path}/again?on={day}")).text
        wrong = await http.get(f"{path}/again?on=soon")
        led = await http.get(f"/buying/tenders/{reference}/again")
        told = (await http.get(f"/api/v1/purchases/{reference}/verdicts?on={day}")).json()
    assert "已作出的每一步都符合当日的法规" in shown
    assert "会被拦下" in shown
    assert "验收 × 2" in shown
    assert "财库〔2027〕99号" in shown
    assert wrong.status_code == 422
    assert (led.status_code, led.headers["location"]) == (303, f"{path}/again")
    [offer] = [one for one in told if one["kind"] == "offer_contract"]
    assert (offer["then"], offer["now"]) == ([], ["contract_term"])
    [term] = [one for one in offer["rules"] if one["rule"] == "contract.term"]
    assert (term["then"]["value"], term["then"]["verified"], term["now"]["value"]) == (1, False, 0)
    async with client(here.who.provider) as http:
        assert (await http.get(f"{path}/again")).status_code == 403
    elsewhere = await buying.people(here.organization, buying.OTHER_DISTRICT)
    async with client(elsewhere.officer) as http:
        assert (await http.get(f"{path}/again")).status_code == 404
    assert (await references([Method.CALL_OFF]), await references([Method.TENDER])) == ([reference], [])
    await judge_again((), list(Method), None, all_steps=False)
    assert capsys.readouterr().out == (  # type: ignore[attr-defined]
        "1 purchases judged again; 0 steps are not right by the law of their day.\n"
    )


def test_the_commands_say_what_they_do() -> None:
    for group, words in ((purchases_group, "purchases"), (tenders_group, "tenders")):
        told = CliRunner().invoke(group, ["again", "--help"])
        assert told.exit_code == 0
        assert f"Judge {words} by the law of each step's own day" in " ".join(told.output.split())
