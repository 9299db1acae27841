"""Asking for quotations and inviting to them, with every refusal in its words."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotFound, NotPermitted
from marketplace.organizations.provision import Category
from procurement.blocks import Blocked
from procurement.offers.keepers.service import KeyExists, make_key, revoke_key
from procurement.offers.openings.service import KeyLost, unlock
from procurement.offers.requests.service import request_quotations
from procurement.offers.rounds.service import KeeperNotSeparate, invite_suppliers
from procurement.offers.submissions.service import NotTakingQuotations, take_back
from tests.procurement import buying
from tests.procurement.offers import bidding
from tests.procurement.offers.bidding import bound, status_of


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


async def test_too_few_quotations_stay_closed_and_suppliers_are_invited_again(db: None) -> None:
    here = await bidding.sealed(bidding.PRICES[:2])
    with pytest.raises(Blocked, match="收到的报价不足3家，不予开启"):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    await bidding.invite(here)
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
    here = await bidding.invited()
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
    await bidding.invite(here)
    assert await database.fetch_value("SELECT max(number) FROM quotation_round") == 2
    with pytest.raises(NotTakingQuotations):
        old = await database.fetch_value(
            """SELECT i.public_id FROM quotation_invitation i JOIN quotation_round r ON r.id = i.round_id
               WHERE r.number = 1 AND i.organization_id = $1""",
            here.suppliers[0].organization_id,
        )
        await take_back(here.suppliers[0].member, old)
