"""Finding products: by words, category, place, group and provider; by cursor; in few statements."""

from typing import Any

import pytest

from app.core import database
from app.core.errors import NotFound
from app.web.pagination import BadCursor
from marketplace.organizations.provision import Category
from marketplace.organizations.rules import OrganizationKind
from marketplace.products import service
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.queries import (
    CataloguePage,
    catalogue_page,
    counts_by_category,
    product_page,
)
from marketplace.products.content import TargetGroup, Unit
from marketplace.products.review import service as review
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision
from marketplace.products.service import NewProduct
from tests import world


async def _list(provider: world.Organization, *written: dict[str, Any], category: Category) -> list[str]:
    """List many products of one provider with the set-based services."""
    new = [NewProduct(provider.public_id, category, world.content(category, **one), monthly_units=9) for one in written]
    references = [saved.reference for saved in await service.create_products(provider.member, new)]
    await service.submit_products(provider.member, references)
    officer = await world.reviewer()
    await review.begin_review(officer, references)
    decisions = [ProductDecision(reference, 1, Verdict.LIST, world.REASONS) for reference in references]
    await review.decide_products(officer, decisions)
    return references


async def _found(**asked: Any) -> list[str]:
    return [row.title_zh for row in (await catalogue_page(CatalogueFilter(**asked))).rows]


async def _catalogue() -> world.Organization:
    firm = await world.organization(OrganizationKind.LAW_FIRM, place="330110", name_zh="浙江清波律师事务所")
    await _list(
        firm,
        {"title_zh": "工地欠薪维权代理", "target_group": TargetGroup.MIGRANT_WORKERS, "unit": Unit.CASE,
         "areas": ("330110",)},
        category=Category.LEGAL_AID,
    )  # fmt: skip
    await _list(
        await world.organization(),
        {"title_zh": "民法典进村社", "target_group": TargetGroup.VILLAGE_CADRES, "areas": ("330106002",)},
        {"title_zh": "反诈宣传讲座", "target_group": TargetGroup.ELDERLY, "areas": ("3301",)},
        category=Category.LEGAL_EDUCATION,
    )
    return firm


async def test_the_catalogue_is_filtered_by_everything_a_reader_may_ask(db: None) -> None:
    firm = await _catalogue()
    assert await _found() == ["反诈宣传讲座", "民法典进村社", "工地欠薪维权代理"]
    assert await _found(category=Category.LEGAL_AID) == ["工地欠薪维权代理"]
    assert await _found(target_group=TargetGroup.ELDERLY) == ["反诈宣传讲座"]
    assert await _found(unit=Unit.CASE) == ["工地欠薪维权代理"]
    assert await _found(organization=firm.public_id) == ["工地欠薪维权代理"]
    assert await _found(organization=firm.public_id, category=Category.MEDIATION) == []


async def test_a_place_shows_what_reaches_it_from_above_and_what_is_offered_below(db: None) -> None:
    await _catalogue()
    assert await _found(place_code="330110") == ["反诈宣传讲座", "工地欠薪维权代理"]
    assert await _found(place_code="330106") == ["反诈宣传讲座", "民法典进村社"]
    assert await _found(place_code="330106002001") == ["反诈宣传讲座", "民法典进村社"]
    assert await _found(place_code="330106003") == ["反诈宣传讲座"]


FOUND_BY = (
    ("民法典", "民法典进村社"),
    ("欠薪", "工地欠薪维权代理"),
    ("反诈 讲座", "反诈宣传讲座"),
    ("清波", "工地欠薪维权代理"),
    ("法律援助", "工地欠薪维权代理"),
    ("村社干部", "民法典进村社"),
    ("诈", "反诈宣传讲座"),
)


async def test_words_find_titles_providers_categories_and_groups(db: None) -> None:
    await _catalogue()
    assert [(asked, (await _found(text=asked))[0]) for asked, _ in FOUND_BY] == list(FOUND_BY)


async def test_where_nothing_has_all_words_those_with_some_are_shown_and_it_says_so(db: None) -> None:
    await _catalogue()
    page = await catalogue_page(CatalogueFilter(text="欠薪 公积金"))
    assert ([row.title_zh for row in page.rows], page.widened, page.exact) == (["工地欠薪维权代理"], True, 0)
    assert not (await catalogue_page(CatalogueFilter(text="欠薪"))).widened
    assert (await catalogue_page(CatalogueFilter(text="太空旅行"))).rows == ()


