"""What was decided is public at once: calls, admissions, how they end, contracts; page by page."""

from app.core import database
from app.core.access import Role
from procurement.frameworks.admissions import service as admissions
from procurement.frameworks.notices.queries import NoticeKind, notices
from procurement.frameworks.rules import RemovalGround
from tests.procurement import buying


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
    assert counts == {"call": 2, "admission": 4, "exit": 1, "removal": 1, "contract": 1, "quotation": 0}
    assert seen == sorted(seen, key=lambda notice: (notice.published_at, notice.key), reverse=True)
    first = await notices(limit=4)
    rest = await notices(before=(first[-1].published_at, first[-1].key))
    assert first + rest == seen
    assert [notice.kind for notice in await notices("removal")] == [NoticeKind.REMOVAL]
