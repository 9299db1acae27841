"""From a taken order to the accepted one: people are sent, attendance says what came, another person accepts."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Role, system_principal
from app.core.errors import InvalidInput, NotPermitted, TransitionRefused
from procurement.deliveries import jobs, service
from procurement.deliveries.acceptances.conclusion import conclude_purchases
from procurement.deliveries.acceptances.service import AcceptorInvolved, Verdict, accept_deliveries
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.rules import Finding
from procurement.deliveries.scheduling.service import note_deliveries, schedule_orders
from procurement.deliveries.service import NewOrder
from procurement.purchases import service as purchases
from procurement.purchases.closing import service as closing
from procurement.purchases.service import PurchaseDecision, PurchaseRequest
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.served import RAW_JUDGED
from tests.procurement.deliveries.test_orders import Ground, counters, ground, status_of
from tests.refusals import refused
from volunteers.attendance.rules import Outcome

GOOD = Finding(True, 40, 5, "讲得清楚")


async def taken(here: Ground, codes: list[str]) -> list[int]:
    ids = [await buying.placed_order(here.contract, code) for code in codes]
    await service.answer_orders(here.who.provider, [OrderAnswer(order, take=True) for order in ids])
    return ids


async def test_a_taken_order_becomes_an_open_assignment_of_the_nearest_station(db: None) -> None:
    here = await ground(villages=1)
    town_station = await buying.station(here.codes[0][:9])
    [order] = await taken(here, here.codes)
    assert await status_of(order) == "scheduled"
    row = await database.fetch_one(
        """SELECT a.kind, a.status, a.station_id, a.created_by, a.starts = o.wished_start AS on_time, a.insured,
                  a.compensation FROM village_order o JOIN assignment a ON a.id = o.assignment_id WHERE o.id = $1""",
        order,
    )
    assert row == {
        "kind": "lecture",
        "status": "open",
        "station_id": town_station,
        "created_by": here.who.provider.actor,
        "on_time": True,
        "insured": True,
        "compensation": "expenses",
    }


async def test_a_village_without_a_station_waits_until_there_is_one(db: None) -> None:
    here = await ground(villages=1, station=False)
    [order] = await taken(here, here.codes)
    assert await status_of(order) == "taken"
    await buying.station(buying.DISTRICT)
    assert await jobs.follow_orders(clock.now()) == {"scheduled": 1, "delivered": 0, "missed": 0}
    assert await status_of(order) == "scheduled"


async def test_a_crash_between_publishing_and_linking_leaves_one_assignment(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await ground(villages=2)
    from procurement.deliveries.scheduling import service as scheduling

    async def crash(_: object) -> int:
        raise ConnectionError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(scheduling, "_link", crash)
        with pytest.raises(ConnectionError):
            await taken(here, here.codes)
    assert await database.fetch_value("SELECT count(*) FROM assignment") == 2
    assert await schedule_orders() == 2
    assert await database.fetch_value("SELECT count(*) FROM assignment") == 2
    assert await database.fetch_value("SELECT count(*) FROM village_order WHERE status = 'scheduled'") == 2


async def test_many_runs_at_once_schedule_each_order_once(db: None) -> None:
    here = await ground(villages=4, station=False, units=100, quantity=400)
    for turn in range(rounds(2, 40)):
        await taken(here, here.codes)
        if turn == 0:
            await buying.station(buying.DISTRICT)
        await database.execute("UPDATE village_order SET status = 'taken', assignment_id = NULL")
        await database.execute("UPDATE assignment SET status = 'cancelled', cancelled_reason = 'test'")
        before = await database.fetch_value("SELECT count(*) FROM assignment")
        counts = await asyncio.gather(*(schedule_orders() for _ in range(5)))
        assert sum(counts) == 4 * (turn + 1)
        assert await database.fetch_value("SELECT count(*) FROM assignment") - before == 4 * (turn + 1)


async def test_confirmed_attendance_delivers_and_absence_gives_the_unit_back(db: None) -> None:
    here = await ground(villages=2)
    came, missed = await taken(here, here.codes)
    await buying.attended([came])
    await buying.attended([missed], Outcome.ABSENT)
    with clock.travelled_to(buying.soon() + timedelta(hours=3)):
        assert await note_deliveries(clock.now()) == {"delivered": 1, "missed": 1}
    assert (await status_of(came), await status_of(missed)) == ("delivered", "cancelled")
    assert await counters(here.contract, here.codes[1]) == (1, 0)
    assert await note_deliveries(clock.now()) == {"delivered": 0, "missed": 0}


async def test_what_nobody_answered_or_attended_in_time_is_missed(db: None) -> None:
    here = await ground(villages=2)
    unanswered = await buying.placed_order(here.contract, here.codes[0])
    [nobody] = await taken(here, here.codes[1:])
    assert await note_deliveries(buying.soon()) == {"delivered": 0, "missed": 0}
    assert await note_deliveries(buying.soon() + timedelta(minutes=91)) == {"delivered": 0, "missed": 2}
    assert (await status_of(unanswered), await status_of(nobody)) == ("cancelled", "cancelled")


async def test_acceptance_announces_the_fact_and_the_last_unit_takes_the_purchase_along(db: None) -> None:
    here = await ground(villages=2, units=1, quantity=2)
    orders = await buying.delivered_orders(here.contract, here.codes)
    assert await accept_deliveries(here.who.acceptor, [Verdict(orders[0], GOOD)]) == {"accepted": 1}
    assert await database.fetch_value("SELECT status FROM purchase") == "delivering"
    await accept_deliveries(here.who.acceptor, [Verdict(orders[1], GOOD)])
    assert await database.fetch_value("SELECT status FROM purchase") == "accepted"
    facts = await database.fetch("SELECT subject_id FROM fact WHERE topic = 'order_accepted' ORDER BY id")
    assert [row["subject_id"] for row in facts] == orders
    row = await database.fetch_one("SELECT ordered, accepted FROM contract WHERE id = $1", here.contract)
    assert row == {"ordered": 2, "accepted": 2}
    with pytest.raises(TransitionRefused):
        await accept_deliveries(here.who.acceptor, [Verdict(orders[0], GOOD)])


async def test_a_refused_delivery_is_not_announced_and_says_why(db: None) -> None:
    here = await ground(villages=1)
    [order] = await buying.delivered_orders(here.contract, here.codes)
    with pytest.raises(InvalidInput):
        await accept_deliveries(here.who.acceptor, [Verdict(order, Finding(False, 0, 1, ""))])
    counts = await accept_deliveries(here.who.acceptor, [Verdict(order, Finding(False, 0, 1, "讲师没有资格"))])
    assert counts == {"refused": 1}
    assert await database.fetch_value("SELECT count(*) FROM fact WHERE topic = 'order_accepted'") == 0
    assert await database.fetch_value("SELECT accepted FROM contract") == 0


INVOLVED = ("requested_by", "approved_by", "signed_by_buyer", "signed_by_provider", "placed_by", "answered_by")


async def test_nobody_involved_accepts(db: None) -> None:
    here = await ground(villages=1)
    [order] = await buying.delivered_orders(here.contract, here.codes)
    row = await database.fetch_one(
        """SELECT p.requested_by, p.approved_by, c.signed_by_buyer, c.signed_by_provider, o.placed_by, o.answered_by
           FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
           WHERE o.id = $1""",
        order,
    )
    assert row is not None
    for column in INVOLVED:
        involved = buying.acting(row[column], Role.ACCEPTOR, buying.CITY)
        with pytest.raises(AcceptorInvolved, match="政府采购法 第61条"):
            await accept_deliveries(involved, [Verdict(order, GOOD)])
        await refused("acceptance_separate_person", RAW_JUDGED, order, row[column])


RAW = """INSERT INTO acceptance (village_order_id, verdict, people_reached, rating, acceptor_id, accepted_at)
         VALUES ($1, 'accepted', 1, 5, $2, now())"""


async def test_raw_sql_cannot_accept_what_was_not_delivered_nor_twice(db: None) -> None:
    here = await ground(villages=2)
    [order] = await taken(here, here.codes[:1])
    await refused("acceptance_of_delivery", RAW, order, here.who.acceptor.actor)
    [delivered] = await buying.delivered_orders(here.contract, here.codes[1:])
    await refused("acceptance_judged", RAW, delivered, here.who.acceptor.actor)
    await accept_deliveries(here.who.acceptor, [Verdict(delivered, GOOD)])
    await refused("acceptance_village_order_id_key", RAW, delivered, here.who.acceptor.actor)


async def test_an_acceptor_of_another_district_is_refused(db: None) -> None:
    here = await ground(villages=1)
    [order] = await buying.delivered_orders(here.contract, here.codes)
    stranger = await buying.person_as(Role.ACCEPTOR, buying.OTHER_DISTRICT)
    with pytest.raises(NotPermitted):
        await accept_deliveries(stranger, [Verdict(order, GOOD)])


async def test_two_acceptors_accept_one_delivery_once(db: None) -> None:
    codes = rounds(3, 60)
    here = await ground(villages=codes, units=1, quantity=codes)
    orders = await buying.delivered_orders(here.contract, here.codes)
    acceptors = [await buying.person_as(Role.ACCEPTOR) for _ in range(6)]
    for order in orders:
        outcomes = await asyncio.gather(
            *(accept_deliveries(acceptor, [Verdict(order, GOOD)]) for acceptor in acceptors), return_exceptions=True
        )
        assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, TransitionRefused) for outcome in outcomes) == 5, outcomes
    assert await database.fetch_value("SELECT accepted FROM contract WHERE id = $1", here.contract) == codes


async def test_a_contract_whose_term_is_over_frees_what_nobody_accepted(db: None) -> None:
    here = await ground(villages=2, units=1, quantity=10)
    accepted, refused = await buying.delivered_orders(here.contract, here.codes)
    await accept_deliveries(here.who.acceptor, [Verdict(accepted, GOOD)])
    ends_on = await database.fetch_value("SELECT ends_on FROM contract WHERE id = $1", here.contract)
    after = clock.at_local(ends_on + timedelta(days=1), buying.time(1))
    assert await conclude_purchases(system_principal(), after) == {"ended": 0, "paid": 0}
    await accept_deliveries(here.who.acceptor, [Verdict(refused, Finding(False, 0, 1, "没有完成"))])
    assert await conclude_purchases(system_principal(), after - timedelta(days=1)) == {"ended": 0, "paid": 0}
    assert await jobs.conclude_contracts(after) == {"ended": 1, "paid": 0}
    line = await database.fetch_one("SELECT reserved_fen, committed_fen FROM budget_line")
    assert line == {"reserved_fen": 0, "committed_fen": 60_000}
    assert await database.fetch_value("SELECT status FROM purchase") == "accepted"


async def test_a_purchase_is_closed_after_its_evaluation(db: None) -> None:
    here = await ground(villages=1, units=1, quantity=1)
    purchase = await database.fetch_value("SELECT purchase_id FROM contract WHERE id = $1", here.contract)
    ends_on = await database.fetch_value("SELECT ends_on FROM contract WHERE id = $1", here.contract)
    after = clock.at_local(ends_on + timedelta(days=1), buying.time(1))
    assert await conclude_purchases(system_principal(), after) == {"ended": 1, "paid": 1}
    with pytest.raises(TransitionRefused):
        await closing.close_purchase(here.who.officer, purchase)
    await closing.rate_purchase(here.who.officer, purchase, "无人点单，明年不再采购")
    await closing.close_purchase(here.who.officer, purchase)
    assert await database.fetch_value("SELECT status FROM purchase") == "closed"


async def test_a_city_s_week_of_orders_is_placed_taken_and_accepted_in_bulk(db: None) -> None:
    """A thousand orders go each way in one call; the ceiling leaves room for a busy machine."""
    here = await ground(villages=1, units=1)
    codes = [row["code"] for row in await buying.villages(200)]
    await buying.quota(codes, 5)
    line_id = await buying.budget_line(100_000_000)
    admission = await database.fetch_value("SELECT admission_id FROM purchase")
    [purchase] = await purchases.request_purchases(
        here.who.officer, [PurchaseRequest(admission, line_id, buying.DISTRICT, 1000, "批量")]
    )
    await purchases.decide_purchases(here.who.approver, [PurchaseDecision(purchase, approve=True)])
    from procurement.contracts import service as contracts

    today = clock.today()
    [contract] = await contracts.offer_contracts(
        here.who.officer, [contracts.ContractOffer(purchase, today, today + timedelta(days=200))]
    )
    await contracts.sign_contracts(here.who.provider, [contract])
    clerk = await buying.person_as(Role.VILLAGE_CLERK, buying.DISTRICT)
    wished = [NewOrder(contract, code, buying.soon(2 + day)) for code in codes for day in range(5)]
    timings = {}
    started = clock.now()
    orders = await service.place_orders(clerk, wished)
    timings["place"], started = clock.now() - started, clock.now()
    counts = await service.answer_orders(here.who.provider, [OrderAnswer(order, take=True) for order in orders])
    timings["answer and schedule"], started = clock.now() - started, clock.now()
    assert counts == {"scheduled": len(orders)}
    # Standing in for dispatch and confirmation, which belong to the layer below.
    await database.execute("UPDATE village_order SET status = 'delivered' WHERE id = ANY($1)", orders)
    await buying.proven(orders)
    started = clock.now()
    counts = await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD) for order in orders])
    timings["accept"] = clock.now() - started
    assert counts == {"accepted": len(orders)}
    print({name: round(taken.total_seconds(), 2) for name, taken in timings.items()})
    assert all(taken < timedelta(seconds=10) for taken in timings.values()), timings
    assert await database.fetch_value("SELECT status FROM purchase WHERE id = $1", purchase) == "accepted"
