"""Doubles, disputes, samples and payees: what a person must decide before money goes on."""

from datetime import date

import pytest

from app.core import clock, database, vault
from app.core.access import Permission
from app.core.errors import NotFound, SamePersonRefused
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.claims.cases import service as cases
from procurement.claims.disputes import queries as disputes
from procurement.claims.disputes import rules as dispute_rules
from procurement.claims.disputes.rules import DisputeEvent
from procurement.claims.disputes.service import answer_dispute, raise_dispute
from procurement.claims.doubles import queries as doubles
from procurement.claims.doubles import rules as double_rules
from procurement.claims.doubles.service import decide
from procurement.claims.payees.queries import unfit
from procurement.claims.payees.rules import NotTwins, Unfit
from procurement.claims.payees.service import clear_twins
from procurement.claims.sampling import rules as sampling
from procurement.claims.sampling.service import approve_many, look_at, sample_for
from procurement.settlement import service as settlement
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement import settled_work as money
from tests.refusals import refused


async def ids() -> list[int]:
    return await money.claim_ids()


async def test_one_matter_claimed_by_two_agencies_waits_for_a_decision(db: None) -> None:
    made = await world.office()
    first, second = await world.licensed("P", "M1"), await world.licensed("Q", "M2")
    await cases.record_case(made.recorder, world.mediation(made, first))
    await cases.record_case(made.recorder, world.mediation(made, second, agency_zh="湖滨街道人民调解委员会"))
    await accrual.accrue(clock.now())
    (pair,) = await doubles.open_pairs(made.desk.claims, None, 10)
    assert pair.ground is double_rules.Ground.SAME_MATTER
    for one in await ids():
        with pytest.raises(double_rules.DoubleUndecided):
            await claims.approve_claims(made.desk.claims, [one])
    await decide(made.desk.claims, pair.id, "同一纠纷", pair.sides[1].reference)
    statuses = await database.fetch("SELECT status FROM claim ORDER BY id")
    assert [row["status"] for row in statuses] == ["accrued", "rejected"]
    await claims.approve_claims(made.desk.claims, (await ids())[:1])
    with pytest.raises(double_rules.DoubleDecided):
        await decide(made.desk.claims, pair.id, "再判")


async def test_a_referral_that_both_sides_claim_is_found_and_both_may_stand(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    await cases.record_case(made.recorder, world.mediation(made, person, matter="甲1号"))
    referred = world.mediation(made, person, matter="乙7号", referred_matter="甲1号", agency_zh="区调解中心")
    await cases.record_case(made.recorder, referred)
    await accrual.accrue(clock.now())
    (pair,) = await doubles.open_pairs(made.desk.claims, None, 10)
    assert pair.ground is double_rules.Ground.REFERRAL
    await decide(made.desk.claims, pair.id, "两次调解，内容不同")
    assert (await claims.approve_claims(made.desk.claims, await ids())).count == 2


async def test_being_signed_in_at_two_places_at_once_is_found(db: None) -> None:
    desk = await work.desk()
    payee = await work.person("payee")
    await work.attended(payee, hour=9)
    await work.attended(payee, hour=13, early=120)
    await accrual.accrue(clock.now())
    (pair,) = await doubles.open_pairs(desk.claims, None, 10)
    assert pair.ground is double_rules.Ground.OVERLAP


async def test_two_shifts_one_after_the_other_are_no_pair(db: None) -> None:
    desk = await work.desk()
    payee = await work.person("payee")
    await work.attended(payee, hour=9)
    await work.attended(payee, hour=13)
    await accrual.accrue(clock.now())
    assert await doubles.open_pairs(desk.claims, None, 10) == []


async def test_raw_sql_does_not_approve_one_of_an_undecided_pair(db: None) -> None:
    made = await world.office()
    for number in ("M1", "M2"):
        await cases.record_case(made.recorder, world.mediation(made, await world.licensed("P", number)))
    await accrual.accrue(clock.now())
    await refused(
        "claim_double_undecided", "UPDATE claim SET status = 'approved', approved_by = $1, approved_at = now()",
        made.desk.claims.actor,
    )  # fmt: skip


async def test_a_rejected_claimant_objects_and_another_person_takes_the_claim_up_again(db: None) -> None:
    had = await money.accrued(1, 1)
    (one,) = await ids()
    await claims.reject_claim(had.desk.claims, one, "不符")
    await raise_dispute(had.payee, had.reference, "我有签到记录")
    with pytest.raises(dispute_rules.AlreadyDisputed):
        await raise_dispute(had.payee, had.reference, "再说一次")
    with pytest.raises(SamePersonRefused):
        await answer_dispute(had.desk.claims, had.reference, DisputeEvent.UPHOLD, "同意")
    other = await work.officer("second", Permission.CLAIM_APPROVE)
    assert [waiting.reference for waiting in await disputes.waiting(other)] == [had.reference]
    assert await disputes.waiting(had.desk.claims) == []
    await answer_dispute(other, had.reference, DisputeEvent.UPHOLD, "签到记录属实")
    assert await database.fetch_value("SELECT status FROM claim") == "accrued"
    (said,) = await disputes.disputes_of(had.payee, one)
    assert (said.status.value, said.answer) == ("upheld", "签到记录属实")


async def test_a_dismissed_objection_leaves_the_claim_as_it_is(db: None) -> None:
    had = await money.accrued(1, 1)
    (one,) = await ids()
    await claims.reject_claim(had.desk.claims, one, "不符")
    await raise_dispute(had.payee, had.reference, "不服")
    other = await work.officer("second", Permission.CLAIM_APPROVE)
    await answer_dispute(other, had.reference, DisputeEvent.DISMISS, "没有到岗")
    assert await database.fetch_value("SELECT status FROM claim") == "rejected"
    await refused("claim_dispute_frozen", "UPDATE claim_dispute SET answer_zh = '改口'")


async def test_a_disputed_claim_is_neither_approved_nor_batched(db: None) -> None:
    had = await money.accrued(1, 2)
    first, second = await ids()
    await raise_dispute(had.payee, had.own[0], "金额不对")
    with pytest.raises(dispute_rules.DisputeOpen):
        await claims.approve_claims(had.desk.claims, [first])
    await claims.approve_claims(had.desk.claims, [second])
    await raise_dispute(had.payee, had.own[1], "金额也不对")
    with pytest.raises(settlement.NothingToSettle):
        await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "k")
    await refused("claim_disputed", "UPDATE claim SET status = 'batched' WHERE status = 'approved'")


