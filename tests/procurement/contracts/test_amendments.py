"""Amendments: one price, a tenth at most, two parties and a second person; the money follows in the same moment."""

import asyncio
import hashlib
import itertools
from datetime import date, time, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotPermitted, SamePersonRefused, TransitionRefused
from app.core.state import advance
from procurement.blocks import Blocked, Figure, Source
from procurement.budgets.movements import BudgetExceeded
from procurement.contracts.amendments import rules, service
from procurement.contracts.amendments.rules import AmendmentEvent, AmendmentStatus, Change, Limits, Standing
from procurement.deliveries.acceptances.conclusion import conclude_purchases
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.purchases import service as purchases
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import Ground, ground
from tests.procurement.purchases.test_purchases import bound
from tests.refusals import refused

TODAY = date(2026, 11, 28)
LIMITS = Limits(
    Figure(10, Source("政府采购法", "第49条")), Figure(1, Source("财政部令第102号", "第24条", verified=False))
)
STANDING = Standing(True, 20, 0, date(2026, 6, 1), date(2027, 1, 31), 2026)
STEPS = {
    ("proposed", "agree"): "agreed",
    ("proposed", "decline"): "declined",
    ("proposed", "withdraw"): "withdrawn",
    ("agreed", "approve"): "in_force",
    ("agreed", "refuse"): "refused",
    ("agreed", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(("status", "event"), list(itertools.product(AmendmentStatus, AmendmentEvent)))
def test_an_amendment_moves_only_as_the_table_says(status: AmendmentStatus, event: AmendmentEvent) -> None:
    if (status, event) in STEPS:
        assert advance(rules.TRANSITIONS, status, event) == STEPS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)


@pytest.mark.parametrize(
    ("standing", "change", "expected"),
    [
        (STANDING, Change(added=2), []),
        (STANDING, Change(added=3), [("supplements_above_share", "政府采购法 第49条")]),
        (Standing(True, 20, 1, *(STANDING.starts_on, STANDING.ends_on), 2026), Change(added=2),
         [("supplements_above_share", "政府采购法 第49条")]),
        (Standing(True, 9, 0, STANDING.starts_on, STANDING.ends_on, 2026), Change(added=1),
         [("supplements_above_share", "政府采购法 第49条")]),
        (Standing(True, 20, 0, STANDING.starts_on, STANDING.ends_on, 2025), Change(added=2),
         [("budget_line_of_another_year", "预算法 第18条")]),
        (STANDING, Change(ends_on=date(2027, 6, 1)), []),
        (STANDING, Change(ends_on=date(2027, 6, 2)), [("contract_term", "财政部令第102号 第24条 †")]),
        (STANDING, Change(ends_on=date(2027, 1, 31)), [("term_not_longer", "本平台规则 合同的期限")]),
        (Standing(False, 20, 0, STANDING.starts_on, STANDING.ends_on, 2026), Change(added=1),
         [("contract_not_in_force", "政府采购法 第50条")]),
        (Standing(True, 20, 0, STANDING.starts_on, TODAY - timedelta(days=1), 2026), Change(added=1),
         [("contract_not_in_force", "政府采购法 第50条")]),
    ],
)  # fmt: skip
def test_each_guard_of_an_amendment_names_its_source(
    standing: Standing, change: Change, expected: list[tuple[str, str]]
) -> None:
    blocks = rules.amendment_blocks(standing, change, LIMITS, TODAY)
    assert [(block.code, str(block.source)) for block in blocks] == expected
    assert all(str(block.remedy) for block in blocks)


@given(st.integers(1, 5_000), st.lists(st.integers(1, 400), max_size=6))
def test_however_it_is_cut_into_supplements_they_stay_within_a_tenth(quantity: int, asked: list[int]) -> None:
    added = 0
    for units in asked:
        standing = Standing(True, quantity, added, STANDING.starts_on, STANDING.ends_on, 2026)
        if not rules.amendment_blocks(standing, Change(added=units), LIMITS, TODAY):
            added += units
    assert added * 10 <= quantity
    assert added <= rules.most_added(quantity, LIMITS.share)


async def amendment_id(contract_id: int, number: int = 1) -> int:
    query = "SELECT id FROM contract_amendment WHERE contract_id = $1 AND number = $2"
    return int(await database.fetch_value(query, contract_id, number))


async def agreed(here: Ground, change: Change) -> int:
    """Have an amendment proposed and signed by the provider."""
    number = await service.propose_amendment(here.who.officer, here.contract, change, "村社需求增加")
    row = await amendment_id(here.contract, number)
    await service.agree(here.who.provider, row)
    return row


async def in_force(here: Ground, change: Change) -> int:
    row = await agreed(here, change)
    await service.approve(here.who.approver, row)
    return row


async def test_added_units_are_reserved_and_bound_at_once_ordered_and_freed_like_the_others(db: None) -> None:
    here = await ground(villages=1, units=30, quantity=10)
    purchase = int(await database.fetch_value("SELECT purchase_id FROM contract WHERE id = $1", here.contract))
    assert await bound(purchase) == (0, 600_000, 0)
    await in_force(here, Change(added=1))
    assert await bound(purchase) == (0, 660_000, 0)
    row = await database.fetch_one("SELECT quantity, added FROM contract WHERE id = $1", here.contract)
    assert row == {"quantity": 10, "added": 1}
    orders = [await buying.placed_order(here.contract, here.codes[0]) for _ in range(11)]
    assert len(orders) == 11
    with pytest.raises(Blocked, match="合同数量11已经点完"):
        await buying.placed_order(here.contract, here.codes[0])
    await database.execute("UPDATE village_order SET status = 'cancelled', reason = 'test'")
    with clock.travelled_to(clock.now() + timedelta(days=400)):
        await conclude_purchases(here.who.officer, clock.now())
    assert await bound(purchase) == (0, 0, 0)


async def test_the_last_added_unit_completes_the_contract(db: None) -> None:
    here = await ground(villages=1, units=30, quantity=10)
    await in_force(here, Change(added=1))
    orders = await buying.delivered_orders(here.contract, here.codes * 11)
    found = Finding(True, 40, 5, "好")
    await accept_deliveries(here.who.acceptor, [Verdict(order, found) for order in orders[:10]])
    assert await database.fetch_value("SELECT status FROM purchase") == "delivering"
    await accept_deliveries(here.who.acceptor, [Verdict(orders[10], found)])
    assert await database.fetch_value("SELECT status FROM purchase") == "accepted"


async def test_the_text_says_what_changes_and_its_hash_is_kept(db: None) -> None:
    here = await ground(villages=1, quantity=10)
    row_id = await agreed(here, Change(added=1))
    row = await database.fetch_one("SELECT body_zh, text_sha256 FROM contract_amendment WHERE id = $1", row_id)
    assert row is not None
    for said in ("第 1 号", "增加数量：1 场；单价 600.00 元不变；增加金额：600.00 元。", "村社需求增加", "第四十九条"):
        assert said in row["body_zh"]
    assert "$" not in row["body_zh"]
    assert row["text_sha256"] == hashlib.sha256(row["body_zh"].encode()).digest()


async def test_a_longer_term_moves_the_last_day_and_no_money(db: None) -> None:
    here = await ground(villages=1)
    purchase = int(await database.fetch_value("SELECT purchase_id FROM contract"))
    longer = clock.today() + timedelta(days=330)
    await in_force(here, Change(ends_on=longer))
    assert await database.fetch_value("SELECT ends_on FROM contract") == longer
    assert await bound(purchase) == (0, 600_000, 0)


async def test_nothing_changes_before_the_second_person_approves(db: None) -> None:
    here = await ground(villages=1)
    row = await agreed(here, Change(added=1))
    assert await database.fetch_value("SELECT added FROM contract") == 0
    await service.refuse(here.who.approver, row, "预算不足")
    assert await database.fetch_value("SELECT added FROM contract") == 0
    with pytest.raises(TransitionRefused):
        await service.approve(here.who.approver, row)


async def all_that_is_left(here: Ground) -> purchases.PurchaseRequest:
    """Ask for as many units as the contract's budget line can still bear."""
    row = await database.fetch_one(
        """SELECT p.admission_id, p.budget_line_id, l.approved_fen - l.reserved_fen - l.committed_fen AS fen
           FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN budget_line l ON l.id = p.budget_line_id
           WHERE c.id = $1""",
        here.contract,
    )
    assert row is not None
    return purchases.PurchaseRequest(
        row["admission_id"], row["budget_line_id"], buying.DISTRICT, row["fen"] // 60_000, "用完预算"
    )


async def test_without_money_on_the_line_nothing_comes_into_force(db: None) -> None:
    here = await ground(villages=1)
    row = await agreed(here, Change(added=1))
    await purchases.request_purchases(here.who.officer, [await all_that_is_left(here)])
    with pytest.raises(BudgetExceeded):
        await service.approve(here.who.approver, row)
    assert await database.fetch_value("SELECT status FROM contract_amendment") == "agreed"
    assert await database.fetch_value("SELECT added FROM contract") == 0


async def test_each_step_belongs_to_its_own_person(db: None) -> None:
    here = await ground(villages=1)
    with pytest.raises(NotPermitted):
        await service.propose_amendment(here.who.provider, here.contract, Change(added=1), "想多做")
    await service.propose_amendment(here.who.officer, here.contract, Change(added=1), "需求增加")
    row = await amendment_id(here.contract)
    with pytest.raises(NotPermitted):
        await service.agree(here.who.officer, row)
    both = buying.acting(here.who.officer.actor, Role.PROVIDER, None, here.organization)
    with pytest.raises(SamePersonRefused):
        await service.agree(both, row)
    await service.agree(here.who.provider, row)
    for one in (here.who.officer, here.who.provider):
        with pytest.raises(SamePersonRefused):
            await service.approve(buying.acting(one.actor, Role.APPROVER, buying.CITY), row)
        with pytest.raises(SamePersonRefused):
            await service.refuse(buying.acting(one.actor, Role.APPROVER, buying.CITY), row, "自己不批")
    await service.approve(here.who.approver, row)


async def test_a_proposal_says_one_thing_and_why_and_only_one_is_open(db: None) -> None:
    here = await ground(villages=1)
    for change, reason, field in (
        (Change(), "理由", "added"),
        (Change(added=1, ends_on=TODAY), "理由", "ends_on"),
        (Change(added=1), " ", "reason_zh"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await service.propose_amendment(here.who.officer, here.contract, change, reason)
        assert list(refusal.value.fields) == [field]
    await service.propose_amendment(here.who.officer, here.contract, Change(added=1), "需求增加")
    with pytest.raises(service.AmendmentOpen):
        await service.propose_amendment(here.who.officer, here.contract, Change(added=1), "再加")
    await service.withdraw(here.who.officer, await amendment_id(here.contract), "写错了")
    assert await service.propose_amendment(here.who.officer, here.contract, Change(added=1), "再加") == 2
    await service.decline(here.who.provider, await amendment_id(here.contract, 2), "人手不够")
    statuses = await database.fetch("SELECT status FROM contract_amendment ORDER BY number")
    assert [row["status"] for row in statuses] == ["withdrawn", "declined"]


RAW = """
INSERT INTO contract_amendment (contract_id, number, status, added, ends_on, reason_zh, body_zh, text_sha256,
    proposed_by, proposed_at, signed_by_provider, agreed_at, approved_by, approved_at)
VALUES ($1, $2, 'in_force', $3, NULL, 'x', 'x', sha256('x'), $4, now(), $5, now(), $6, $7)
"""


async def test_raw_sql_cannot_exceed_the_share_of_the_day(db: None) -> None:
    here = await ground(villages=1, quantity=30)
    accounts = (here.who.officer.actor, here.who.provider.actor, here.who.approver.actor)
    share = "contract_supplements_within_share"
    await refused(share, RAW, here.contract, 1, 4, *accounts, clock.now())
    await database.execute(RAW, here.contract, 1, 2, *accounts, clock.now())
    await refused(share, RAW, here.contract, 2, 2, *accounts, clock.now())
    # Before the rule's first day there is no figure, and without one nothing may be added.
    await refused(share, RAW, here.contract, 2, 1, *accounts, clock.at_local(date(2001, 1, 1), time(10)))
    tomorrow = clock.today() + timedelta(days=1)
    await database.execute("UPDATE law_rule SET effective_to = $1 WHERE rule_key = 'contract.supplement'", tomorrow)
    await database.execute(
        """INSERT INTO law_rule (rule_key, document, article, value, unit, jurisdiction, effective_from, text_read)
           VALUES ('contract.supplement', 'x', 'y', 20, 'percent', 'CN', $1, true)""",
        tomorrow,
    )
    await refused(share, RAW, here.contract, 2, 2, *accounts, clock.now())
    await database.execute(RAW, here.contract, 2, 4, *accounts, clock.now() + timedelta(days=1))


async def test_raw_sql_cannot_change_what_was_agreed_nor_count_by_hand(db: None) -> None:
    here = await ground(villages=1, quantity=20)
    row = await in_force(here, Change(added=2))
    for change in ("added = 1", "reason_zh = 'y'", "status = 'agreed', approved_by = NULL, approved_at = NULL"):
        await refused("contract_amendment_is_frozen", f"UPDATE contract_amendment SET {change} WHERE id = $1", row)
    await refused("contract_amendment_is_frozen", "DELETE FROM contract_amendment")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute("TRUNCATE contract_amendment")
    await refused("contract_is_counted", "UPDATE contract SET added = 5")
    await refused("contract_is_frozen", "UPDATE contract SET ends_on = ends_on + 30")


async def test_an_amendment_and_a_purchase_at_once_never_bind_more_than_the_line(db: None) -> None:
    for turn in range(rounds(3, 100)):
        here = await ground(villages=1, quantity=10, station=False)
        row = await agreed(here, Change(added=1))
        request = await all_that_is_left(here)
        outcomes = await asyncio.gather(
            service.approve(here.who.approver, row),
            purchases.request_purchases(here.who.officer, [request]),
            return_exceptions=True,
        )
        refused = [one for one in outcomes if isinstance(one, BaseException)]
        assert [type(one) for one in refused] == [BudgetExceeded], turn
        added = await database.fetch_value("SELECT added FROM contract WHERE id = $1", here.contract)
        assert added == int(outcomes[0] is None)
        if isinstance(outcomes[1], list):
            await purchases.cancel_purchase(here.who.officer, outcomes[1][0], "下一轮")
