"""Closed cases become claims: priced with their papers, once, in two parts when graded, never by their own provider."""

from dataclasses import replace
from datetime import date

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS
from app.core.errors import InvalidInput, NotFound, NotSignedIn, SamePersonRefused
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.claims.cases import queries, rules, service
from procurement.claims.cases.rules import CaseItem, Grade, Outcome, Stage
from tests.procurement import closed_cases as world
from tests.refusals import refused

TODAY = date(2026, 11, 29)


async def claim_of(part: str = "base") -> database.Row:
    row = await database.fetch_one(
        "SELECT id, reference, status, amount_fen, missing_documents, reason FROM claim WHERE part = $1", part
    )
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("values", "fen"),
    [
        ({"item": CaseItem.CIVIL}, 200_000),
        ({"item": CaseItem.LABOUR_ARBITRATION}, 160_000),
        ({"item": CaseItem.CRIMINAL_DEFENCE, "stage": Stage.INVESTIGATION}, 120_000),
        ({"item": CaseItem.CRIMINAL_DEFENCE, "stage": Stage.TRIAL, "class_": "capital"}, 280_000),
        ({"item": CaseItem.NON_LITIGATION}, 80_000),
        ({"item": CaseItem.DRAFTING}, 20_000),
        ({"item": CaseItem.CIVIL, "early_percent": -50, "early_reason_zh": "撤诉"}, 100_000),
    ],
)
async def test_each_kind_of_case_is_priced_by_the_demonstration_tariff(
    db: None, values: dict[str, object], fen: int
) -> None:
    made = await world.office()
    await service.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1"), **values))
    done = await accrual.accrue(clock.now())
    assert done.cases == 1
    assert (await claim_of())["amount_fen"] == fen
    assert (await accrual.accrue(clock.now())).cases == 0


