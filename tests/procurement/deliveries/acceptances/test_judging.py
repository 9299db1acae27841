"""Each line is judged, the verdict follows, what is to be put right comes back, and the signature stands under all."""

import asyncio
import itertools
from dataclasses import replace
from datetime import date, timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from procurement.blocks import Blocked
from procurement.contracts.requirements.service import lines_of_order
from procurement.deliveries.acceptances import queries, rules
from procurement.deliveries.acceptances.judging import report_put_right
from procurement.deliveries.acceptances.rules import Outcome, RectificationEvent, RectificationStatus
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding, LineFinding
from procurement.deliveries.scheduling.service import note_deliveries
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.served import GOOD, RAW_JUDGED, Served, after, served

DAY = date(2026, 12, 10)


async def finding(here: Served, unmet: dict[int, str], rectify_by: date | None = None) -> Finding:
    """Return a finding with a word for each line of the contract."""
    lines = await lines_of_order(here.orders[0])
    judged = tuple(LineFinding(one.number, one.number not in unmet, unmet.get(one.number, "")) for one in lines)
    return Finding(not unmet, 40, 3, "", judged, rectify_by)


async def test_the_lines_of_the_pinned_version_are_kept_at_the_signature_and_never_change(db: None) -> None:
    here = await served()
    kept = await database.fetch("SELECT number, kind, text_zh, figure FROM requirement_line ORDER BY number")
    assert [(row["kind"], row["text_zh"] or row["figure"]) for row in kept] == [
        ("content", "讲座九十分钟，发放案例手册，现场答疑"),
        ("standard", "每场不少于三十人，满意度不低于百分之九十五"),
        ("staffing", "执业律师一名到场主讲，助理一名协助"),
        ("process", "预约、确认主题、授课、答疑、回访"),
        ("time", 90),
        ("people", 1),
    ]
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute("UPDATE requirement_line SET text_zh = 'x' WHERE number = 1")
    assert [line.number for line in await lines_of_order(here.orders[0])] == [1, 2, 3, 4, 5, 6]


async def test_every_line_met_is_accepted_and_the_certificate_is_genuine(db: None) -> None:
    here = await served(proofs=True)
    assert await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], await finding(here, {}))]) == {
        "accepted": 1
    }
    [one] = await queries.rounds_of(here.orders[0])
    assert (one.outcome, one.unmet, one.genuine, len(one.lines)) == (Outcome.ACCEPTED, 0, True, 6)
    assert one.acceptor


async def test_a_judgement_that_is_not_what_was_signed_says_so(db: None) -> None:
    here = await served(proofs=True)
    await database.execute(RAW_JUDGED, here.orders[0], here.who.acceptor.actor)
    [one] = await queries.rounds_of(here.orders[0])
    assert not one.genuine


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lines": (LineFinding(1, True),)}, "请对每一条都作出判断。"),
        ({"lines": tuple(LineFinding(number, True) for number in (1, 2, 3, 4, 5, 7))}, "请对每一条都作出判断。"),
        (
            {"lines": tuple(LineFinding(number, number != 2) for number in range(1, 7))},
            "第 2 条不符合，请写明哪里不符合。",
        ),
        (
            {"lines": tuple(LineFinding(number, number != 2, "少") for number in range(1, 7))},
            "第 2 条不符合，不能验收合格。",
        ),
        (
            {"accepted": False, "lines": tuple(LineFinding(number, True) for number in range(1, 7))},
            "各条都符合，应当验收合格；不合格请勾选不符合的条目。",
        ),
    ],
)
async def test_a_line_left_out_or_without_words_is_named(db: None, change: dict[str, object], message: str) -> None:
    here = await served(proofs=True)
    with pytest.raises(InvalidInput) as refused:
        await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], replace(GOOD, **change))])
    assert str(refused.value.fields["lines"]) == message


async def test_a_delivery_is_sent_back_put_right_and_judged_again(db: None) -> None:
    here = await served(proofs=True)
    [order], [reference] = here.orders, here.references
    with after():
        until = clock.today() + timedelta(days=3)
        sent = await accept_deliveries(
            here.who.acceptor, [Verdict(order, await finding(here, {2: "只到了十二人"}, until))]
        )
        assert sent == {"rectify": 1}
        assert await database.fetch_value("SELECT status FROM village_order WHERE id = $1", order) == "delivered"
        assert await database.fetch_value("SELECT count(*) FROM fact WHERE topic = 'order_accepted'") == 0
        with pytest.raises(Blocked, match=f"已退回整改，期限到 {until.isoformat()}"):
            await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD)])
        told = "SELECT count(*) FROM notification WHERE link = $1 AND account_id = $2"
        assert await database.fetch_value(told, f"/orders/{reference}/proofs", here.who.provider.actor) == 1
        with pytest.raises(InvalidInput):
            await report_put_right(here.who.provider, reference, " ")
        stranger = await buying.person_as(buying.Role.PROVIDER, None, await buying.organization())
        with pytest.raises(NotPermitted):
            await report_put_right(stranger, reference, "已补讲")
        await report_put_right(here.who.provider, reference, "周六补讲一场，到场四十人")
        with pytest.raises(TransitionRefused):
            await report_put_right(here.who.provider, reference, "再报一次")
        assert await database.fetch_value(told, f"/orders/{reference}/acceptance", here.who.acceptor.actor) == 1
        assert await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD)]) == {"accepted": 1}
        with pytest.raises(NotFound):
            await report_put_right(here.who.provider, reference, "又一次")
        seen = await queries.rounds_of(order)
        assert [(one.round, one.outcome, one.unmet, one.genuine) for one in seen] == [
            (1, Outcome.RECTIFY, 1, True),
            (2, Outcome.ACCEPTED, 0, True),
        ]
        assert seen[0].rectification is RectificationStatus.JUDGED


