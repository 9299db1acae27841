"""A purchase by three sealed quotations from the request to the claim, with every refusal in its words."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from marketplace.organizations.provision import Category
from procurement.blocks import Blocked
from procurement.contracts.service import ContractOffer, offer_contracts, sign_contracts
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.offers.comparisons.service import propose_supplier, set_aside
from procurement.offers.keepers.service import KeyExists, make_key, revoke_key
from procurement.offers.openings.service import AlreadyUnlocked, KeyLost, NothingToOpen, WrongPassphrase, unlock
from procurement.offers.requests.service import request_quotations
from procurement.offers.rounds.service import KeeperNotSeparate, invite_suppliers
from procurement.offers.rules import Ground
from procurement.offers.submissions.service import NotTakingQuotations, TooLate, hand_in, take_back
from procurement.purchases.service import PurchaseDecision, cancel_purchase, decide_purchases
from tests.procurement import buying
from tests.procurement.offers import bidding

LINE = """SELECT reserved_fen, committed_fen, spent_fen FROM budget_line l JOIN purchase p ON p.budget_line_id = l.id
          WHERE p.id = $1"""


async def bound(purchase_id: int) -> tuple[int, int, int]:
    row = await database.fetch_one(LINE, purchase_id)
    assert row is not None
    return row["reserved_fen"], row["committed_fen"], row["spent_fen"]


async def status_of(purchase_id: int) -> str:
    return str(await database.fetch_value("SELECT status FROM purchase WHERE id = $1", purchase_id))


async def test_from_the_request_to_the_accepted_delivery(db: None) -> None:
    here = await bidding.compared()
    row = await database.fetch_one(
        "SELECT status, organization_id, unit_price_fen, amount_fen FROM purchase WHERE id = $1", here.purchase_id
    )
    assert row == {
        "status": "compared",
        "organization_id": here.suppliers[1].organization_id,
        "unit_price_fen": 52_000,
        "amount_fen": 520_000,
    }
    assert await bound(here.purchase_id) == (520_000, 0, 0)  # 80,000 of the 600,000 are free again
    await decide_purchases(here.approver, [PurchaseDecision(here.purchase_id, approve=True)])
    today = clock.today()
    offer = ContractOffer(here.purchase_id, today, today + timedelta(days=300))
    [contract_id] = await offer_contracts(here.officer, [offer])
    text = await database.fetch_value("SELECT body_zh FROM contract WHERE id = $1", contract_id)
    assert "三家比价" in text
    assert "框架协议" not in text
    assert "520.00 元" in text
    await sign_contracts(here.suppliers[1].member, [contract_id])
    assert await bound(here.purchase_id) == (0, 520_000, 0)
    await buying.station(buying.DISTRICT)
    codes = [village["code"] for village in await buying.villages(1)]
    await buying.quota(codes, 3)
    [order_id] = await buying.delivered_orders(contract_id, codes)
    await accept_deliveries(here.acceptor, [Verdict(order_id, Finding(True, 40, 5, "好"))])
    assert await database.fetch_value("SELECT accepted FROM contract WHERE id = $1", contract_id) == 1
    assert await status_of(here.purchase_id) == "delivering"


async def test_a_request_reserves_the_ceiling_and_names_what_stands_in_its_way(db: None) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.CITY)
    line = await buying.budget_line(500_000_000)
    purchase_id = await request_quotations(officer, await bidding.wish(line))
    assert await bound(purchase_id) == (600_000, 0, 0)
    for changes, code, cited in (
        ({"quantity": 1000, "ceiling_fen": 100_000}, "quotation_above_limit", "浙江省政府集中采购目录及标准 二 †"),
        ({"quantity": 999, "ceiling_fen": 100_000}, "quotation_splitting", "政府采购法实施条例 第28条 †"),
        ({"place_code": "330110"}, "budget_line_of_another_purpose", "政府采购法 第33条"),
    ):
        with pytest.raises(Blocked) as refusal:
            await request_quotations(officer, await bidding.wish(line, **changes))
        assert code in [block.code for block in refusal.value.blocks]
        [block] = [block for block in refusal.value.blocks if block.code == code]
        assert str(block.source) == cited
        assert str(block.remedy)
    other = await bidding.wish(line, quantity=990, ceiling_fen=100_000, category=Category.CONSULTATION)
    await request_quotations(officer, other)  # another category is another sum


async def test_a_sum_is_not_split_by_two_requests_at_once(db: None) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.CITY)
    line = await buying.budget_line(500_000_000)
    wishes = [await bidding.wish(line, quantity=300, ceiling_fen=100_000) for _ in range(5)]
    done = await asyncio.gather(*(request_quotations(officer, one) for one in wishes), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Blocked", "Blocked", "int", "int", "int"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"ceiling_fen": 0}, "ceiling_fen"),
        ({"purpose_zh": " "}, "purpose_zh"),
        ({"requirements": ["", " "]}, "requirements"),
    ],
)
async def test_an_incomplete_request_is_refused_by_field(db: None, changes: dict[str, object], field: str) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.CITY)
    with pytest.raises(InvalidInput) as refusal:
        await request_quotations(officer, await bidding.wish(**changes))
    assert list(refusal.value.fields) == [field]
    with pytest.raises(NotPermitted):
        await request_quotations(await buying.person_as(Role.PROCUREMENT_OFFICER, "330110"), await bidding.wish())


async def test_an_invitation_needs_days_suppliers_and_keepers(db: None) -> None:
    here = await bidding.requested()
    soon, later = clock.now() + timedelta(days=2), clock.now() + timedelta(days=4)
    with pytest.raises(Blocked) as refusal:
        few = [one.public_id for one in here.suppliers[:2]]
        asked = bidding.invitation(here, soon, organizations=few, keepers=[here.keepers[0].public_id])
        await invite_suppliers(here.officer, asked)
    assert [block.code for block in refusal.value.blocks] == [
        "quotation_days",
        "quotation_suppliers",
        "quotation_keepers",
    ]
    with pytest.raises(InvalidInput) as wrong:
        await invite_suppliers(here.officer, bidding.invitation(here, later, needed=1))
    assert list(wrong.value.fields) == ["needed"]
    unverified = await buying.organization()
    await database.execute("UPDATE organization SET status = 'suspended' WHERE id = $1", unverified)
    stranger = await database.fetch_value("SELECT public_id FROM organization WHERE id = $1", unverified)
    with pytest.raises(InvalidInput) as wrong:
        asked = bidding.invitation(here, later, organizations=[*(one.public_id for one in here.suppliers), stranger])
        await invite_suppliers(here.officer, asked)
    assert list(wrong.value.fields) == ["organizations"]
    await invite_suppliers(here.officer, bidding.invitation(here, later))
    assert await status_of(here.purchase_id) == "quotations_sealed"
    told = await database.fetch(
        "SELECT account_id, link FROM notification WHERE link LIKE '/my/quotations/%' OR link LIKE '/buying/quot%'"
    )
    wanted = {*(one.member.actor for one in here.suppliers), *(one.actor for one in here.keepers)}
    assert wanted <= {row["account_id"] for row in told}


async def test_who_asks_and_who_supplies_keeps_no_key(db: None) -> None:
    here = await bidding.requested()
    later = clock.now() + timedelta(days=4)
    with clock.travelled_to(clock.now()):
        await make_key(here.officer, "the officer's own words", "the officer's own words")
    mine = [here.officer.public_id, here.keepers[0].public_id, here.keepers[1].public_id]
    with pytest.raises(KeeperNotSeparate):
        await invite_suppliers(here.officer, bidding.invitation(here, later, keepers=mine))
    await database.execute(
        """INSERT INTO membership (account_id, role, organization_id, valid_from) VALUES ($1, 'provider', $2, now())""",
        here.keepers[2].actor,
        here.suppliers[0].organization_id,
    )
    with pytest.raises(KeeperNotSeparate):
        await invite_suppliers(here.officer, bidding.invitation(here, later))
    assert await status_of(here.purchase_id) == "reserved"


async def test_raw_sql_cannot_shorten_a_round(db: None) -> None:
    here = await bidding.requested()
    with pytest.raises(asyncpg.CheckViolationError, match="three suppliers") as refusal:
        await database.insert_row(
            "quotation_round",
            {
                "purchase_id": here.purchase_id, "number": 1, "deadline": clock.now(), "needed": 2,
                "invited_by": here.officer.actor, "invited_at": clock.now(),
            },
        )  # fmt: skip
    assert refusal.value.constraint_name == "quotation_round_whole"


async def test_a_supplier_replaces_and_takes_back_before_the_deadline(db: None) -> None:
    here = await bidding.invited(2.5)
    first = await bidding.quote(here, 0, 58_000)
    second = await bidding.quote(here, 0, 50_000)
    assert first.sha256 != second.sha256
    assert first.received_at < second.received_at
    await take_back(here.suppliers[1].member, await bidding.invitation_of(here, 1))
    await bidding.quote(here, 1, 51_000)
    await bidding.quote(here, 2, 52_000)
    await bidding.passed(here)
    with pytest.raises(TooLate, match="报价已截止"):
        await bidding.quote(here, 0, 1)
    with pytest.raises(TooLate):
        await take_back(here.suppliers[0].member, await bidding.invitation_of(here, 0))
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            """INSERT INTO sealed_quotation (invitation_id, round_id, submitted_by, received_at)
               SELECT i.id, i.round_id, $1, now() - interval '1 day' FROM quotation_invitation i LIMIT 1""",
            here.officer.actor,
        )
    assert refusal.value.constraint_name == "quotation_in_time"
    await unlock(here.keepers[2], here.purchase_id, bidding.passphrase(2))
    assert await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))
    prices = await database.fetch("SELECT unit_price_fen FROM opened_quotation ORDER BY unit_price_fen")
    assert [row["unit_price_fen"] for row in prices] == [50_000, 51_000, 52_000]


async def test_a_quotation_that_cannot_stand_is_refused_and_kept_nowhere(db: None) -> None:
    here = await bidding.invited()
    for changes, field in (
        ({"unit_price_fen": bidding.CEILING + 1}, "unit_price_fen"),
        ({"unit_price_fen": 0}, "unit_price_fen"),
        ({"product_reference": here.suppliers[1].product}, "product"),
        ({"legal_representative": " "}, "legal_representative"),
        ({"met": (3,)}, "met"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await bidding.quote(here, 0, **{"price": 50_000} | changes) if "unit_price_fen" not in changes else (
                await hand_in(
                    here.suppliers[0].member,
                    await bidding.invitation_of(here, 0),
                    bidding.offered(here, 0, int(changes["unit_price_fen"])),
                )
            )
        assert list(refusal.value.fields) == [field]
    with pytest.raises(NotFound):
        await hand_in(here.suppliers[1].member, await bidding.invitation_of(here, 0), bidding.offered(here, 0, 50_000))
    assert await database.fetch_value("SELECT count(*) FROM sealed_quotation") == 0


async def test_nobody_opens_before_the_deadline_and_one_keeper_opens_nothing(db: None) -> None:
    here = await bidding.invited(2.0)
    for number, price in enumerate(bidding.PRICES):
        await bidding.quote(here, number, price)
    with pytest.raises(Blocked, match="截止之前任何人都不能开启报价"):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            """INSERT INTO quotation_unlock (keeper_id, round_id, unlocked_at)
               SELECT id, round_id, now() + interval '1 day' FROM quotation_keeper LIMIT 1"""
        )
    assert refusal.value.constraint_name == "quotation_unlock_after_deadline"
    await bidding.passed(here)
    with pytest.raises(NotFound):
        await unlock(here.officer, here.purchase_id, bidding.passphrase(0))
    with pytest.raises(WrongPassphrase):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(1))
    assert not await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    with pytest.raises(AlreadyUnlocked):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    assert await status_of(here.purchase_id) == "quotations_sealed"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            "INSERT INTO quotation_opening (round_id, opened_at) SELECT id, now() FROM quotation_round"
        )
    assert refusal.value.constraint_name == "quotation_opening_together"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute("UPDATE purchase SET status = 'opened' WHERE id = $1", here.purchase_id)
    assert refusal.value.constraint_name == "purchase_as_opened"
    assert await unlock(here.keepers[2], here.purchase_id, bidding.passphrase(2))
    with pytest.raises(NothingToOpen):
        await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))


async def test_too_few_quotations_stay_closed_and_suppliers_are_invited_again(db: None) -> None:
    here = await bidding.sealed(bidding.PRICES[:2])
    with pytest.raises(Blocked, match="收到的报价不足3家，不予开启"):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    await bidding.invite(here, 1.0)
    for number, price in enumerate(bidding.PRICES):
        await bidding.quote(here, number, price)
    with pytest.raises(Blocked, match="报价还没有截止"):
        await bidding.invite(here)
    await bidding.passed(here)
    with pytest.raises(Blocked, match="有效报价已满3家"):
        await bidding.invite(here)
    await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    assert await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))
    assert await database.fetch_value("SELECT count(*) FROM opened_quotation") == 3


async def test_lost_keys_are_said_and_the_round_is_invited_again_at_once(db: None) -> None:
    here = await bidding.invited(1.5)
    for number, price in enumerate(bidding.PRICES):
        await bidding.quote(here, number, price)
    await revoke_key(here.keepers[0])
    await bidding.passed(here)
    with pytest.raises(KeyLost):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    await revoke_key(here.keepers[1])
    with pytest.raises(Blocked, match="可用的密钥少于2把，这一轮报价已无法开启"):
        await unlock(here.keepers[2], here.purchase_id, bidding.passphrase(2))
    for number in (0, 1):
        await make_key(here.keepers[number], f"the new words of {number}", f"the new words of {number}")
    await bidding.invite(here, 60)
    assert await database.fetch_value("SELECT max(number) FROM quotation_round") == 2
    with pytest.raises(NotTakingQuotations):
        old = await database.fetch_value(
            """SELECT i.public_id FROM quotation_invitation i JOIN quotation_round r ON r.id = i.round_id
               WHERE r.number = 1 AND i.organization_id = $1""",
            here.suppliers[0].organization_id,
        )
        await take_back(here.suppliers[0].member, old)


async def test_a_keeper_makes_one_key_with_a_long_passphrase(db: None) -> None:
    officer = await buying.person_as(Role.APPROVER, buying.CITY)
    with pytest.raises(InvalidInput):
        await make_key(officer, "short", "short")
    with pytest.raises(InvalidInput):
        await make_key(officer, "long enough words", "long enough wordz")
    await make_key(officer, "long enough words", "long enough words")
    with pytest.raises(KeyExists):
        await make_key(officer, "long enough words", "long enough words")
    with pytest.raises(NotPermitted):
        await make_key(await buying.person_as(Role.VILLAGE_CLERK, "330106001"), "long enough words", "")
    await revoke_key(officer)
    row = await database.fetch_one("SELECT private_sealed, revoked_at FROM keeper_key")
    assert row is not None
    assert row["private_sealed"] is None
    with pytest.raises(NotFound):
        await revoke_key(officer)


async def test_suppliers_under_one_control_are_both_out(db: None) -> None:
    here = await bidding.requested(5)
    await bidding.invite(here, 2.0)
    for number, price in enumerate((50_000, 51_000, 52_000, 53_000, 54_000)):
        control = "某 集团" if number == 0 else ("某集团" if number == 1 else "")
        await bidding.quote(here, number, price, controlled_by=control)
    await bidding.passed(here)
    await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))
    out = await database.fetch(
        """SELECT q.organization_id, x.ground FROM quotation_exclusion x
           JOIN opened_quotation q ON q.id = x.opened_quotation_id"""
    )
    both = {here.suppliers[0].organization_id, here.suppliers[1].organization_id}
    assert {(row["organization_id"], row["ground"]) for row in out} == {(one, "same_control") for one in both}
    with pytest.raises(InvalidInput):
        await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 0))
    await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 2))
    body = await database.fetch_value("SELECT body_zh FROM quotation_comparison")
    assert "不计入比较。原因：法定代表人相同或存在控股、管理关系" in body


async def test_another_than_the_lowest_needs_reasons_and_the_minutes_their_people(db: None) -> None:
    here = await bidding.opened()
    for changes, field in (
        ({}, "reasons"),
        ({"participants": ("王一", " ")}, "participants"),
        ({"held_on": clock.today() + timedelta(days=1)}, "held_on"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 0, **changes))
        assert field in refusal.value.fields
    reasons = "讲师均为执业五年以上律师"
    sha256 = await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 0, reasons=reasons))
    row = await database.fetch_one("SELECT body_zh, text_sha256 FROM quotation_comparison")
    assert row is not None
    assert row["text_sha256"].hex() == sha256
    assert reasons in row["body_zh"]
    assert "1. " in row["body_zh"]
    assert await bound(here.purchase_id) == (580_000, 0, 0)
    with pytest.raises(TransitionRefused):
        await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 1))


async def test_an_abnormally_low_price_is_looked_at_again(db: None) -> None:
    here = await bidding.opened((20_000, 52_000, 55_000))
    with pytest.raises(InvalidInput) as refusal:
        await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 0))
    assert list(refusal.value.fields) == ["reasons"]
    await propose_supplier(
        here.officer, here.purchase_id, await bidding.proposal(here, 0, reasons="已核实成本，能够履约")
    )
    assert "价格偏低，已提示核实" in await database.fetch_value("SELECT body_zh FROM quotation_comparison")


async def test_with_too_few_that_count_there_is_no_comparison_but_another_round(db: None) -> None:
    here = await bidding.opened()
    with pytest.raises(InvalidInput):
        await set_aside(
            here.officer, here.purchase_id, await bidding.opened_id(here, 0), Ground.REQUIREMENT_NOT_MET, " "
        )
    quotation = await bidding.opened_id(here, 0)
    await set_aside(here.officer, here.purchase_id, quotation, Ground.REQUIREMENT_NOT_MET, "讲师没有执业证")
    with pytest.raises(Blocked, match="有效报价不足3家"):
        await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 1))
    await bidding.invite(here, 60)
    assert await status_of(here.purchase_id) == "quotations_sealed"


async def test_an_altered_quotation_shows_itself_and_waits_for_every_keeper(db: None) -> None:
    here = await bidding.invited(2.0, suppliers=4)
    for number, price in enumerate((50_000, 51_000, 52_000, 53_000)):
        await bidding.quote(here, number, price)
    await bidding.passed(here)
    await _as_owner(
        """ALTER TABLE sealed_quotation DISABLE TRIGGER append_only;
           UPDATE sealed_quotation SET ciphertext = ciphertext || '\\x00'::bytea,
                  ciphertext_sha256 = sha256(ciphertext || '\\x00'::bytea)
           WHERE id = (SELECT min(id) FROM sealed_quotation)"""
    )
    assert not await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    assert not await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))
    assert await unlock(here.keepers[2], here.purchase_id, bidding.passphrase(2))
    grounds = await database.fetch(
        """SELECT q.readable, x.ground FROM opened_quotation q
           LEFT JOIN quotation_exclusion x ON x.opened_quotation_id = q.id ORDER BY q.id"""
    )
    assert [(row["readable"], row["ground"]) for row in grounds] == [(False, "unreadable"), *[(True, None)] * 3]


async def _as_owner(sql: str) -> None:
    from app.core import embedded

    name = await database.fetch_value("SELECT current_database()")
    connection = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, name))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_raw_sql_cannot_give_a_purchase_another_supplier_or_price(db: None) -> None:
    here = await bidding.compared()
    for change in ("unit_price_fen = 1, amount_fen = quantity", "organization_id = $2"):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(
                f"UPDATE purchase SET {change}, evaluation_zh = $2::bigint::text WHERE id = $1",
                here.purchase_id,
                here.suppliers[0].organization_id,
            )
        assert refusal.value.constraint_name == "purchase_as_compared"


async def test_a_refusal_or_cancellation_frees_what_is_left(db: None) -> None:
    here = await bidding.compared()
    await decide_purchases(here.approver, [PurchaseDecision(here.purchase_id, approve=False, reason="不急")])
    assert (await status_of(here.purchase_id), await bound(here.purchase_id)) == ("refused", (0, 0, 0))
    other = await bidding.another(here)
    await cancel_purchase(other.officer, other.purchase_id, "计划调整")
    assert await bound(other.purchase_id) == (0, 0, 0)
    with pytest.raises(TransitionRefused):
        await bidding.invite(other)


async def test_deadlines_belong_to_the_real_clock(db: None) -> None:
    """Whatever the program believes the time is, the database's clock decides."""
    here = await bidding.invited(0.5)
    await bidding.passed(here)
    with clock.travelled_to(datetime.now(tz=clock.SHANGHAI) - timedelta(days=1)), pytest.raises(TooLate):
        await bidding.quote(here, 0, 50_000)