async def test_only_the_claimant_objects(db: None) -> None:
    had = await money.accrued(2, 1)
    with pytest.raises(NotFound):
        await raise_dispute(await money.self_of(had.desk.payees[1]), had.reference, "不是我的")


async def test_many_are_approved_only_after_those_drawn_were_looked_at(db: None) -> None:
    had = await money.accrued(10, 2)
    many = await ids()
    with pytest.raises(sampling.SampleNotLookedAt):
        await approve_many(had.desk.claims, many)
    sample = await sample_for(had.desk.claims, many)
    assert sample is not None
    assert len(sample.claims) == sampling.size_of(len(many)) == 5
    again = await sample_for(had.desk.claims, many[::-1])
    assert again == sample
    for one in sample.claims:
        await look_at(had.desk.claims, sample.public_id, one.reference)
    assert (await approve_many(had.desk.claims, many)).count == 20


async def test_raw_sql_approves_no_twenty_at_once_whose_sample_nobody_looked_at(db: None) -> None:
    had = await money.accrued(10, 2)
    many, officer = await ids(), had.desk.claims
    approve = "UPDATE claim SET status = 'approved', approved_by = $1, approved_at = now() WHERE id = ANY ($2)"
    with pytest.raises(sampling.SampleNotDrawn):
        await claims.approve_claims(officer, many)
    sample = await sample_for(officer, many)
    assert sample is not None
    await refused("approval_sample_looked_at", approve, officer.actor, many)
    await refused("sampled_claim_frozen", "UPDATE sampled_claim SET claim_id = claim_id + 1")
    insert = "INSERT INTO sampled_claim (sample_id, claim_id, looked_at) SELECT sample_id, $1, now() FROM sampled_claim"
    await refused("sampled_claim_frozen", insert, many[0])
    for one in sample.claims[:-1]:
        await look_at(officer, sample.public_id, one.reference)
    await refused("approval_sample_looked_at", approve, officer.actor, many)
    other = await work.officer("second", Permission.CLAIM_APPROVE)
    await look_at(officer, sample.public_id, sample.claims[-1].reference)
    await refused("approval_sample_looked_at", approve, other.actor, many)
    await refused("sampled_claim_frozen", "UPDATE sampled_claim SET looked_at = now()")
    assert (await claims.approve_claims(officer, many)).count == 20