async def test_the_few_that_have_all_words_come_first_on_every_page(db: None) -> None:
    provider = await world.organization()
    titles = ["宪法讲座", "宪法与公证讲座", *(f"宪法讲座{n}" for n in range(12))]
    await _list(provider, *({"title_zh": title} for title in titles), category=Category.LEGAL_EDUCATION)
    first = await catalogue_page(CatalogueFilter(text="宪法 公证"), size=5)
    second = await catalogue_page(CatalogueFilter(text="宪法 公证"), first.next_cursor, size=5)
    assert (first.rows[0].title_zh, first.widened, first.exact, first.total) == ("宪法与公证讲座", True, 1, 14)
    assert (second.widened, second.exact) == (True, 1)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}


async def test_a_search_of_signs_alone_shows_everything(db: None) -> None:
    await _catalogue()
    assert len(await _found(text="'); --")) == 3


async def test_a_new_version_is_found_by_its_new_words_once_it_is_listed(db: None) -> None:
    product = await world.listed_product(title_zh="老标题宪法")
    member = product.organization.member
    await service.save_product(member, product.reference, 1, world.content(title_zh="新标题物业"))
    assert (await _found(text="宪法"), await _found(text="物业")) == (["老标题宪法"], [])
    await service.submit_products(member, [product.reference])
    officer = await world.reviewer()
    await review.begin_review(officer, [product.reference])
    await review.decide_products(officer, [ProductDecision(product.reference, 2, Verdict.LIST, "可")])
    assert (await _found(text="宪法"), await _found(text="物业")) == ([], ["新标题物业"])


async def _walk(asked: CatalogueFilter, size: int) -> tuple[list[str], int]:
    seen: list[str] = []
    cursor, pages = None, 0
    while True:
        page: CataloguePage = await catalogue_page(asked, cursor, size)
        seen += [row.reference for row in page.rows]
        pages, cursor = pages + 1, page.next_cursor
        if cursor is None:
            return seen, pages


async def test_walking_by_cursor_meets_every_product_once(db: None) -> None:
    provider = await world.organization()
    written = [{"title_zh": "民法典" + "讲座" * (n % 3)} for n in range(23)]
    listed = await _list(provider, *written, category=Category.LEGAL_EDUCATION)
    for text in ("", "民法典", "民法典 不存在"):
        seen, pages = await _walk(CatalogueFilter(text=text), 5)
        assert (sorted(seen), pages) == (sorted(listed), 5), text


async def test_a_cursor_that_is_not_ours_is_refused(db: None) -> None:
    with pytest.raises(BadCursor):
        await catalogue_page(CatalogueFilter(), "bm90IG91cnM")


async def test_two_hundred_rows_take_few_statements(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = await world.organization()
    await _list(provider, *({"title_zh": f"民法典第{n}讲"} for n in range(200)), category=Category.LEGAL_EDUCATION)
    statements: list[str] = []
    fetch = database.fetch

    async def counted(sql: str, *values: Any) -> list[database.Row]:
        statements.append(sql)
        return await fetch(sql, *values)

    monkeypatch.setattr(database, "fetch", counted)
    page = await catalogue_page(CatalogueFilter(text="民法典 公证"), size=200)
    assert (len(page.rows), page.total) == (200, 200)
    assert len(statements) <= 3  # the places' names once in a process, the page, the counts
    statements.clear()
    assert len((await catalogue_page(CatalogueFilter(), size=200)).rows) == 200
    assert len(statements) == 2


async def test_the_page_of_a_product_shows_the_listed_version_only(db: None) -> None:
    product = await world.listed_product(title_zh="已定版本")
    await service.save_product(product.organization.member, product.reference, 1, world.content(title_zh="未定版本"))
    page = await product_page(product.reference)
    assert (page.title_zh, page.version, page.areas[0].name_zh) == ("已定版本", 1, "杭州市")


async def test_what_is_not_listed_has_no_public_page(db: None) -> None:
    draft, listed = await world.draft_product(), await world.listed_product()
    with pytest.raises(NotFound):
        await product_page(draft.reference)
    await world.decide(listed, Verdict.SUSPEND)
    assert (await product_page(listed.reference)).suspended
    await world.decide(listed, Verdict.DELIST)
    with pytest.raises(NotFound):
        await product_page(listed.reference)


async def test_categories_are_counted_those_with_nothing_included(db: None) -> None:
    await _catalogue()
    counts = await counts_by_category()
    assert counts[Category.LEGAL_EDUCATION] == 2
    assert counts[Category.NOTARIZATION] == 0
    assert set(counts) == set(Category)