async def test_what_is_not_put_right_in_time_is_judged_again_after_its_day(db: None) -> None:
    here = await served(proofs=True)
    with after():
        until = clock.today() + timedelta(days=1)
        await accept_deliveries(
            here.who.acceptor, [Verdict(here.orders[0], await finding(here, {1: "没有讲完"}, until))]
        )
    with clock.travelled_to(buying.soon(5)):
        refused = await accept_deliveries(
            here.who.acceptor, [Verdict(here.orders[0], await finding(here, {1: "没有讲完"}))]
        )
        assert refused == {"refused": 1}


async def test_the_day_lies_within_the_house_s_period(db: None) -> None:
    here = await served(proofs=True)
    with after():
        for days in (0, 60):
            until = clock.today() + timedelta(days=days)
            with pytest.raises(InvalidInput):
                await accept_deliveries(
                    here.who.acceptor, [Verdict(here.orders[0], await finding(here, {1: "x"}, until))]
                )
        with pytest.raises(InvalidInput) as refused:
            until = clock.today() + timedelta(days=1)
            await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], replace(GOOD, rectify_by=until))])
        assert set(refused.value.fields) == {"rectify_by"}


async def test_two_acceptors_of_one_delivery_judge_it_once_whatever_they_find(db: None) -> None:
    turns = rounds(3, 100)
    here = await served(turns, proofs=True)
    others = [await buying.person_as(buying.Role.ACCEPTOR) for _ in range(2)]
    with after():
        refusal = Finding(False, 3, 1, "没有讲完")
        back = replace(refusal, rectify_by=clock.today() + timedelta(days=2))
        for order in here.orders:
            outcomes = await asyncio.gather(
                accept_deliveries(here.who.acceptor, [Verdict(order, GOOD)]),
                accept_deliveries(others[0], [Verdict(order, refusal)]),
                accept_deliveries(others[1], [Verdict(order, back)]),
                return_exceptions=True,
            )
            assert all(isinstance(one, dict | TransitionRefused | Blocked) for one in outcomes), outcomes
            final = sum(isinstance(one, dict) and "rectify" not in one for one in outcomes)
            open_ones = await database.fetch_value(
                "SELECT count(*) FROM rectification WHERE village_order_id = $1 AND status <> 'judged'", order
            )
            assert final + open_ones == 1
    accepted = await database.fetch_value("SELECT count(*) FROM acceptance WHERE verdict = 'accepted'")
    assert await database.fetch_value("SELECT accepted FROM contract WHERE id = $1", here.contract) == accepted


async def test_an_acceptance_and_the_note_that_nobody_came_never_both_hold(db: None) -> None:
    """Attendance is confirmed once; whichever of the two comes first, the unit is counted one way only."""
    turns = rounds(3, 100)
    here = await served(turns, proofs=True)
    with after():
        for order in here.orders:
            await database.execute("UPDATE village_order SET status = 'scheduled' WHERE id = $1", order)
            outcomes = await asyncio.gather(
                note_deliveries(clock.now()),
                accept_deliveries(here.who.acceptor, [Verdict(order, GOOD)]),
                return_exceptions=True,
            )
            assert isinstance(outcomes[1], dict | TransitionRefused), outcomes
            row = await database.fetch_one(
                """SELECT o.status, EXISTS (SELECT FROM acceptance t WHERE t.village_order_id = o.id) AS judged
                   FROM village_order o WHERE o.id = $1""",
                order,
            )
            assert row in ({"status": "delivered", "judged": False}, {"status": "accepted", "judged": True})


@pytest.mark.parametrize(("status", "event"), list(itertools.product(RectificationStatus, RectificationEvent)))
def test_a_rectification_moves_only_as_the_table_says(status: RectificationStatus, event: RectificationEvent) -> None:
    allowed = {("asked", "report"): "reported", ("asked", "judge"): "judged", ("reported", "judge"): "judged"}
    expected = allowed.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
    else:
        assert advance(rules.TRANSITIONS, status, event) == expected


@pytest.mark.parametrize("status", [None, *RectificationStatus])
@pytest.mark.parametrize(("days", "over"), [(-1, True), (0, False), (1, False)])
def test_only_what_is_still_put_right_within_its_day_waits(
    status: RectificationStatus | None, days: int, over: bool
) -> None:
    blocks = rules.waiting_blocks(DAY + timedelta(days=days), status, DAY)
    assert bool(blocks) is (status is RectificationStatus.ASKED and not over)


async def test_the_public_sees_numbers_and_verdicts_and_nobody_s_name(db: None) -> None:
    here = await served(2, proofs=True)
    await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], replace(GOOD, opinion="王律师讲得好"))])
    await accept_deliveries(here.who.acceptor, [Verdict(here.orders[1], await finding(here, {1: "x"}))])
    rows = await queries.public_results(buying.DISTRICT)
    assert [(row.verdict, row.people_reached, row.lines, row.unmet) for row in rows] == [
        (Outcome.REFUSED, 40, 6, 1),
        (Outcome.ACCEPTED, 40, 6, 0),
    ]
    assert await queries.public_results(buying.OTHER_DISTRICT) == []
    assert len(await queries.public_results(verdict=Outcome.REFUSED)) == 1
    assert "王" not in str(rows)
