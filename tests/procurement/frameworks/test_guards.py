"""What the database refuses about frameworks, admissions and their notices, whoever writes."""

from itertools import product

from app.core import database
from app.core.access import Role
from procurement.frameworks.admissions.service import apply_for_admission
from procurement.frameworks.rules import ADMISSION_TRANSITIONS, TRANSITIONS, AdmissionStatus, FrameworkStatus
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


async def test_frameworks_and_admissions_go_only_the_ways_that_their_rules_know(db: None) -> None:
    for name, statuses, table in (
        ("framework", FrameworkStatus, TRANSITIONS),
        ("admission", AdmissionStatus, ADMISSION_TRANSITIONS),
    ):
        steps = {(start, end) for (start, _), end in table.items()}
        for start, end in product(statuses, statuses):
            may = await database.fetch_value(f"SELECT {name}_may_go($1, $2)", start.value, end.value)
            assert may == ((start, end) in steps), (name, start, end)
    framework_id = await buying.framework()
    await buying.admission(framework_id, await buying.organization())
    for status in ("scheme", "filed"):
        await refused("framework_in_order", f"UPDATE framework SET status = '{status}'")
    for status in ("applied", "refused"):
        await refused("admission_in_order", f"UPDATE admission SET status = '{status}'")


async def test_an_admission_stays_of_the_product_and_by_the_person_that_it_was(db: None) -> None:
    framework_id = await buying.framework()
    await buying.admission(framework_id, await buying.organization())
    other = await buying.organization()
    for change in (
        f"organization_id = {other}",
        f"product_id = {await buying.product(other)}",
        f"framework_id = {await buying.framework()}",
        "decided_by = (SELECT max(id) FROM account)",
        "published_at = published_at - interval '1 day'",
    ):
        await refused("admission_frozen", f"UPDATE admission SET {change}")


async def test_a_notice_is_about_an_admission_or_about_the_whole_framework(db: None) -> None:
    framework_id = await buying.framework()
    admission_id = await buying.admission(framework_id, await buying.organization())
    insert = """INSERT INTO framework_notice (framework_id, kind, admission_id, published_at)
                VALUES ($1, $2, $3, now())"""
    await refused("framework_notice_subject", insert, framework_id, "force", admission_id)
    await refused("framework_notice_subject", insert, framework_id, "exit", None)
    assert await database.fetch_value("SELECT count(*) FROM framework_notice") == 2
