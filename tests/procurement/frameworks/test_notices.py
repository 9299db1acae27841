"""What was decided is public at once: calls, admissions, how they end, contracts; page by page."""

from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS, Permission, Role, system_principal
from procurement.frameworks import service
from procurement.frameworks.admissions import service as admissions
from procurement.frameworks.notices.queries import NoticeKind, notice, notices, notices_of
from procurement.frameworks.rules import RemovalGround
from tests.app.web.client import client
from tests.procurement import buying
from tests.refusals import refused


async def test_every_public_act_has_its_notice_and_the_list_pages_through_them(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    await buying.signed_contract(organization, who)
    framework_id = await buying.framework()
    left = await buying.admission(framework_id, organization)
    await admissions.withdraw_admission(who.provider, left)
    removed = await buying.admission(framework_id, organization)
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    await admissions.remove_admission(officer, removed, RemovalGround.BREACH, "未按约定服务")
    taken_back = await buying.product(await buying.organization())
    provider = await buying.person_as(
        Role.PROVIDER, None, await database.fetch_value("SELECT organization_id FROM product WHERE id = $1", taken_back)
    )
    [application] = await admissions.apply_for_admission(provider, framework_id, [taken_back])
    await admissions.withdraw_admission(provider, application)
    seen = await notices()
    kinds = [notice.kind for notice in seen]
    counts = {kind: kinds.count(kind) for kind in NoticeKind}
    assert {kind: count for kind, count in counts.items() if count} == {
        "call": 2, "admission": 4, "force": 1, "exit": 1, "removal": 1, "contract": 1
    }  # fmt: skip
    assert seen == sorted(seen, key=lambda notice: (notice.published_at, notice.key), reverse=True)
    first = await notices(limit=4)
    rest = await notices(before=(first[-1].published_at, first[-1].key))
    assert first + rest == seen
    assert [notice.kind for notice in await notices("removal")] == [NoticeKind.REMOVAL]


async def test_who_is_admitted_after_the_start_is_published_as_supplementary_and_the_end_of_the_term_too(
    db: None,
) -> None:
    first = await buying.organization()
    admitted = await buying.framework_in_force(first)
    framework_id = await database.fetch_value("SELECT framework_id FROM admission WHERE id = $1", admitted)
    await buying.admission(framework_id, await buying.organization())
    program = system_principal(Permission.FRAMEWORK_MANAGE)
    with clock.travelled_to(clock.now() + timedelta(days=400)):
        await service.expire_frameworks(program, clock.now())
    kinds = [found.kind for found in await notices_of(framework_id)]
    assert kinds == ["expiry", "supplement", "force", "admission", "admission", "call"]


async def test_raw_sql_takes_no_step_that_is_not_published_and_changes_no_notice(db: None) -> None:
    framework_id = await buying.framework()
    await refused("framework_step_published", "UPDATE framework SET status = 'in_force' WHERE id = $1", framework_id)
    organization = await buying.organization()
    provider = await buying.person_as(Role.PROVIDER, None, organization)
    product = await buying.product(organization)
    [applied] = await admissions.apply_for_admission(provider, framework_id, [product])
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    admit = """UPDATE admission SET status = 'admitted', decided_by = $2, decided_at = now(), published_at = now()
               WHERE id = $1"""
    await refused("admission_step_published", admit, applied, officer.actor)
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await database.execute("UPDATE framework_notice SET kind = 'expiry'")
    again = "INSERT INTO framework_notice (framework_id, kind, published_at) VALUES ($1, 'call', now())"
    await refused("framework_notice_once", again, framework_id)


async def test_everybody_reads_a_notice_with_its_ground_rate_and_supplier(db: None) -> None:
    organization = await buying.organization()
    framework_id = await buying.framework(rate_fen=55_500)
    removed = await buying.admission(framework_id, organization)
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    await admissions.remove_admission(officer, removed, RemovalGround.REFUSED_ORDER, "三次拒不接单")
    removal, admission, call = await notices_of(framework_id)
    async with client(ANONYMOUS) as http:
        pages = {found.kind: (await http.get(found.path)).text for found in (removal, admission, call)}
        assert (await http.get("/notices/GG-2026-999999")).status_code == 404
    assert "第19条" in pages[NoticeKind.REMOVAL]
    assert "无正当理由拒不接单" in pages[NoticeKind.REMOVAL]
    assert "¥555" in pages[NoticeKind.ADMISSION]
    uscc = (await notice(admission.reference)).uscc
    assert uscc
    assert uscc in pages[NoticeKind.ADMISSION]
    assert "/organizations/" not in pages[NoticeKind.CALL].split("<main", 1)[1].split("</main>")[0]
