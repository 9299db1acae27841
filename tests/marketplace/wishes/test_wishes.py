"""The wall of wishes: villages write and join, providers answer, the villages hear when it is listed."""

import asyncio

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from marketplace.organizations.provision import Category
from marketplace.products.content import TargetGroup
from marketplace.products.service import withdraw_product
from marketplace.wishes import queries
from marketplace.wishes.rules import (
    AlreadyAnswered,
    AlreadySupported,
    OtherCategory,
    OtherDistrict,
    ProductOver,
    WishStatus,
)
from marketplace.wishes.service import answer, close, follow_wishes, support, write_wish
from tests import world
from tests.app.web.client import client
from tests.conftest import rounds
from tests.refusals import refused

WORDS = "想请人给网约工讲讲社保怎么缴"


async def villages(district: str = world.DISTRICT, limit: int = 3) -> list[str]:
    rows = await database.fetch(
        "SELECT code FROM place WHERE level = 'village' AND code LIKE $1 ORDER BY code DESC LIMIT $2",
        *(district + "%", limit),
    )
    return [row["code"] for row in rows]


async def clerk_of(code: str) -> Principal:
    return await world.account(Role.VILLAGE_CLERK, code)


async def wish_of(clerk: Principal, code: str, words: str = WORDS) -> str:
    return await write_wish(clerk, code, Category.LEGAL_EDUCATION, TargetGroup.MIGRANT_WORKERS, words)


async def heard(person: Principal) -> list[str]:
    rows = await database.fetch("SELECT msgid FROM notification WHERE account_id = $1 ORDER BY id", person.actor)
    return [row["msgid"] for row in rows]


async def test_villages_of_the_district_join_a_wish_once_each(db: None) -> None:
    first, second, _ = await villages()
    [elsewhere] = await villages("330110", 1)
    author, other = await clerk_of(first), await clerk_of(second)
    reference = await wish_of(author, first)
    await support(other, reference, second)
    with pytest.raises(AlreadySupported):
        await support(other, reference, second)
    with pytest.raises(AlreadySupported):
        await support(author, reference, first)
    with pytest.raises(OtherDistrict):
        await support(await clerk_of(elsewhere), reference, elsewhere)
    with pytest.raises(NotPermitted):
        await support(other, reference, first)
    found = await queries.wish(reference)
    assert (found.status, found.villages) == (WishStatus.OPEN, 2)
    assert sum(town.villages for town in await queries.towns_of(found.id)) == 2


async def test_a_wish_has_words_without_numbers(db: None) -> None:
    [code] = await villages(limit=1)
    clerk = await clerk_of(code)
    for words in ("", "请联系 13812345678"):
        with pytest.raises(InvalidInput):
            await wish_of(clerk, code, words)
    with pytest.raises(NotPermitted):
        await wish_of(clerk, (await villages())[1])


async def test_a_listed_product_fulfils_a_wish_at_once_and_everybody_hears(db: None) -> None:
    first, second, _ = await villages()
    author, other = await clerk_of(first), await clerk_of(second)
    reference = await wish_of(author, first)
    await support(other, reference, second)
    product = await world.listed_product(await world.organization())
    assert await answer(product.organization.member, reference, product.reference) is WishStatus.FULFILLED
    assert [["有服务了" in one for one in await heard(person)] for person in (author, other)] == [[True], [True]]
    with pytest.raises(TransitionRefused):
        await support(await clerk_of(second), reference, second)
    [row] = await queries.answers_of((await queries.wish(reference)).id)
    assert row.product == product.reference


async def test_a_draft_answers_and_the_wish_waits_until_it_is_listed_or_open_again(db: None) -> None:
    [code] = await villages(limit=1)
    author = await clerk_of(code)
    reference = await wish_of(author, code)
    provider = await world.organization()
    draft = await world.draft_product(provider)
    assert await answer(provider.member, reference, draft.reference) is WishStatus.ANSWERED
    with pytest.raises(AlreadyAnswered):
        await answer(provider.member, reference, draft.reference)
    assert await follow_wishes(clock.now()) == {"fulfilled": 0, "reopened": 0}
    [row] = await queries.answers_of((await queries.wish(reference)).id)
    assert (row.product, row.title_zh) == (None, None)  # a draft is nobody else's business
    await withdraw_product(provider.member, draft.reference)
    assert await follow_wishes(clock.now()) == {"fulfilled": 0, "reopened": 1}
    with pytest.raises(ProductOver):
        await answer(provider.member, reference, draft.reference)
    assert ["正在写" in one for one in await heard(author)] == [True]


