"""What the database refuses about cases, pairs, disputes and posts, whoever writes."""

from datetime import date

import pytest

from app.core import clock, database
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.claims.cases import service as cases
from procurement.claims.disputes.service import raise_dispute
from procurement.claims.doubles.service import decide
from procurement.claims.posts import service as posts
from procurement.claims.posts.rules import PostDraft
from tests.procurement import closed_cases as world
from tests.procurement import settled_work
from tests.refusals import refused

INSERTED = """
INSERT INTO claim (programme_id, status, closed_case_id, part, mediator_post_id, month, expense_id, person_id, item,
                   service_day, place_id, budget_line_id, tariff_set_id, amount_fen, trace, accrued_at)
SELECT programme_id, 'accrued', {case}, {part}, {post}, {month}, NULL, person_id, item, service_day, place_id,
       budget_line_id, {tariff}, 1, trace, now() FROM claim
"""


async def recorded() -> world.Office:
    made = await world.office()
    await cases.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1")))
    return made


async def test_a_record_has_its_days_in_order_and_its_words_where_they_belong(db: None) -> None:
    made = await recorded()
    columns = """kind, agency_zh, matter, item, person_id, place_id, accepted_on, closed_on, channel, recorded_by,
                 recorded_at, early_percent"""
    copied = f"INSERT INTO closed_case ({columns}) SELECT kind, agency_zh, 'other', item, person_id, place_id, "
    rest = "channel, recorded_by, recorded_at"
    await refused("closed_case_days", f"{copied} closed_on + 1, closed_on, {rest}, NULL FROM closed_case")
    await refused("closed_case_early", f"{copied} accepted_on, closed_on, {rest}, -50 FROM closed_case")
    await refused("closed_case_graded", "UPDATE closed_case SET grade = 'excellent'")
    await refused("closed_case_withdrawn", "UPDATE closed_case SET withdrawn_at = now()")
    assert made.place


async def test_a_claim_names_its_part_and_its_month(db: None) -> None:
    made = await recorded()
    person = await world.licensed("Q", "M2")
    draft = PostDraft(person, made.place, "A", "1", 300_000, date(2026, 10, 1), date(2026, 10, 31))
    await posts.record_post(made.recorder, draft)
    await accrual.accrue(clock.now())
    case = "(SELECT id FROM closed_case)"
    post = "(SELECT id FROM mediator_post)"
    only = " WHERE closed_case_id IS NOT NULL"
    said = {"case": case, "part": "'quality'", "post": "NULL", "month": "NULL", "tariff": "tariff_set_id"}
    await refused("claim_part", (INSERTED + only).format(**{**said, "part": "''"}))
    of_post = {**said, "case": "NULL", "part": "''", "post": post, "tariff": "NULL"}
    await refused("claim_month", (INSERTED + only).format(**of_post))
    await refused("claim_of_one_thing", (INSERTED + only).format(**{**said, "post": post, "month": "'2026-01-01'"}))


async def test_a_claim_of_a_case_is_no_claim_of_a_contract(db: None) -> None:
    await recorded()
    await accrual.accrue(clock.now())
    row = "(SELECT id FROM closed_case)"
    sql = INSERTED.format(case=row, part="'quality'", post="NULL", month="NULL", tariff="tariff_set_id")
    sql = sql.replace("(programme_id,", "(contract_id, organization_id, programme_id,").replace(
        "SELECT programme_id,", "SELECT 1, NULL, programme_id,", 1
    )
    await refused("claim_of_contract", sql)


async def test_a_person_holds_one_post_at_a_time(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    await posts.record_post(made.recorder, PostDraft(person, made.place, "A", "1", 1, date(2026, 1, 1)))
    await refused(
        "mediator_post_one_at_a_time",
        """INSERT INTO mediator_post (person_id, place_id, agency_zh, document, monthly_fen, from_day, recorded_by,
                                      recorded_at)
           SELECT person_id, place_id, 'B', document, monthly_fen, from_day + 9, recorded_by, now()
           FROM mediator_post""",
    )


async def test_a_pair_is_decided_once_with_a_reason_and_one_of_its_own(db: None) -> None:
    made = await world.office()
    for number in ("M1", "M2"):
        await cases.record_case(made.recorder, world.mediation(made, await world.licensed("P", number)))
    await accrual.accrue(clock.now())
    officer, decided = made.desk.claims.actor, "decided_by = $1, decided_at = now()"
    await refused("claim_double_decided", f"UPDATE claim_double SET decision = 'both', {decided}", officer)
    await refused(
        "claim_double_refused", f"UPDATE claim_double SET decision = 'one', reason_zh = 'R', {decided}", officer
    )
    pair = await database.fetch_value("SELECT id FROM claim_double")
    await decide(made.desk.claims, pair, "两次调解")
    await refused("claim_double_frozen", "UPDATE claim_double SET reason_zh = '改口'")


@pytest.mark.parametrize("who", ["judge_id", "raised_by"])
async def test_neither_judge_nor_claimant_answers_a_dispute(db: None, who: str) -> None:
    money = await settled_work.accrued(1, 1)
    (one,) = await settled_work.claim_ids()
    await claims.reject_claim(money.desk.claims, one, "不符")
    await raise_dispute(money.payee, money.reference, "我有签到记录")
    answered = "UPDATE claim_dispute SET status = 'upheld', answer_zh = 'R', answered_at = now()"
    await refused("claim_dispute_by_another", f"{answered}, answered_by = {who}")
    await refused("claim_dispute_answered", "UPDATE claim_dispute SET status = 'upheld'")
