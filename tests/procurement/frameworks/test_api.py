"""The public notices for programs: by kind, by cursor, and one in full with its article."""

from app.core.access import ANONYMOUS, Role
from procurement.frameworks.admissions import service as admissions
from procurement.frameworks.notices.queries import notices_of
from procurement.frameworks.rules import RemovalGround
from tests.app.web.client import call
from tests.procurement import buying


async def test_everybody_reads_the_notices_by_kind_and_cursor_and_one_with_its_article(db: None) -> None:
    organization = await buying.organization()
    framework_id = await buying.framework(rate_fen=55_500)
    removed = await buying.admission(framework_id, organization)
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    await admissions.remove_admission(officer, removed, RemovalGround.BREACH, "未按约定服务")
    first = (await call(ANONYMOUS, "GET", "/notices?limit=2")).json()
    rest = (await call(ANONYMOUS, "GET", f"/notices?limit=2&cursor={first['next_cursor']}")).json()
    assert [row["kind"] for row in (*first["items"], *rest["items"])] == ["removal", "admission", "call"]
    assert rest["next_cursor"] is None
    [removal] = (await call(ANONYMOUS, "GET", "/notices?kind=removal")).json()["items"]
    shown = (await call(ANONYMOUS, "GET", f"/notices/{removal['reference']}")).json()
    assert (shown["rate_fen"], shown["end_ground"], shown["article"]) == (55_500, "breach", "第19条")
    call_notice = (await notices_of(framework_id))[-1]
    assert (await call(ANONYMOUS, "GET", f"/notices/{call_notice.reference}")).json()["uscc"] is None


async def test_a_notice_that_never_was_and_a_kind_that_is_none_are_refused(db: None) -> None:
    assert (await call(ANONYMOUS, "GET", "/notices/GG-2026-999999")).status_code == 404
    assert (await call(ANONYMOUS, "GET", "/notices?kind=rumour")).status_code == 400
