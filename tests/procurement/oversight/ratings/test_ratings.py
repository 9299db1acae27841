"""What is counted of a provider, what those who were there add, and what is kept with an evaluation."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS, Role, system_principal
from procurement.deliveries import service as deliveries
from procurement.deliveries.acceptances.conclusion import conclude_purchases
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.opinions import queries as opinions
from procurement.deliveries.proofs import service as proofs
from procurement.deliveries.proofs.reminders import remind
from procurement.deliveries.proofs.rules import LogEntry
from procurement.deliveries.proofs.waiting import waiting_after_deliveries
from procurement.deliveries.rules import Finding
from procurement.deliveries.scheduling.service import note_deliveries
from procurement.deliveries.service import OrderAnswer
from procurement.oversight.ratings import queries
from procurement.purchases.closing.service import rate_purchase
from tests.app.web.client import client
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.served import GOOD, Served, after, served
from volunteers.thanks import service as thanks
from volunteers.thanks.rules import CONSTRAINTS, EverybodySpoke
from volunteers.thanks.service import Visitor


async def code_of(order: int) -> str:
    return str(
        await database.fetch_value(
            "SELECT a.thanks_code FROM village_order o JOIN assignment a ON a.id = o.assignment_id WHERE o.id = $1",
            order,
        )
    )


async def spoke(order: int, people: int, stars: int = 5, first: int = 0) -> None:
    """Let several phones rate a delivery."""
    code = await code_of(order)
    for number in range(first, first + people):
        await thanks.rate(ANONYMOUS, Visitor(f"phone-{order}-{number}", f"192.0.2.{number % 250}"), code, stars)


async def rating_of(here: Served) -> queries.Rating:
    public_id = await database.fetch_value("SELECT public_id FROM organization WHERE id = $1", here.organization)
    return (await queries.of_organizations([public_id]))[public_id]


async def test_a_provider_s_record_counts_what_happened(db: None) -> None:
    here = await served(4, proofs=True)
    with after():
        await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD) for order in here.orders[:2]])
        until = clock.today() + timedelta(days=1)
        back = Finding(False, 40, 3, "签到表不清", rectify_by=until)
        await accept_deliveries(here.who.acceptor, [Verdict(here.orders[2], back)])
        await accept_deliveries(here.who.acceptor, [Verdict(here.orders[3], Finding(False, 3, 1, "没有讲完"))])
        await spoke(here.orders[0], 3, 4)
    with clock.travelled_to(buying.soon(6)):
        await accept_deliveries(here.who.acceptor, [Verdict(here.orders[2], GOOD)])
        record = (await rating_of(here)).record
    assert (record.ordered, record.taken, record.accepted, record.refused, record.put_right) == (4, 4, 3, 1, 1)
    assert (record.served, record.late, record.people, record.opinions, record.stars) == (4, 0, 120, 3, 12)


async def test_declined_and_missed_orders_count_against_the_provider(db: None) -> None:
    here = await served(1, proofs=True)
    await buying.quota(here.codes, 4)
    for answer, start in ((False, buying.soon(4)), (True, buying.soon(5))):
        order = await buying.placed_order(here.contract, here.codes[0], start)
        await deliveries.answer_orders(here.who.provider, [OrderAnswer(order, answer, "" if answer else "人手不够")])
    with clock.travelled_to(buying.soon(9)):
        await note_deliveries(clock.now())
        record = (await rating_of(here)).record
    assert (record.declined, record.missed, record.taken) == (1, 1, 2)


async def test_proofs_that_come_late_count_as_late(db: None) -> None:
    here = await served()
    with clock.travelled_to(buying.soon(9)):
        await buying.proven(here.orders)
        assert (await rating_of(here)).record.late == 1


async def test_no_more_people_speak_than_were_there(db: None) -> None:
    here = await served()
    [order], [reference] = here.orders, here.references
    with after():
        await spoke(order, 2)
        await proofs.write_log(here.station, reference, LogEntry("继承", 3, "无"))
        await spoke(order, 1, first=2)
        with pytest.raises(EverybodySpoke, match="到场的人都评过了"):
            await spoke(order, 1, first=3)
        count, stars, _ = await opinions.of_order(order)
    assert (count, stars) == (3, 15)
    assert CONSTRAINTS["shift_rating_within_people"] is EverybodySpoke


async def test_a_crowd_at_the_door_speaks_no_more_often_than_people_were_there(db: None) -> None:
    here = await served()
    [order], [reference] = here.orders, here.references
    people = rounds(4, 20)
    with after():
        await proofs.write_log(here.station, reference, LogEntry("继承", people, "无"))
        code = await code_of(order)
        outcomes = await asyncio.gather(
            *(
                thanks.rate(ANONYMOUS, Visitor(f"phone-{number}", f"192.0.2.{number}"), code, 5)
                for number in range(people + rounds(4, 100))
            ),
            return_exceptions=True,
        )
    assert sum(outcome is None for outcome in outcomes) == people
    assert all(outcome is None or isinstance(outcome, EverybodySpoke) for outcome in outcomes)


async def test_an_average_is_shown_from_the_house_s_minimum_on_and_hidden_words_still_count(db: None) -> None:
    here = await served()
    [order] = here.orders
    product = await database.fetch_value("SELECT product_id FROM contract WHERE id = $1", here.contract)
    with after():
        await spoke(order, 4)
        said, _ = await opinions.of_product(product)
        assert (said.count, said.average) == (4, "")
        await spoke(order, 1, 2, first=4)
        await thanks.thank(ANONYMOUS, Visitor(f"phone-{order}-4", "192.0.2.4"), await code_of(order), "太吵了")
        said, words = await opinions.of_product(product)
        assert (said.count, said.average, [one.words for one in words]) == (5, "4.4", ["太吵了"])
        public_id = await database.fetch_value("SELECT public_id FROM shift_thanks")
        await thanks.moderate(here.station, public_id, thanks.ThanksEvent.HIDE, "与服务无关")
        said, words = await opinions.of_product(product)
        assert (said.count, said.average, list(words)) == (5, "4.4", [])


async def test_an_acceptance_keeps_how_many_had_spoken(db: None) -> None:
    here = await served(2, proofs=True)
    with after():
        await spoke(here.orders[0], 2)
        await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD) for order in here.orders])
    rows = await database.fetch("SELECT opinions FROM judgement ORDER BY village_order_id")
    assert [row["opinions"] for row in rows] == [2, 0]


async def test_an_evaluation_keeps_its_figures_once(db: None) -> None:
    here = await served(1, proofs=True)
    with after():
        await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], Finding(False, 3, 1, "没有讲完"))])
    ends_on = await database.fetch_value("SELECT ends_on FROM contract WHERE id = $1", here.contract)
    purchase = await database.fetch_value("SELECT purchase_id FROM contract WHERE id = $1", here.contract)
    with clock.travelled_to(clock.at_local(ends_on + timedelta(days=1), buying.time(1))):
        assert await conclude_purchases(system_principal(), clock.now()) == {"ended": 1, "paid": 1}
        reference = await database.fetch_value("SELECT reference FROM purchase WHERE id = $1", purchase)
        async with client(here.who.officer) as http:
            page = (await http.get(f"/buying/purchases/{reference}")).text
        assert "点单 1 次，验收合格 0 次（其中整改后合格 0 次），不合格 1 次" in page
        assert "综合分 78.1。" in page
        await rate_purchase(here.who.officer, purchase, "一次不合格，明年不再采购")
        kept = await queries.kept_of(purchase)
    async with client(here.who.officer) as http:
        assert "评价时的数" in (await http.get(f"/buying/purchases/{reference}")).text
    assert kept is not None
    assert {name: kept[name] for name in ("ordered", "accepted", "refused", "score")} == {
        "ordered": 1,
        "accepted": 0,
        "refused": 1,
        "score": 781,  # 35·8/11 + 30·0.8 + 20·9/11 + 15·9/11, in tenths
    }
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute("UPDATE purchase_evaluation SET score = 1000")


async def test_providers_and_acceptors_are_reminded_once(db: None) -> None:
    here = await served()
    with clock.travelled_to(buying.soon(3) + timedelta(hours=2)):
        assert await remind(clock.now()) == {"providers": 0, "acceptors": 0}
    with clock.travelled_to(buying.soon(5)):
        assert (await remind(clock.now()))["providers"] >= 1
        assert (await remind(clock.now()))["providers"] == 0
        [row] = await waiting_after_deliveries(here.who.provider)
        assert (str(row.title), row.action.path) == ("1 次服务还缺凭证", f"/orders/{here.references[0]}/proofs")
        assert await waiting_after_deliveries(here.who.acceptor) == []
    with clock.travelled_to(buying.soon(24)):
        told = (await remind(clock.now()))["acceptors"]
        assert told >= 1
        assert await remind(clock.now()) == {"providers": 0, "acceptors": 0}
        [row] = await waiting_after_deliveries(here.who.acceptor)
        assert str(row.title) == "1 项验收已过期限"
        far = await buying.person_as(Role.ACCEPTOR, buying.OTHER_DISTRICT)
        assert await waiting_after_deliveries(far) == []
        await buying.proven(here.orders)
        assert await waiting_after_deliveries(here.who.provider) == []