async def test_one_answers_with_an_own_product_of_the_same_category(db: None) -> None:
    [code] = await villages(limit=1)
    reference = await wish_of(await clerk_of(code), code)
    provider, stranger = await world.organization(), await world.organization()
    other = await world.draft_product(provider, Category.CONSULTATION)
    with pytest.raises(OtherCategory):
        await answer(provider.member, reference, other.reference)
    with pytest.raises(InvalidInput):
        await answer(stranger.member, reference, other.reference)
    with pytest.raises(NotFound):
        await answer(provider.member, "XY-1999-000001", other.reference)


async def test_the_village_or_a_reviewer_closes_a_wish_with_a_reason(db: None) -> None:
    first, second, _ = await villages()
    author = await clerk_of(first)
    reference = await wish_of(author, first)
    with pytest.raises(NotPermitted):
        await close(await clerk_of(second), reference, "重复")
    with pytest.raises(InvalidInput):
        await close(author, reference, " ")
    await close(await world.reviewer(), reference, "目录里已有同样的服务")
    with pytest.raises(TransitionRefused):
        await close(author, reference, "不要了")
    assert ["结束了" in one for one in await heard(author)] == [True]


async def test_raw_sql_cannot_fulfil_without_a_product_or_join_from_elsewhere(db: None) -> None:
    [code] = await villages(limit=1)
    [elsewhere] = await villages("330110", 1)
    clerk = await clerk_of(code)
    await wish_of(clerk, code)
    for status in ("answered", "fulfilled"):
        await refused("wish_has_answer", "UPDATE wish SET status = $1", status)
    await refused("wish_without_numbers", "UPDATE wish SET words_zh = '13812345678'")
    await refused(
        "wish_support_of_district",
        """INSERT INTO wish_support (wish_id, place_id, supported_by, supported_at)
           SELECT w.id, place.id, $2, now() FROM wish w, place WHERE place.code = $1""",
        *(elsewhere, clerk.actor),
    )


async def test_raw_sql_cannot_close_a_wish_by_halves(db: None) -> None:
    [code] = await villages(limit=1)
    clerk = await clerk_of(code)
    await wish_of(clerk, code)
    person = f"closed_by = {clerk.actor}, closed_at = now()"
    for change in (
        "status = 'closed', reason = '重复'",
        f"status = 'closed', {person}",
        f"status = 'closed', reason = '重复', closed_by = {clerk.actor}",
        f"reason = '重复', {person}",
        "reason = '重复'",
        "closed_at = now()",
    ):
        await refused("wish_closed", f"UPDATE wish SET {change}")


async def test_raw_sql_joins_and_answers_once_each_and_with_a_product_of_the_category(db: None) -> None:
    first, second, _ = await villages()
    author, provider = await clerk_of(first), await world.organization()
    reference = await wish_of(author, first)
    await support(await clerk_of(second), reference, second)
    draft = await world.draft_product(provider)
    other = await world.draft_product(provider, Category.CONSULTATION)
    await answer(provider.member, reference, draft.reference)
    await refused("wish_has_answer", "UPDATE wish SET status = 'fulfilled'")  # nothing is listed yet
    await refused(
        "wish_support_once",
        """INSERT INTO wish_support (wish_id, place_id, supported_by, supported_at)
           SELECT wish_id, place_id, supported_by, now() FROM wish_support LIMIT 1""",
    )
    answered = """INSERT INTO wish_answer (wish_id, product_id, answered_by, answered_at)
                  SELECT wish_id, $1, answered_by, now() FROM wish_answer"""
    await refused("wish_answer_once", answered, draft.id)
    await refused("wish_answer_of_category", answered, other.id)
    await refused("wish_answer_of_category", "UPDATE wish_answer SET product_id = $1", other.id)


