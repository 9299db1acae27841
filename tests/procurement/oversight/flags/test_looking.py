"""The night's look over real purchases: each flag where it belongs, once, closed when it no longer holds."""

from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Role
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import record_notice
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.offers.openings.service import unlock
from procurement.oversight.flags import queries
from procurement.oversight.flags.queries import Filter
from procurement.oversight.flags.rules import FlagEvent, FlagKind, FlagStatus, ReviewOfOneself
from procurement.oversight.flags.service import look, review_flag
from procurement.purchases import service as purchases
from procurement.settlement import payout
from tests.procurement import attended_work as work
from tests.procurement import buying, settled_work
from tests.procurement.deliveries.served import after, served
from tests.procurement.offers import bidding
from tests.procurement.oversight.flags.looked import later, owner, standing, supervising, unpublished


async def test_the_look_is_repeated_without_trace_and_what_was_done_in_time_closes_its_flag(db: None) -> None:
    contract, who = await unpublished()
    assert (await later(0))["opened"] == 0
    assert (await later(20))["opened"] == 2
    assert {**(await later(21)), "kinds": 0} == {"opened": 0, "closed": 0, "standing": 2, "kinds": 0}
    duties = {flag.threshold: flag for flag in await standing(FlagKind.LATE_NOTICE)}
    assert len(duties) == 2
    assert all(flag.measured is None for flag in duties.values())
    await record_notice(
        who.officer, contract, Recorded(NoticeKind.PUBLISHED, clock.today(), url="https://zfcg.czt.zj.gov.cn/1")
    )
    assert (await later(22))["closed"] == 1
    [left] = await standing(FlagKind.LATE_NOTICE)
    closed = await queries.flags(await buying.person_as(Role.SUPERVISOR), Filter(state="closed"))
    assert [flag.kind for flag in closed] == [FlagKind.LATE_NOTICE]
    assert left.public_id != closed[0].public_id


async def test_a_night_that_is_caught_up_after_a_later_one_changes_nothing(db: None) -> None:
    await unpublished()
    await later(20)
    assert (await later(1))["closed"] == 0
    assert len(await standing(FlagKind.LATE_NOTICE)) == 2


async def test_figures_that_changed_close_the_flag_with_its_explanation_and_open_another(db: None) -> None:
    contract, who = await unpublished()
    await later(20)
    auditor = await buying.person_as(Role.SUPERVISOR)
    for flag in await standing(FlagKind.LATE_NOTICE):
        await review_flag(auditor, flag.public_id, FlagEvent.EXPLAIN, "正在补登")
    with clock.travelled_to(clock.now() + timedelta(days=30)):
        done = Recorded(NoticeKind.FILED, clock.today(), number="备2026-7")
        await record_notice(who.officer, contract, done)
        assert await look(clock.now()) == {"opened": 1, "closed": 1, "standing": 2, "kinds": 14}
    [again, published] = await standing(FlagKind.LATE_NOTICE)
    assert (again.status, again.measured, published.status) == (FlagStatus.OPEN, 30, FlagStatus.EXPLAINED)
    _, _, [before] = await queries.flag(auditor, again.public_id)
    assert (before.status, before.measured) == (FlagStatus.EXPLAINED, None)


