"""Villages order within quota and quantity, providers take or decline, also in a crowd."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from procurement.blocks import Blocked
from procurement.deliveries import service
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.quotas.service import QuotaBelowUse, VillageQuota, set_quotas
from procurement.deliveries.service import NewOrder
from tests.conftest import rounds
from tests.procurement import buying
from tests.refusals import refused


class Ground:
    """A district with a signed contract, villages with quotas, and the people of it."""

    def __init__(self, contract: int, who: buying.People, codes: list[str], organization: int) -> None:
        self.contract, self.who, self.codes, self.organization = contract, who, codes, organization


async def ground(villages: int = 2, units: int = 2, quantity: int = 10, station: bool = True) -> Ground:
    organization = await buying.organization()
    who = await buying.people(organization)
    contract = await buying.signed_contract(organization, who, quantity)
    codes = [row["code"] for row in await buying.villages(villages)]
    await buying.quota(codes, units)
    if station:
        await buying.station(buying.DISTRICT)
    return Ground(contract, who, codes, organization)


async def counters(contract: int, place_code: str) -> tuple[int, int]:
    ordered = await database.fetch_value("SELECT ordered FROM contract WHERE id = $1", contract)
    used = await database.fetch_value(
        "SELECT used FROM village_quota q JOIN place ON place.id = q.place_id WHERE place.code = $1", place_code
    )
    return ordered, used


async def status_of(order_id: int) -> str:
    return str(await database.fetch_value("SELECT status FROM village_order WHERE id = $1", order_id))


async def test_a_clerk_orders_for_the_own_village_until_the_quota_is_used_up(db: None) -> None:
    here = await ground()
    [mine, other] = here.codes
    clerk = await buying.person_as(Role.VILLAGE_CLERK, mine)
    await service.place_orders(clerk, [NewOrder(here.contract, mine, buying.soon())] * 2)
    assert await counters(here.contract, mine) == (2, 2)
    with pytest.raises(Blocked, match="额度2已经用完"):
        await service.place_orders(clerk, [NewOrder(here.contract, mine, buying.soon())])
    with pytest.raises(NotPermitted):
        await service.place_orders(clerk, [NewOrder(here.contract, other, buying.soon())])
    purchase = await database.fetch_value("SELECT status FROM purchase")
    assert purchase == "delivering"


async def test_a_batch_is_judged_order_by_order_and_lands_whole_or_not_at_all(db: None) -> None:
    here = await ground(villages=3, units=2, quantity=5)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, buying.DISTRICT)
    wished = [NewOrder(here.contract, code, buying.soon()) for code in here.codes for _ in range(2)]
    with pytest.raises(Blocked, match="第36条"):
        await service.place_orders(clerk, wished)
    assert await counters(here.contract, here.codes[0]) == (0, 0)
    assert len(await service.place_orders(clerk, wished[:5])) == 5
    assert await counters(here.contract, here.codes[2]) == (5, 1)


async def test_next_year_s_order_uses_next_year_s_quota(db: None) -> None:
    here = await ground(villages=1)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    next_year = buying.soon(250)
    if next_year.year == clock.today().year:
        next_year = clock.at_local(clock.today().replace(year=clock.today().year + 1, month=1, day=5), next_year.time())
    with pytest.raises(Blocked, match="没有配送额度"):
        await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], next_year)])
    await buying.quota(here.codes, 1, next_year.year)
    await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], next_year)])
    with pytest.raises(asyncpg.PostgresError, match="village_order_quota_year"):
        await database.execute("UPDATE village_order SET wished_start = wished_start - interval '1 year'")


async def test_a_declined_and_a_cancelled_order_give_their_units_back(db: None) -> None:
    here = await ground(villages=1, units=2, quantity=2)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    first, second = await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], buying.soon())] * 2)
    with pytest.raises(InvalidInput):
        await service.answer_orders(here.who.provider, [OrderAnswer(first, take=False)])
    counts = await service.answer_orders(here.who.provider, [OrderAnswer(first, take=False, reason="讲师请假")])
    assert counts == {"declined": 1}
    told = await database.fetch("SELECT detail::text, link FROM notification WHERE account_id = $1", clerk.actor)
    assert ["讲师请假" in row["detail"] for row in told] == [True]
    await service.cancel_order(clerk, second, "村里停电")
    assert await counters(here.contract, here.codes[0]) == (0, 0)
    with pytest.raises(TransitionRefused):
        await service.answer_orders(here.who.provider, [OrderAnswer(second, take=True)])
    assert len(await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], buying.soon())] * 2)) == 2


async def test_only_the_contract_s_provider_answers_and_not_who_placed_it(db: None) -> None:
    here = await ground(villages=1)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    [order] = await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], buying.soon())])
    stranger = await buying.person_as(Role.PROVIDER, None, await buying.organization())
    with pytest.raises(NotPermitted):
        await service.answer_orders(stranger, [OrderAnswer(order, take=True)])
    with pytest.raises(SamePersonRefused):
        both = buying.acting(clerk.actor, Role.PROVIDER, None, here.organization)
        await service.answer_orders(both, [OrderAnswer(order, take=True)])
    with pytest.raises(NotFound):
        await service.answer_orders(here.who.provider, [OrderAnswer(order + 1, take=True)])


async def test_a_quota_never_falls_below_what_is_used(db: None) -> None:
    here = await ground(villages=1, units=2)
    await buying.placed_order(here.contract, here.codes[0])
    year = buying.soon().year
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    with pytest.raises(QuotaBelowUse):
        await set_quotas(officer, [VillageQuota(here.codes[0], year, 0)])
    assert await set_quotas(officer, [VillageQuota(here.codes[0], year, 1)]) == 1
    assert await set_quotas(officer, [VillageQuota(here.codes[0], year, 1)]) == 0
    with pytest.raises(NotFound):
        await set_quotas(officer, [VillageQuota(buying.DISTRICT, year, 1)])


RAW = """INSERT INTO village_order (contract_id, quota_id, place_id, year, status, wished_start, minutes, placed_by,
                                    placed_at)
         SELECT $1, q.id, q.place_id, q.year, 'placed', $3, 60, $4, now()
         FROM village_quota q JOIN place ON place.id = q.place_id WHERE place.code = $2"""


async def test_raw_sql_cannot_order_beyond_quota_or_quantity_nor_count_by_hand(db: None) -> None:
    here = await ground(villages=2, units=3, quantity=4)
    someone, start = here.who.officer.actor, buying.soon()
    for _ in range(3):
        await database.execute(RAW, here.contract, here.codes[0], start, someone)
    with pytest.raises(asyncpg.CheckViolationError, match="village_quota_kept"):
        await database.execute(RAW, here.contract, here.codes[0], start, someone)
    await database.execute(RAW, here.contract, here.codes[1], start, someone)
    with pytest.raises(asyncpg.CheckViolationError, match="contract_quantity"):
        await database.execute(RAW, here.contract, here.codes[1], start, someone)
    await refused("village_quota_is_counted", "UPDATE village_quota SET used = 0")
    await refused("contract_is_counted", "UPDATE contract SET ordered = 0")
    await database.execute("DELETE FROM village_order")
    assert await counters(here.contract, here.codes[0]) == (0, 0)


async def test_raw_sql_cannot_order_before_the_second_signature(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.approved_purchase(organization, who)
    from procurement.contracts import service as contracts

    today = clock.today()
    [contract_id] = await contracts.offer_contracts(
        who.officer, [contracts.ContractOffer(purchase_id, today, today + timedelta(days=60))]
    )
    [village] = await buying.villages(1)
    await buying.quota([village["code"]], 1)
    with pytest.raises(asyncpg.CheckViolationError, match="contract_signed_before_orders"):
        await database.execute(RAW, contract_id, village["code"], buying.soon(), who.officer.actor)
    with pytest.raises(Blocked, match="合同还没有签订"):
        await buying.placed_order(contract_id, village["code"])


async def test_of_many_clerks_exactly_one_gets_the_last_unit_of_the_quota(db: None) -> None:
    here = await ground(villages=rounds(4, 100), units=1, quantity=500)
    for code in here.codes:
        clerks = [await buying.person_as(Role.VILLAGE_CLERK, code) for _ in range(8)]
        outcomes = await asyncio.gather(
            *(service.place_orders(clerk, [NewOrder(here.contract, code, buying.soon())]) for clerk in clerks),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, Blocked) for outcome in outcomes) == 7, outcomes
        assert (await counters(here.contract, code))[1] == 1


async def test_of_many_villages_exactly_one_gets_the_last_unit_of_the_contract(db: None) -> None:
    here = await ground(villages=12, units=100, quantity=3)
    clerks = [(code, await buying.person_as(Role.VILLAGE_CLERK, code)) for code in here.codes]
    for _ in range(rounds(3, 100)):
        outcomes = await asyncio.gather(
            *(service.place_orders(clerk, [NewOrder(here.contract, code, buying.soon())]) for code, clerk in clerks),
            return_exceptions=True,
        )
        placed = [outcome[0] for outcome in outcomes if isinstance(outcome, list)]
        assert len(placed) == 3
        assert sum(isinstance(outcome, Blocked) for outcome in outcomes) == 9, outcomes
        refusals = [OrderAnswer(order, take=False, reason="腾出名额") for order in placed]
        await service.answer_orders(here.who.provider, refusals)


async def test_ordering_answering_and_cancelling_at_once_do_not_deadlock_and_the_counters_agree(db: None) -> None:
    here = await ground(villages=6, units=50, quantity=200)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, buying.DISTRICT)
    many = rounds(3, 30)
    for _ in range(many):
        first = await service.place_orders(clerk, [NewOrder(here.contract, code, buying.soon()) for code in here.codes])
        outcomes = await asyncio.gather(
            service.answer_orders(here.who.provider, [OrderAnswer(order, False, "同时") for order in first[:4]]),
            service.answer_orders(here.who.provider, [OrderAnswer(order, False, "同时") for order in first[2:][::-1]]),
            *(service.cancel_order(clerk, order, "同时") for order in first[::-1]),
            service.place_orders(clerk, [NewOrder(here.contract, code, buying.soon()) for code in here.codes[::-1]]),
            return_exceptions=True,
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert all(isinstance(outcome, TransitionRefused) for outcome in refused), refused
    live = await database.fetch_value("SELECT count(*) FROM village_order WHERE live")
    assert await database.fetch_value("SELECT ordered FROM contract WHERE id = $1", here.contract) == live
    assert await database.fetch_value("SELECT sum(used) FROM village_quota") == live
    assert live == 6 * many
