"""What the database refuses about flags, whoever writes."""

from app.core import database
from app.core.access import Role
from tests.procurement import buying
from tests.procurement.oversight.flags.looked import later, unpublished
from tests.refusals import refused

SAID = "INSERT INTO flag_review (flag_id, outcome, words_zh, reviewed_by, reviewed_at) VALUES ($1, $2, 'x', $3, now())"
FOUND = """INSERT INTO review_flag (kind, subject, place_id, year, purchase_id, measured, threshold, unit, n, minimum,
                                    parts, document, article, verified, found_at)
           SELECT kind, 'another', place_id, year, purchase_id, measured, threshold, unit, n - 1, minimum, parts,
                  document, article, verified, found_at FROM review_flag WHERE id = $1"""


async def test_a_flag_stays_as_it_was_found_and_rests_on_enough_cases(db: None) -> None:
    await unpublished()
    await later(20)
    flag = await database.fetch_value("SELECT min(id) FROM review_flag WHERE n = minimum")
    for change in ("measured = 1", "closed_at = NULL", "closed_at = found_at, measured = 1"):
        await refused("review_flag_is_kept", f"UPDATE review_flag SET {change} WHERE id = $1", flag)
    await refused("review_flag_is_kept", "DELETE FROM review_flag WHERE id = $1", flag)
    await refused("review_flag_enough", FOUND, flag)


async def test_a_flag_is_reviewed_by_nobody_who_had_a_hand_in_it_and_once_each_way(db: None) -> None:
    _, who = await unpublished()
    await later(20)
    flag = await database.fetch_value("SELECT min(id) FROM review_flag")
    for handler in (who.officer, who.approver, who.provider):
        await refused("flag_review_second_party", SAID, flag, "explained", handler.actor)
    auditor = await buying.person_as(Role.SUPERVISOR)
    await database.execute(SAID, flag, "referred", auditor.actor)
    await refused("flag_review_once", SAID, flag, "referred", auditor.actor)