async def test_quotations_show_what_stands_out_and_nothing_before_the_deadline(db: None) -> None:
    here = await bidding.requested()
    await bidding.invite(here, 1.5)
    for number, price in enumerate((58_000, 58_000, 20_000)):
        await bidding.quote(here, number, price)
        await look(clock.now())
    assert await database.fetch_value("SELECT count(*) FROM review_flag") == 0
    await bidding.passed(here)
    for number in range(2):
        await unlock(here.keepers[number], here.purchase_id, bidding.passphrase(number))
    await look(clock.now())
    rows = await database.fetch("SELECT kind, measured, threshold, n FROM review_flag ORDER BY kind")
    low = max(29_000, 22_667, bidding.CEILING * 45 // 100)  # of the second, of the mean, of the ceiling: the highest
    assert [tuple(row.values()) for row in rows] == [
        ("identical_prices", 2, 2, 3),
        ("low_price", 20_000, low, 3),
    ]


async def test_one_answer_and_a_short_time(db: None) -> None:
    here = await bidding.requested()
    await bidding.invite(here, 1.0)
    await bidding.quote(here, 0, 58_000)
    await bidding.passed(here)
    await look(clock.now())
    [flag] = await standing(FlagKind.SINGLE_RESPONSE)
    assert (flag.measured, flag.n) == (1, 3)
    assert flag.purchase is not None
    await owner("UPDATE quotation_round SET invited_at = deadline - interval '71 hours'", "quotation_round")
    await look(clock.now())
    [short] = await standing(FlagKind.SHORT_PERIOD)
    assert (short.measured, short.threshold) == (2, 3)


async def test_all_but_one_quotation_excluded(db: None) -> None:
    await bidding.opened()
    await database.execute(
        """INSERT INTO quotation_exclusion (opened_quotation_id, ground, reason_zh, excluded_by, excluded_at)
           SELECT id, 'requirement_not_met', '不满足', (SELECT min(id) FROM account), now() FROM opened_quotation
           ORDER BY unit_price_fen DESC LIMIT 2"""
    )
    await look(clock.now())
    [flag] = await standing(FlagKind.ALL_EXCLUDED)
    assert (flag.measured, flag.n) == (1, 3)


async def test_a_years_quotations_of_one_line_near_the_figure(db: None) -> None:
    here = await bidding.requested()
    await bidding.another(here)
    await owner("UPDATE purchase SET quantity = 450, amount_fen = 450 * unit_price_fen", "purchase")
    total = await database.fetch_value("SELECT sum(amount_fen)::bigint FROM purchase")
    await owner("UPDATE law_rule SET value = $1 WHERE rule_key = 'quotation.splitting'", "law_rule", total // 90 + 1)
    await look(clock.now())
    assert await standing(FlagKind.SPLITTING) == []
    await owner("UPDATE law_rule SET value = $1 WHERE rule_key = 'quotation.splitting'", "law_rule", total // 90)
    await look(clock.now())
    [flag] = await standing(FlagKind.SPLITTING)
    assert (flag.measured, flag.n, len(flag.references)) == (total, 2, 2)
    assert flag.path.startswith("/oversight/lines/")


async def test_five_call_offs_for_one_supplier(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    first = await buying.reserved_purchase(organization, who)
    row = await database.fetch_one("SELECT admission_id, budget_line_id FROM purchase WHERE id = $1", first)
    assert row is not None
    ask = purchases.PurchaseRequest(row["admission_id"], row["budget_line_id"], buying.DISTRICT, 1, "讲座")
    await purchases.request_purchases(who.officer, [ask] * 3)
    await look(clock.now())
    assert await standing(FlagKind.CAPTURE) == []
    await purchases.request_purchases(who.officer, [ask])
    await look(clock.now())
    [flag] = await standing(FlagKind.CAPTURE)
    assert (flag.measured, flag.n, flag.organization_public_id is not None) == (100, 5, True)


async def test_a_delivery_nobody_spoke_about_and_an_acceptor_who_approved(db: None) -> None:
    here = await served(1, proofs=True)
    with after():
        await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], Finding(True, 30, 5, ""))])
    await later(5)
    assert await standing(FlagKind.NO_OPINION) == []
    await later(12)
    [silent] = await standing(FlagKind.NO_OPINION)
    assert (silent.measured, silent.path) == (30, f"/oversight/units/{here.references[0]}")
    assert await standing(FlagKind.SAME_PERSON) == []
    await owner("UPDATE acceptance SET acceptor_id = $1", "acceptance", here.who.approver.actor)
    await later(12)
    [same] = await standing(FlagKind.SAME_PERSON)
    assert [part.name for part in same.parts] == ["approved"]
    with pytest.raises(ReviewOfOneself):
        await review_flag(supervising(here.who.approver), same.public_id, FlagEvent.EXPLAIN, "没有问题")


async def test_money_before_the_work_was_confirmed(db: None) -> None:
    money = await settled_work.computed(1, 1)
    assert money.batch is not None
    early = clock.at_local(work.DAY.replace(day=2), clock.local(clock.now()).time())
    with clock.travelled_to(early):
        await payout.approve_batch(money.desk.approver, money.batch.id)
        await payout.pay_batch(money.desk.cashier, money.batch.id)
    await look(clock.now())
    [flag] = await standing(FlagKind.PAID_EARLY)
    assert (flag.claim, flag.path) == (money.reference, f"/oversight/claims/{money.reference}")


async def test_a_unit_bought_and_besides_subsidised(db: None) -> None:
    money = await settled_work.accrued(1, 1)
    await look(clock.now())
    assert await standing(FlagKind.BILLED_TWICE) == []
    first = await database.fetch_value("SELECT sign_up_id FROM claim WHERE reference = $1", money.reference)
    again = await owner(
        """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
           SELECT position_id, assignment_id, person_id, starts, ends, 'absent', 'import', now()
           FROM sign_up WHERE id = $1 RETURNING id""",
        "sign_up",
        first,
    )
    await owner(
        """INSERT INTO claim (programme_id, status, sign_up_id, person_id, item, service_day, place_id, budget_line_id,
                              tariff_set_id, amount_fen, trace, accrued_at)
           SELECT programme_id, 'accrued', $1, person_id, item, service_day, place_id, budget_line_id,
                  tariff_set_id, 100, trace, now() FROM claim LIMIT 1 RETURNING id""",
        "claim",
        again,
    )
    await look(clock.now())
    [flag] = await standing(FlagKind.BILLED_TWICE)
    assert (flag.measured, flag.threshold, len(flag.references)) == (2, 1, 2)


async def test_two_places_at_once_count_where_the_work_is_paid(db: None) -> None:
    await settled_work.accrued(1, 2)
    await database.execute(
        """INSERT INTO finding (kind, subject, person_id, station_id, evidence, first_seen)
           SELECT 'two_places', 'x', c.person_id, a.station_id,
                  jsonb_build_object('sign_ups', jsonb_agg(c.sign_up_id), 'minutes', 25), now()
           FROM claim c JOIN sign_up s ON s.id = c.sign_up_id JOIN assignment a ON a.id = s.assignment_id
           GROUP BY c.person_id, a.station_id"""
    )
    await look(clock.now())
    [flag] = await standing(FlagKind.OVERLAP)
    assert (flag.measured, flag.n, flag.person) == (25, 2, "Payee 0")
