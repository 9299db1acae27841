"""An auditor's word about a flag: by nobody who had a hand in it, once, and never rewritten."""

import asyncio

import pytest

from app.core import database
from app.core.access import Role
from app.core.errors import InvalidInput, NotFound, NotPermitted
from procurement.oversight.flags import queries
from procurement.oversight.flags.queries import Filter
from procurement.oversight.flags.rules import FlagEvent, FlagIsClosed, FlagKind, FlagStatus, ReviewOfOneself
from procurement.oversight.flags.service import review_flag
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.oversight.flags.looked import later, standing, supervising, unpublished
from tests.refusals import refused


async def test_an_auditor_says_what_was_found_and_nobody_else_does(db: None) -> None:
    _, who = await unpublished()
    await later(20)
    auditor = await buying.person_as(Role.SUPERVISOR)
    flag, other = await standing(FlagKind.LATE_NOTICE)
    with pytest.raises(InvalidInput):
        await review_flag(auditor, flag.public_id, FlagEvent.EXPLAIN, "  ")
    with pytest.raises(NotPermitted):
        await review_flag(await buying.person_as(Role.CASHIER), flag.public_id, FlagEvent.EXPLAIN, "好")
    with pytest.raises(NotFound):
        elsewhere = await buying.person_as(Role.SUPERVISOR, buying.OTHER_DISTRICT)
        await review_flag(elsewhere, flag.public_id, FlagEvent.EXPLAIN, "好")
    for handler in (who.officer, who.approver, who.provider):
        with pytest.raises(ReviewOfOneself):
            await review_flag(supervising(handler), flag.public_id, FlagEvent.EXPLAIN, "好")
    await review_flag(auditor, flag.public_id, FlagEvent.REFER, "移送采购处")
    await review_flag(auditor, flag.public_id, FlagEvent.EXPLAIN, "已补公告")
    found, reviews, _ = await queries.flag(auditor, flag.public_id)
    assert found.status is FlagStatus.EXPLAINED
    assert [review.outcome for review in reviews] == [FlagStatus.REFERRED, FlagStatus.EXPLAINED]
    assert await queries.open_counts(auditor) == 1
    assert [row.public_id for row in await queries.flags(auditor, Filter(state="open"))] == [other.public_id]


async def test_what_is_explained_or_closed_is_not_reviewed_again_by_raw_sql_either(db: None) -> None:
    await unpublished()
    await later(20)
    auditor = await buying.person_as(Role.SUPERVISOR)
    flag = await database.fetch_value("SELECT min(id) FROM review_flag")
    said = (
        "INSERT INTO flag_review (flag_id, outcome, words_zh, reviewed_by, reviewed_at) VALUES ($1, $2, 'x', $3, now())"
    )
    await database.execute(said, flag, "explained", auditor.actor)
    await refused("flag_review_while_open", said, flag, "referred", auditor.actor)
    other = await database.fetch_value("SELECT max(id) FROM review_flag")
    await database.execute("UPDATE review_flag SET closed_at = found_at WHERE id = $1", other)
    await refused("flag_review_while_open", said, other, "explained", auditor.actor)


async def test_of_many_auditors_one_explains(db: None) -> None:
    await unpublished()
    auditors = [await buying.person_as(Role.SUPERVISOR) for _ in range(4)]
    for turn in range(rounds(3, 100)):
        await later(20 + turn)
        flag = (await queries.flags(auditors[0], Filter(kind="late_notice")))[0]
        done = await asyncio.gather(
            *(review_flag(one, flag.public_id, FlagEvent.EXPLAIN, "已核") for one in auditors), return_exceptions=True
        )
        assert sum(one is None for one in done) == 1
        assert all(one is None or isinstance(one, FlagIsClosed) or one.code for one in done)  # type: ignore[union-attr]
        await database.execute("UPDATE review_flag SET closed_at = found_at WHERE id = $1", flag.id)