async def test_an_easier_sample_of_the_same_selection_does_not_count(db: None) -> None:
    had = await money.accrued(10, 2)
    many, officer = await ids(), had.desk.claims
    values = (officer.actor, b"s" * 16, sampling.selection_sha256(many), len(many))
    made = await database.fetch_value(
        """INSERT INTO approval_sample (drawn_by, drawn_at, seed, selection_sha256, claim_count)
           VALUES ($1, now(), $2, $3, $4) RETURNING id""",
        *values,
    )
    drawn = sampling.drawn(many, b"s" * 16)
    easier = [one for one in many if one not in drawn][: len(drawn)]
    await database.execute(
        "INSERT INTO sampled_claim (sample_id, claim_id) SELECT $1, unnest($2::bigint[])", made, easier
    )
    await database.execute("UPDATE sampled_claim SET looked_at = now()")
    with pytest.raises(sampling.SampleNotDrawn):
        await claims.approve_claims(officer, many)


async def test_the_database_draws_as_the_rule_does(db: None) -> None:
    for count, before in ((19, 0), (20, 0), (99, 0), (400, 0), (5_000, 0), (1, 19), (6, 18), (19, 19), (400, 7)):
        known, seed = list(range(1, count + 1)), bytes(range(16))
        rows = await database.fetch("SELECT drawn_claims($1, $2, $3) AS one", known[::-1], seed, before)
        assert sorted(row["one"] for row in rows) == sampling.drawn(known, seed, before)
        assert len(rows) == sampling.size_of(count, before)
        assert await database.fetch_value("SELECT selection_sha256($1)", known) == sampling.selection_sha256(known)


async def test_a_few_need_no_sample_and_nobody_looks_for_another(db: None) -> None:
    had = await money.accrued(10, 2)
    many = await ids()
    assert await sample_for(had.desk.claims, many[:19]) is None
    sample = await sample_for(had.desk.claims, many)
    assert sample is not None
    other = await work.officer("second", Permission.CLAIM_APPROVE)
    with pytest.raises(NotFound):
        await look_at(other, sample.public_id, sample.claims[0].reference)
    await refused("append_only", "UPDATE approval_sample SET seed = decode(repeat('00', 16), 'hex')")
    await refused(
        "approval_sample_address",
        """INSERT INTO approval_sample (drawn_by, drawn_at, seed, selection_sha256, claim_count, address)
           SELECT drawn_by, drawn_at, seed, selection_sha256, claim_count, 'https://elsewhere.example'
           FROM approval_sample""",
    )


def test_a_sample_can_be_drawn_again_from_its_seed() -> None:
    known, seed = list(range(1, 401)), b"s" * 16
    assert sampling.drawn(known, seed) == sampling.drawn(known[::-1], seed)
    assert len(sampling.drawn(known, seed)) == 21
    assert sampling.drawn(known, seed) != sampling.drawn(known, b"t" * 16)


async def _share_an_account(*people: int) -> None:
    await database.execute(
        "UPDATE person SET bank_account_digest = $2 WHERE id = ANY ($1)", list(people), vault.digest("bank/6222")
    )


async def test_payees_who_share_an_account_wait_until_somebody_found_them_to_be_two(db: None) -> None:
    had = await money.approved(2, 1)
    first, second = had.desk.payees
    await _share_an_account(first, second)
    with pytest.raises(settlement.NothingToSettle):
        await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "k")
    assert {row.ground for row in await unfit(had.desk.claims)} == {Unfit.TWIN}
    await clear_twins(had.desk.claims, second, first, "夫妻共用账户，已见本人")
    with pytest.raises(NotTwins):
        await clear_twins(had.desk.claims, first, second, "再核一次")
    batch = await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "k")
    assert batch.claim_count == 2


async def test_who_became_a_public_official_after_approval_is_left_out_of_the_batch(db: None) -> None:
    had = await money.approved(2, 1)
    await database.execute("UPDATE person SET public_official = true WHERE id = $1", had.desk.payees[0])
    batch = await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "k")
    assert batch.claim_count == 1
    (left_out,) = await unfit(had.desk.claims)
    assert (left_out.ground, left_out.claims) == (Unfit.OFFICIAL, 1)


async def test_the_clock_of_an_objection_counts_working_days(db: None) -> None:
    had = await money.accrued(1, 1)
    await raise_dispute(had.payee, had.reference, "金额不对")
    due = await database.fetch_value("SELECT due_on FROM claim_dispute")
    assert due > clock.today()
    assert isinstance(due, date)
