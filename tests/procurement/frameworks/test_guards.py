"""What the database refuses about frameworks, admissions and their notices, whoever writes."""

from app.core import database
from app.core.access import Role
from procurement.frameworks.admissions.service import apply_for_admission
from tests.procurement import buying
from tests.refusals import refused


async def test_nothing_is_called_in_force_or_over_before_it_was_published(db: None) -> None:
    await buying.framework()
    await refused("framework_published", "UPDATE framework SET published_at = NULL")


SOMEBODY = "(SELECT min(id) FROM account)"  # the applicant is the last who came
DECIDED, ENDED = f"decided_by = {SOMEBODY}, decided_at = now()", f"ended_by = {SOMEBODY}, ended_at = now()"
APPLICATIONS = [
    ("admission_decided", "status = 'refused', reason = '不符合征集条件'"),
    ("admission_published", f"status = 'admitted', {DECIDED}"),
    ("admission_ended", "status = 'withdrawn', end_ground = 'voluntary'"),
    ("admission_ended", f"status = 'withdrawn', end_ground = 'breach', {ENDED}"),
    ("admission_ended", f"status = 'removed', end_ground = 'voluntary', {DECIDED}, {ENDED}"),
    ("admission_ended", ENDED),
]


async def test_an_application_ends_by_somebody_on_a_ground_and_is_admitted_in_public(db: None) -> None:
    framework_id, organization = await buying.framework(), await buying.organization()
    product = await buying.product(organization)
    provider = await buying.person_as(Role.PROVIDER, None, organization)
    await apply_for_admission(provider, framework_id, [product])
    for guard, change in APPLICATIONS:
        await refused(guard, f"UPDATE admission SET {change}")


async def test_a_notice_is_about_an_admission_or_about_the_whole_framework(db: None) -> None:
    framework_id = await buying.framework()
    admission_id = await buying.admission(framework_id, await buying.organization())
    insert = """INSERT INTO framework_notice (framework_id, kind, admission_id, published_at)
                VALUES ($1, $2, $3, now())"""
    await refused("framework_notice_subject", insert, framework_id, "force", admission_id)
    await refused("framework_notice_subject", insert, framework_id, "exit", None)
    assert await database.fetch_value("SELECT count(*) FROM framework_notice") == 2