async def test_missing_papers_hold_the_amount_by_name_until_each_is_handed_in(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    reference = await service.record_case(made.recorder, world.mediation(made, person, documents=("登记",)))
    await accrual.accrue(clock.now())
    held = await claim_of()
    assert (held["status"], held["amount_fen"], held["missing_documents"]) == ("held", 0, ["调解笔录", "调解协议书"])
    provider = await world.self_of(person)
    await service.hand_in(provider, reference, "调解笔录")
    assert (await claim_of())["missing_documents"] == ["调解协议书"]
    with pytest.raises(rules.DocumentUnknown):
        await service.hand_in(provider, reference, "调解笔录")
    await service.hand_in(made.recorder, reference, "调解协议书")
    whole = await claim_of()
    assert (whole["status"], whole["amount_fen"], whole["missing_documents"]) == ("accrued", 20_000, [])


async def test_raw_sql_neither_prices_nor_completes_what_lacks_a_paper(db: None) -> None:
    made = await world.office()
    draft = world.mediation(made, await world.licensed("P", "M1"), documents=())
    await service.record_case(made.recorder, draft)
    await accrual.accrue(clock.now())
    await refused("claim_documents_gate", "UPDATE claim SET status = 'accrued'")
    await refused("claim_documents_handed_in", "UPDATE claim SET status = 'accrued', missing_documents = '{}'")


async def test_a_priced_claim_of_a_case_never_changes(db: None) -> None:
    made = await world.office()
    await service.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1")))
    await accrual.accrue(clock.now())
    await refused("claim_amount_frozen", "UPDATE claim SET amount_fen = amount_fen + 1")
    await refused("claim_amount_frozen", "UPDATE claim SET part = 'quality'")
    await refused("claim_case_part", "INSERT INTO claim (programme_id, status, closed_case_id, part, person_id, item, "
                  "service_day, place_id, budget_line_id, tariff_set_id, amount_fen, trace, accrued_at) SELECT "
                  "programme_id, 'accrued', closed_case_id, part, person_id, item, service_day, place_id, "
                  "budget_line_id, tariff_set_id, 1, trace, now() FROM claim")  # fmt: skip


async def test_a_good_grade_brings_the_rest_as_a_claim_of_its_own(db: None) -> None:
    made = await world.office()
    reference = await service.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1")))
    await accrual.accrue(clock.now())
    await claims.approve_claims(made.desk.claims, [(await claim_of())["id"]])
    await service.grade_case(made.recorder, reference, Grade.EXCELLENT)
    assert (await claim_of("base"))["amount_fen"] == 200_000
    rest = await claim_of("quality")
    assert (rest["status"], rest["amount_fen"]) == ("accrued", 20_000)
    with pytest.raises(rules.CaseGraded):
        await service.grade_case(made.recorder, reference, Grade.QUALIFIED)


async def test_a_grade_before_the_base_is_claimed_is_part_of_it(db: None) -> None:
    made = await world.office()
    reference = await service.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1")))
    await service.grade_case(made.recorder, reference, Grade.EXCELLENT)
    await accrual.accrue(clock.now())
    assert (await claim_of())["amount_fen"] == 220_000
    assert await database.fetch_value("SELECT count(*) FROM claim") == 1


async def test_a_bad_grade_rejects_what_nobody_approved_and_reverses_what_waits_for_a_run(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    waiting = await service.record_case(made.recorder, world.civil(made, person, matter="1号"))
    approved = await service.record_case(made.recorder, world.civil(made, person, matter="2号"))
    await accrual.accrue(clock.now())
    of_approved = await database.fetch_value(
        "SELECT c.id FROM claim c JOIN closed_case k ON k.id = c.closed_case_id WHERE k.reference = $1", approved
    )
    await claims.approve_claims(made.desk.claims, [of_approved])
    for reference in (waiting, approved):
        await service.grade_case(made.recorder, reference, Grade.UNQUALIFIED)
    assert await database.fetch_value("SELECT array_agg(status ORDER BY id) FROM claim") == ["rejected", "reversed"]
    shown = [(await queries.case_page(made.recorder, one)).over_fen for one in (waiting, approved)]
    assert shown == [0, 0]


async def test_the_same_matter_is_recorded_once_and_a_withdrawn_one_again(db: None) -> None:
    made = await world.office()
    draft = world.civil(made, await world.licensed("P", "M1"))
    reference = await service.record_case(made.recorder, draft)
    await accrual.accrue(clock.now())
    with pytest.raises(rules.CaseRecorded):
        await service.record_case(made.recorder, draft)
    await service.withdraw_case(made.recorder, reference, "案号写错了")
    assert (await claim_of())["status"] == "rejected"
    assert await service.record_case(made.recorder, draft) != reference
    with pytest.raises(rules.CaseWithdrawn):
        await service.grade_case(made.recorder, reference, Grade.QUALIFIED)


async def test_a_case_whose_claim_was_approved_is_not_withdrawn(db: None) -> None:
    made = await world.office()
    reference = await service.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1")))
    await accrual.accrue(clock.now())
    await claims.approve_claims(made.desk.claims, [(await claim_of())["id"]])
    with pytest.raises(rules.CaseIsPaid):
        await service.withdraw_case(made.recorder, reference, "案号写错了")


async def test_nobody_records_grades_or_approves_a_case_of_their_own(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    reference = await service.record_case(made.recorder, world.civil(made, person))
    await accrual.accrue(clock.now())
    claim = (await claim_of())["id"]
    recorder = made.recorder.account_id
    both = replace(made.recorder, scopes={**made.recorder.scopes, **made.desk.claims.scopes})
    with pytest.raises(SamePersonRefused):
        await claims.approve_claims(both, [claim])
    await database.execute("UPDATE person SET account_id = $2 WHERE id = $1", person, recorder)
    with pytest.raises(rules.OwnCase):
        await service.record_case(made.recorder, world.civil(made, person, matter="2号"))
    with pytest.raises(rules.OwnCase):
        await service.grade_case(made.recorder, reference, Grade.EXCELLENT)
    await refused("closed_case_by_another",
                  "UPDATE closed_case SET grade = 'excellent', graded_by = $1, graded_at = now()",
                  recorder)  # fmt: skip


async def test_what_was_recorded_stays(db: None) -> None:
    made = await world.office()
    await service.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1")))
    await refused("closed_case_frozen", "UPDATE closed_case SET matter = '3号'")
    await refused("closed_case_is_kept", "DELETE FROM closed_case")


async def test_a_public_officials_case_is_held_with_the_reason(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    await database.execute("UPDATE person SET public_official = true WHERE id = $1", person)
    await service.record_case(made.recorder, world.civil(made, person))
    await accrual.accrue(clock.now())
    held = await claim_of()
    assert held["status"] == "held"
    assert "财行〔2007〕179号" in held["reason"]


async def test_a_case_without_a_budget_line_waits_and_is_counted(db: None) -> None:
    made = await world.office()
    draft = world.civil(made, await world.licensed("P", "M1"), accepted_on=date(2025, 5, 1), closed_on=date(2025, 6, 3))
    await service.record_case(made.recorder, draft)
    done = await accrual.accrue(clock.now())
    assert (done.cases, done.unpriced) == (0, {"civil": 1})


async def test_others_neither_see_nor_touch_a_case(db: None) -> None:
    made = await world.office()
    reference = await service.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1")))
    stranger = await world.self_of(await world.licensed("Q", "M2"))
    with pytest.raises(NotFound):
        await queries.case_page(stranger, reference)
    with pytest.raises(NotFound):
        await service.hand_in(stranger, reference, "登记")
    with pytest.raises(NotSignedIn):
        await service.record_case(ANONYMOUS, world.civil(made, 1))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"closed_on": date(2027, 1, 1)}, "closed_on"),
        ({"accepted_on": date(2026, 11, 20)}, "accepted_on"),
        ({"stage": Stage.TRIAL}, "stage"),
        ({"item": CaseItem.CRIMINAL_DEFENCE}, "stage"),
        ({"item": CaseItem.CRIMINAL_DEFENCE, "stage": Stage.TRIAL}, "class_"),
        ({"class_": "major"}, "class_"),
        ({"outcome": Outcome.FAILED}, "outcome"),
        ({"item": CaseItem.MEDIATION, "class_": "major"}, "outcome"),
        ({"early_percent": -20}, "early_reason_zh"),
    ],
)
def test_a_draft_says_what_is_wrong_with_it(values: dict[str, object], field: str) -> None:
    draft = replace(rules.CaseDraft(CaseItem.CIVIL, "A", "1", 1, 1, date(2026, 6, 1), world.CLOSED), **values)  # type: ignore[arg-type]
    assert field in rules.faults(draft, TODAY)


async def test_a_wrong_draft_is_refused_by_the_service(db: None) -> None:
    made = await world.office()
    with pytest.raises(InvalidInput):
        await service.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1"), stage=Stage.TRIAL))