@pytest.mark.parametrize("statement", ["DELETE FROM wish_answer", "UPDATE wish SET category = 'mediation'"])
async def test_raw_sql_takes_no_answer_from_a_wish_that_is_fulfilled(db: None, statement: str) -> None:
    [code] = await villages(limit=1)
    reference = await wish_of(await clerk_of(code), code)
    product = await world.listed_product()
    await answer(product.organization.member, reference, product.reference)
    await refused("wish_has_answer", statement)


async def test_raw_sql_makes_no_other_wish_of_what_others_support(db: None) -> None:
    first, second, _ = await villages()
    reference = await wish_of(await clerk_of(first), first)
    await support(await clerk_of(second), reference, second)
    for change in ("category = 'mediation'", "target_group = 'x'", "place_id = (SELECT max(id) FROM place)"):
        await refused("wish_supported_as_it_is", f"UPDATE wish SET {change}")


async def test_many_clerks_of_one_village_are_one_voice(db: None) -> None:
    first, second, _ = await villages()
    author, others = await clerk_of(first), [await clerk_of(second) for _ in range(4)]
    for _ in range(rounds(3, 100)):
        reference = await wish_of(author, first)
        outcomes = await asyncio.gather(
            *(support(other, reference, second) for other in others), return_exceptions=True
        )
        assert [type(one) for one in outcomes].count(AlreadySupported) == 3, outcomes
        assert (await queries.wish(reference)).villages == 2


async def test_the_wall_is_public_and_its_forms_do_what_they_say(db: None) -> None:
    first, second, _ = await villages()
    author, other = await clerk_of(first), await clerk_of(second)
    provider = await world.organization()
    draft = await world.draft_product(provider)
    async with client(author) as http:
        assert (await http.get("/wishes/new")).status_code == 200
        asked = {"place_code": first, "category": "legal_education", "target_group": "migrant_workers"}
        refused = await http.post("/wishes", data={**asked, "words_zh": "打 13812345678"})
        assert (refused.status_code, "请不要写电话号码" in refused.text) == (422, True)
        written = await http.post("/wishes", data={**asked, "words_zh": WORDS})
        path = written.headers["location"]
    async with client() as http:
        assert WORDS in (await http.get("/wishes")).text
        shown = await http.get(path)
        assert "我们也要" not in shown.text
        assert (await http.get("/wishes?category=mediation&over=1")).status_code == 200
    async with client(other) as http:
        assert "我们也要" in (await http.get(path)).text
        assert (await http.post(f"{path}/support", data={"place_code": second})).status_code == 303
        assert (await http.post(f"{path}/support", data={"place_code": second})).status_code == 409
    async with client(provider.member) as http:
        assert draft.reference in (await http.get(path)).text
        assert (await http.post(f"{path}/answer", data={"product": draft.reference})).status_code == 303
    async with client(author) as http:
        assert (await http.post(f"{path}/close", data={"reason": ""})).status_code == 422
        assert (await http.post(f"{path}/close", data={"reason": "不要了"})).status_code == 303


async def test_programs_read_write_join_and_answer(db: None) -> None:
    first, second, _ = await villages()
    async with client(await clerk_of(first)) as http:
        wished = {"place_code": first, "category": "legal_education", "target_group": "elderly", "words_zh": WORDS}
        made = (await http.post("/api/v1/wishes", json=wished)).json()
    async with client(await clerk_of(second)) as http:
        joined = await http.post(f"/api/v1/wishes/{made['reference']}/support", json={"place_code": second})
        assert joined.json()["villages"] == 2
        mine = (await http.post("/api/v1/wishes", json=wished | {"place_code": second})).json()["reference"]
        closed = await http.post(f"/api/v1/wishes/{mine}/closure", json={"reason": "镇里已请到讲师"})
        assert (closed.json()["status"], closed.json()["reason"]) == ("closed", "镇里已请到讲师")
        other = await http.post(f"/api/v1/wishes/{made['reference']}/closure", json={"reason": "不要了"})
        assert other.status_code == 403
    product = await world.listed_product(await world.organization())
    async with client(product.organization.member) as http:
        answered = await http.post(f"/api/v1/wishes/{made['reference']}/answers", json={"product": product.reference})
        assert answered.json()["status"] == "fulfilled"
    async with client() as http:
        assert (await http.get("/api/v1/wishes")).json()["items"] == []
        assert (await http.get(f"/api/v1/wishes/{made['reference']}")).json()["status"] == "fulfilled"
