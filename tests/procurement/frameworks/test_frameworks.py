"""A framework's way, and who is admitted to it, through the real services."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Permission, Role, system_principal
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from procurement.blocks import Blocked
from procurement.frameworks import service
from procurement.frameworks.admissions import service as admissions
from procurement.frameworks.admissions.service import ApplicationDecision
from procurement.frameworks.rules import RemovalGround
from tests.conftest import rounds
from tests.procurement import buying


async def status_of(table: str, row_id: int) -> str:
    return str(await database.fetch_value(f"SELECT status FROM {table} WHERE id = $1", row_id))


async def test_a_framework_goes_from_scheme_to_force_with_two_suppliers(db: None) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    framework_id = await buying.framework()
    assert await status_of("framework", framework_id) == "call_published"
    first = await buying.organization()
    await buying.admission(framework_id, first)
    await buying.admission(framework_id, first)
    with pytest.raises(Blocked, match="第3条第3项"):
        await service.bring_into_force(officer, framework_id)
    await buying.admission(framework_id, await buying.organization())
    await service.bring_into_force(officer, framework_id)
    assert await status_of("framework", framework_id) == "in_force"
    actions = await database.fetch(
        "SELECT action FROM audit_event WHERE object_type = 'framework' AND object_id = $1 ORDER BY id", framework_id
    )
    assert [row["action"] for row in actions] == [
        "framework.drawn_up",
        "framework.filed",
        "framework.call_published",
        "framework.in_force",
    ]


async def test_a_step_out_of_order_is_refused(db: None) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    framework_id = await buying.framework()
    with pytest.raises(TransitionRefused):
        await service.publish_call(officer, framework_id)


async def test_a_framework_of_another_district_is_out_of_reach(db: None) -> None:
    stranger = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    framework_id = await buying.framework(buying.DISTRICT)
    with pytest.raises(NotPermitted):
        await service.bring_into_force(stranger, framework_id)
    with pytest.raises(NotPermitted):
        await service.publish_call(await buying.person_as(Role.APPROVER), framework_id)


async def test_expiry_ends_what_is_over_and_nothing_else(db: None) -> None:
    today = clock.today()
    short = await buying.framework(ends_on=today + timedelta(days=1))
    long = await buying.framework()
    program = system_principal(Permission.FRAMEWORK_MANAGE)
    assert await service.expire_frameworks(program, clock.now() + timedelta(days=1)) == 0
    assert await service.expire_frameworks(program, clock.now() + timedelta(days=2)) == 1
    assert (await status_of("framework", short), await status_of("framework", long)) == ("expired", "call_published")


async def test_the_database_refuses_three_years_an_unfiled_call_and_another_rate(db: None) -> None:
    framework_id = await buying.framework()
    with pytest.raises(asyncpg.CheckViolationError, match="framework_two_years"):
        await database.execute("UPDATE framework SET ends_on = starts_on + 800 WHERE id = $1", framework_id)
    with pytest.raises(asyncpg.CheckViolationError, match="framework_filed"):
        await database.execute("UPDATE framework SET filing_number = '' WHERE id = $1", framework_id)
    admission_id = await buying.admission(framework_id, await buying.organization())
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await database.execute("UPDATE admission SET rate_fen = rate_fen + 1 WHERE id = $1", admission_id)


async def test_an_application_pins_the_listed_version_at_the_uniform_rate(db: None) -> None:
    organization = await buying.organization()
    provider = await buying.person_as(Role.PROVIDER, None, organization)
    framework_id, product = await buying.framework(rate_fen=55_500), await buying.product(organization)
    [admission_id] = await admissions.apply_for_admission(provider, framework_id, [product])
    row = await database.fetch_one("SELECT * FROM admission WHERE id = $1", admission_id)
    assert row is not None
    assert (row["rate_fen"], row["product_version"], row["status"]) == (55_500, 1, "applied")
    with pytest.raises(admissions.AlreadyApplied):
        await admissions.apply_for_admission(provider, framework_id, [product])


async def test_a_provider_applies_with_its_own_products_only(db: None) -> None:
    framework_id, product = await buying.framework(), await buying.product(await buying.organization())
    stranger = await buying.person_as(Role.PROVIDER, None, await buying.organization())
    with pytest.raises(NotPermitted):
        await admissions.apply_for_admission(stranger, framework_id, [product])
    with pytest.raises(NotFound):
        await admissions.apply_for_admission(stranger, framework_id, [999_999])


async def test_an_expired_qualification_blocks_the_application_and_later_the_admission(db: None) -> None:
    framework_id = await buying.framework()
    expiring = await buying.organization(valid_until=clock.today())
    provider = await buying.person_as(Role.PROVIDER, None, expiring)
    first, second = await buying.product(expiring), await buying.product(expiring)
    [application] = await admissions.apply_for_admission(provider, framework_id, [first])
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    with clock.travelled_to(clock.now() + timedelta(days=1)):
        with pytest.raises(Blocked, match="政府采购法 第22条"):
            await admissions.apply_for_admission(provider, framework_id, [second])
        with pytest.raises(Blocked, match="政府采购法 第22条"):
            await admissions.decide_applications(officer, [ApplicationDecision(application, admit=True)])


async def test_the_applicant_does_not_decide(db: None) -> None:
    organization, framework_id = await buying.organization(), await buying.framework()
    provider = await buying.person_as(Role.PROVIDER, None, organization)
    [application] = await admissions.apply_for_admission(provider, framework_id, [await buying.product(organization)])
    both = buying.acting(provider.actor, Role.PROCUREMENT_OFFICER, buying.CITY)
    with pytest.raises(SamePersonRefused):
        await admissions.decide_applications(both, [ApplicationDecision(application, admit=True)])
    with pytest.raises(asyncpg.CheckViolationError, match="admission_decided_by_another"):
        await database.execute(
            """UPDATE admission SET status = 'admitted', decided_by = applied_by, decided_at = now(),
                                    published_at = now() WHERE id = $1""",
            application,
        )


@pytest.mark.parametrize(
    ("left_ago", "refused"), [(None, True), (timedelta(days=900), True), (timedelta(days=1200), False)]
)
async def test_who_worked_for_the_supplier_within_three_years_is_recused(
    db: None, left_ago: timedelta | None, refused: bool
) -> None:
    organization, framework_id = await buying.organization(), await buying.framework()
    provider = await buying.person_as(Role.PROVIDER, None, organization)
    [application] = await admissions.apply_for_admission(provider, framework_id, [await buying.product(organization)])
    officer, now = await buying.person_as(Role.PROCUREMENT_OFFICER), clock.now()
    await database.insert_row(
        "membership",
        {
            "account_id": officer.actor,
            "role": "provider",
            "organization_id": organization,
            "valid_from": now - timedelta(days=2000),
            "valid_until": now - left_ago if left_ago else None,
        },
    )
    decision = [ApplicationDecision(application, admit=True)]
    if refused:
        with pytest.raises(admissions.TieRefused, match="第9条"):
            await admissions.decide_applications(officer, decision)
    else:
        await admissions.decide_applications(officer, decision)
    assert await status_of("admission", application) == ("applied" if refused else "admitted")


async def test_a_refusal_gives_its_reasons_and_leaves_the_way_open(db: None) -> None:
    organization, framework_id = await buying.organization(), await buying.framework()
    provider = await buying.person_as(Role.PROVIDER, None, organization)
    product = await buying.product(organization)
    [application] = await admissions.apply_for_admission(provider, framework_id, [product])
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    with pytest.raises(InvalidInput):
        await admissions.decide_applications(officer, [ApplicationDecision(application, admit=False)])
    counts = await admissions.decide_applications(
        officer, [ApplicationDecision(application, admit=False, reason="人员配置不符")]
    )
    assert counts == {"refused": 1}
    told = await database.fetch("SELECT detail::text FROM notification WHERE account_id = $1", provider.actor)
    assert ["人员配置不符" in row["detail"] for row in told] == [True]
    assert await admissions.apply_for_admission(provider, framework_id, [product])


async def test_one_decision_that_cannot_be_made_undoes_the_whole_batch(db: None) -> None:
    framework_id, applications = await buying.framework(), []
    for _ in range(2):
        organization = await buying.organization()
        provider = await buying.person_as(Role.PROVIDER, None, organization)
        applications += await admissions.apply_for_admission(
            provider, framework_id, [await buying.product(organization)]
        )
    await database.execute("UPDATE organization SET status = 'suspended' WHERE id = $1", organization)
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    with pytest.raises(Blocked, match="政府采购法 第22条"):
        await admissions.decide_applications(officer, [ApplicationDecision(row, admit=True) for row in applications])
    assert [await status_of("admission", row) for row in applications] == ["applied", "applied"]


async def test_who_was_removed_for_cause_never_returns_but_who_left_may(db: None) -> None:
    officer, framework_id = await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.framework()
    organization = await buying.organization()
    provider = await buying.person_as(Role.PROVIDER, None, organization)
    product = await buying.product(organization)
    left = await buying.admission(framework_id, organization, product)
    await admissions.withdraw_admission(provider, left)
    assert await status_of("admission", left) == "withdrawn"
    again = await buying.admission(framework_id, organization, product)
    with pytest.raises(InvalidInput):
        await admissions.remove_admission(officer, again, RemovalGround.REFUSED_ORDER, " ")
    await admissions.remove_admission(officer, again, RemovalGround.REFUSED_ORDER, "三次无正当理由拒单")
    with pytest.raises(Blocked, match="第19条"):
        await admissions.apply_for_admission(provider, framework_id, [await buying.product(organization)])
    with pytest.raises(TransitionRefused):
        await admissions.withdraw_admission(provider, again)


async def test_two_officers_decide_one_application_once(db: None) -> None:
    framework_id = await buying.framework()
    for _ in range(rounds(3, 100)):
        organization = await buying.organization()
        provider = await buying.person_as(Role.PROVIDER, None, organization)
        [application] = await admissions.apply_for_admission(
            provider, framework_id, [await buying.product(organization)]
        )
        officers = [await buying.person_as(Role.PROCUREMENT_OFFICER) for _ in range(6)]
        outcomes = await asyncio.gather(
            *(
                admissions.decide_applications(
                    officer, [ApplicationDecision(application, admit=place % 2 == 0, reason="核对")]
                )
                for place, officer in enumerate(officers)
            ),
            return_exceptions=True,
        )
        assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, TransitionRefused) for outcome in outcomes) == 5
