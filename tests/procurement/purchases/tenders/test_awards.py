"""A tender's result: recorded once, approved or refused by those who see it; another result begins the chain anew."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, SamePersonRefused
from procurement.blocks import Blocked
from procurement.purchases.approvals.rules import NotYourStep, StepMoved, StepTakenAlready
from procurement.purchases.tenders import service
from procurement.purchases.tenders.awards.queries import deciding, waiting_awards
from procurement.purchases.tenders.awards.service import (
    AwardMoved,
    AwardWord,
    NothingToDecide,
    decide_award,
)
from procurement.purchases.tenders.facts import StepKind, TerminationFacts
from tests.app.web.client import call, client
from tests.procurement import approving, buying
from tests.procurement.approving import Desk
from tests.procurement.purchases.tenders.stage import Ground, K, changed, ground
from tests.procurement.purchases.tenders.test_tender_pages import reference, sent, wall
from tests.procurement.purchases.test_purchases import bound, status_of
from tests.refusals import refused

MINUTES = "办公会纪要〔2026〕5号"
YES = AwardWord(approve=True, minutes=MINUTES)


@dataclass(frozen=True)
class Evaluated:
    """An evaluated tender whose amount asks for three steps, and the desk that takes them."""

    desk: Desk
    tender: Ground

    @property
    def id(self) -> int:
        return self.tender.tender

    async def record(self, who: Principal, **facts: Any) -> bool:
        return await service.record_step(who, self.id, changed(self.tender.steps[K.AWARD], **facts))


async def evaluated(days_ago: int = 57) -> Evaluated:
    desk = await approving.desk()
    made = await ground(days_ago=days_ago)
    await made.record_until(K.EVALUATE)
    return Evaluated(desk, made)


async def results(here: Evaluated) -> list[tuple[int, int]]:
    rows = await database.fetch("SELECT round, unit_price_fen FROM tender_award ORDER BY round")
    return [(row["round"], row["unit_price_fen"]) for row in rows]


async def test_one_records_the_result_and_the_others_approve_what_they_see(db: None) -> None:
    here = await evaluated()
    assert await here.record(here.desk.section) is False
    # Until the last word the ceiling stays set aside.
    assert (await status_of(here.id), await bound(here.id)) == ("evaluated", (60_000_000, 0, 0))
    assert await decide_award(here.desk.division, here.id, YES) is False
    assert await decide_award(here.desk.meeting, here.id, YES) is True
    assert (await status_of(here.id), await bound(here.id)) == ("awarded", (55_000_000, 0, 0))
    step = await database.fetch_one(
        "SELECT recorded_by, happened_at::date = now()::date AS today FROM purchase_step WHERE kind = 'award'"
    )
    assert step == {"recorded_by": here.desk.meeting.actor, "today": True}
    taken = await database.fetch("SELECT level, minutes FROM purchase_approval ORDER BY step")
    assert [tuple(row.values()) for row in taken] == [("section", ""), ("division", ""), ("meeting", MINUTES)]


async def test_each_word_is_of_its_own_person_level_and_sight(db: None) -> None:
    here = await evaluated()
    with pytest.raises(NothingToDecide):
        await decide_award(here.desk.section, here.id, YES)
    with pytest.raises(NotYourStep):
        await here.record(here.desk.division)
    await here.record(here.desk.section)
    with pytest.raises(StepTakenAlready):
        await decide_award(here.desk.section, here.id, YES)
    with pytest.raises(NotYourStep):
        await decide_award(here.desk.meeting, here.id, YES)
    author = buying.acting(here.tender.who.officer.actor, Role.APPROVER, buying.CITY)
    with pytest.raises(SamePersonRefused):
        await decide_award(author, here.id, YES)
    with pytest.raises(AwardMoved):
        await decide_award(here.desk.division, here.id, replace(YES, round=2))
    with pytest.raises(StepMoved):
        await decide_award(here.desk.division, here.id, replace(YES, step=1))
    await decide_award(here.desk.division, here.id, replace(YES, round=1, step=2))
    with pytest.raises(InvalidInput):
        await decide_award(here.desk.meeting, here.id, AwardWord(approve=True))


async def test_another_result_begins_the_chain_anew(db: None) -> None:
    here = await evaluated()
    await here.record(here.desk.section)
    await decide_award(here.desk.division, here.id, YES)
    assert await here.record(here.desk.section, unit_price_fen=58_000) is False
    assert await results(here) == [(1, 55_000), (2, 58_000)]
    stands = await deciding(here.desk.division, here.id)
    assert stands.turn
    assert (stands.turn.step, stands.turn.mine, stands.may_record) == (2, True, False)
    assert [(one.round, one.amount_fen) for one in stands.earlier] == [(1, 55_000_000)]
    await decide_award(here.desk.division, here.id, YES)
    await decide_award(here.desk.meeting, here.id, YES)
    assert (await status_of(here.id), await bound(here.id)) == ("awarded", (58_000_000, 0, 0))


async def test_who_records_the_very_result_that_waits_approves_it(db: None) -> None:
    here = await evaluated()
    await here.record(here.desk.section)
    assert await here.record(here.desk.division) is False
    assert await results(here) == [(1, 55_000)]
    assert await decide_award(here.desk.meeting, here.id, YES)


async def test_a_refused_result_says_why_and_another_is_recorded(db: None) -> None:
    here = await evaluated()
    await here.record(here.desk.section)
    with pytest.raises(InvalidInput):
        await decide_award(here.desk.division, here.id, AwardWord(approve=False, reason=" "))
    await decide_award(here.desk.division, here.id, AwardWord(approve=False, reason="单价高于上年"))
    told = "SELECT count(*) FROM notification WHERE account_id = $1 AND detail ->> 'reason' = '单价高于上年'"
    assert await database.fetch_value(told, here.desk.section.actor) == 1
    for late in (here.desk.division, here.desk.meeting):
        with pytest.raises(NothingToDecide):
            await decide_award(late, here.id, YES)
    [waits] = await waiting_awards(here.desk.section)
    assert "等你确定供应商" in str(waits.title)
    await here.record(here.desk.section, unit_price_fen=50_000)
    await decide_award(here.desk.division, here.id, YES)
    await decide_award(here.desk.meeting, here.id, YES)
    assert await bound(here.id) == (50_000_000, 0, 0)


async def test_a_result_that_waits_frees_the_whole_ceiling_when_the_tender_ends(db: None) -> None:
    here = await evaluated()
    await here.record(here.desk.section)
    end = replace(here.tender.steps[K.AWARD], kind=StepKind.TERMINATE, facts=TerminationFacts("需求取消"))
    await service.record_step(here.tender.who.officer, here.id, end)
    assert (await status_of(here.id), await bound(here.id)) == ("terminated", (0, 0, 0))


async def test_the_result_is_judged_again_by_the_day_of_the_last_word(db: None) -> None:
    """Silence takes the first of the ranking: a second that nobody decided in time falls (条例 §43)."""
    here = Evaluated(await approving.desk(), await ground(days_ago=57))
    await here.tender.record_until(K.OPEN)
    other = await buying.organization()
    product = await database.fetch_value("SELECT reference FROM product WHERE id = $1", await buying.product(other))
    uscc = await database.fetch_value("SELECT uscc FROM organization WHERE id = $1", other)
    step = here.tender.steps[K.EVALUATE]
    here.tender.steps[K.EVALUATE] = changed(step, ranking=f"{step.facts.ranking.split()[0]}\n{uscc}")
    await here.tender.record(K.EVALUATE)
    await here.record(here.desk.section, rank=2, product=product)
    with clock.travelled_to(clock.now() + timedelta(days=10)):
        await decide_award(here.desk.division, here.id, YES)
        with pytest.raises(Blocked, match="视为确定排序第一的供应商"):
            await decide_award(here.desk.meeting, here.id, YES)
        await decide_award(here.desk.meeting, here.id, AwardWord(approve=False, reason="已逾期，按第一名办理"))


async def test_pages_show_the_facts_and_take_the_word(db: None) -> None:
    here = await evaluated()
    path = f"/buying/tenders/{await reference(here.tender)}"
    facts = here.tender.steps[K.AWARD].facts
    typed = {
        "at": wall(here.tender, K.AWARD), "reported_on": str(facts.reported_on), "rank": "1",
        "product": facts.product, "unit_price_fen": "550",
    }  # fmt: skip
    assert "轮到下一位审批人" in await sent(here.desk.section, f"{path}/award", path, **typed)
    async with client(here.desk.division) as http:
        page = (await http.get(path)).text
        assert path in (await http.get("/workbench")).text
    assert "550,000" in page
    assert "登记另一个结果" not in page
    word = {"round": "1", "step": "2"}
    assert "请写明不批准的理由" in await sent(here.desk.division, f"{path}/result", path, **word)
    refusal = await sent(here.desk.division, f"{path}/result", path, **word, reason="资质过期")
    assert "资质过期" in refusal
    again = await sent(here.desk.section, f"{path}/award", path, **typed | {"unit_price_fen": "540"})
    assert "以前的结果（第1轮）" in again
    word["round"] = "2"
    assert "轮到下一位" in await sent(here.desk.division, f"{path}/result", path, **word, approve="on")
    word["step"] = "3"
    assert "办公会纪要" in await sent(here.desk.meeting, f"{path}/result", path, **word, approve="on")
    done = await sent(here.desk.meeting, f"{path}/result", path, **word, approve="on", minutes=MINUTES)
    assert "供应商已确定" in done


async def test_programs_see_the_result_and_decide_it(db: None) -> None:
    here = await evaluated()
    await here.record(here.desk.section)
    path = f"/tenders/{await reference(here.tender)}/award"
    shown = (await call(here.desk.division, "GET", path)).json()
    assert (shown["waiting"], shown["yours"], shown["results"][0]["unit_price_fen"]) == (True, True, 55_000)
    assert [(one["level"], one["verdict"]) for one in shown["steps"]] == [
        ("section", "approved"), ("division", ""), ("meeting", ""),
    ]  # fmt: skip
    stale = await call(here.desk.division, "POST", f"{path}/decision", {"approve": True, "round": 2})
    assert (stale.status_code, stale.json()["code"]) == (409, "award_moved")
    for who, status in ((here.tender.who.officer, 403), (here.tender.who.provider, 403)):
        assert (await call(who, "POST", f"{path}/decision", {"approve": True})).status_code == status
    done = await call(here.desk.division, "POST", f"{path}/decision", {"approve": True, "round": 1, "step": 2})
    assert (done.status_code, done.json()["yours"]) == (200, False)
    last = await call(here.desk.meeting, "POST", f"{path}/decision", {"approve": True, "minutes": MINUTES})
    assert last.json()["waiting"] is False
    assert (await call(here.tender.who.officer, "GET", path.removesuffix("/award"))).json()["status"] == "awarded"


async def test_raw_sql_records_no_other_result_nor_approves_what_nobody_recorded(db: None) -> None:
    here = await evaluated()
    award = """INSERT INTO tender_award (purchase_id, round, happened_at, detail, organization_id, product_id,
                   product_version, unit_price_fen, recorded_by, recorded_at)
               SELECT $1, $2, now(), jsonb_build_object('rank', $3::int), organization_id, id, listed_version,
                      55000, $4, now() FROM product WHERE reference = $5"""
    product = here.tender.steps[K.AWARD].facts.product
    section, officer = here.desk.section.actor, here.tender.who.officer.actor
    for guard, *values in (
        ("tender_award_second_person", here.id, 1, 1, officer),
        ("tender_award_in_order", here.id, 2, 1, section),
        ("tender_award_of_ranked", here.id, 1, 2, section),
    ):
        await refused(guard, award, *values, product)
    step = """INSERT INTO purchase_approval (purchase_id, round, step, level, verdict, decided_by, decided_at)
              VALUES ($1, $2, $3, $4, 'approved', $5, now())"""
    await refused("purchase_approval_of_award", step, here.id, 1, 1, "section", section)
    await refused("purchase_as_awarded", "UPDATE purchase SET unit_price_fen = 1, amount_fen = quantity")
    await here.record(here.desk.section)
    await here.record(here.desk.section, unit_price_fen=58_000)
    division = here.desk.division.actor
    await refused("purchase_approval_in_order", step, here.id, 1, 2, "division", division)
    await refused("tender_award_in_order", award, here.id, 2, 1, section, product)
    raw = """INSERT INTO purchase_step (purchase_id, kind, happened_at, detail, recorded_by, recorded_at)
             VALUES ($1, 'award', now(), '{}', $2, now())"""
    await refused("purchase_step_as_awarded", raw, here.id, division)
    await decide_award(here.desk.division, here.id, YES)
    await decide_award(here.desk.meeting, here.id, YES)
    await refused("tender_award_of_evaluated", award, here.id, 3, 1, section, product)
