"""The pages of products: what each person may see and send, and what a refusal looks like."""

from typing import Any

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from marketplace.organizations.provision import Category
from marketplace.products import queries
from marketplace.products.review.rules import Verdict
from tests import world
from tests.app.web.client import client

CONTENT = {
    "title_zh": "社区法律门诊",
    "summary_zh": "律师每周三上午到社区接待居民。",
    "content_zh": "接待来访居民，当场答复，疑难问题三天内回复。",
    "standard_zh": "每次不少于三小时，来访登记齐全。",
    "staffing_zh": "执业律师一名到场。",
    "process_zh": "预约、接待、登记、回访。",
    "target_group": "everyone",
    "unit": "half_day",
    "minutes": "180",
    "people": "1",
    "credentials_any": "lawyer",
    "ceiling_fen": "300.00",
    "areas": "330106",
    "monthly_units": "12",
}


async def _stage(provider: world.Organization, reference: str) -> str:
    return (await queries.product_in_full(provider.member, reference)).stage.code


async def _post(person: Principal, path: str, data: dict[str, Any]) -> Any:
    async with client(person) as http:
        return await http.post(path, data=data)


async def test_the_catalogue_shows_filters_and_keeps_them_in_the_address(db: None) -> None:
    product = await world.listed_product(title_zh="反诈宣传讲座")
    async with client() as http:
        shown = await http.get("/products?q=反诈&category=legal_education&place=330106")
        missing = await http.get("/products?category=notarization")
        wrong = await http.get("/products?category=nonsense")
    assert product.reference in shown.text
    assert '<input type="hidden" name="category" value="legal_education">' in shown.text
    assert product.reference not in missing.text
    assert wrong.status_code == 422


async def test_the_catalogue_page_takes_few_statements_however_many_rows(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = await world.organization()
    for _ in range(12):
        await world.listed_product(provider)
    statements: list[str] = []
    for name in ("fetch", "fetch_one", "fetch_value", "execute"):
        monkeypatch.setattr(database, name, _counting(getattr(database, name), statements))
    async with client() as http:
        page = await http.get("/products?limit=200")
    assert page.text.count('class="tile"') == 12
    assert len(statements) <= 6


def _counting(function: Any, statements: list[str]) -> Any:
    async def counted(sql: str, *values: Any) -> Any:
        statements.append(sql)
        return await function(sql, *values)

    return counted


async def test_a_products_page_is_public_only_once_it_is_listed(db: None) -> None:
    listed, draft = await world.listed_product(), await world.draft_product()
    async with client() as http:
        assert (await http.get(f"/products/{listed.reference}")).status_code == 200
        assert (await http.get(f"/products/{draft.reference}")).status_code == 404


async def test_english_readers_get_english_titles_and_chinese_ones_where_there_is_none(db: None) -> None:
    await world.listed_product(title_zh="双语讲座", title_en="With an English name")
    await world.listed_product(title_zh="没有英文名", title_en="")
    async with client() as http:
        page = await http.get("/products?lang=en")
    assert "With an English name" in page.text
    assert "双语讲座" not in page.text
    assert "没有英文名" in page.text


async def test_a_product_is_written_checked_submitted_and_taken_back_by_forms(db: None) -> None:
    provider = await world.organization()
    begun = {"organization": str(provider.public_id), "category": "consultation", "title_zh": "社区法律门诊"}
    created = await _post(provider.member, "/my/products/new", begun)
    assert created.status_code == 303
    address = created.headers["location"]
    async with client(provider.member) as http:
        page = await http.get(address)
    assert "没有写“服务内容”" in page.text
    saved = await _post(provider.member, f"{address}/edit", CONTENT | {"version": "1"})
    assert saved.headers["location"] == address
    reference = address.rsplit("/", 1)[1]
    sent = await _post(provider.member, "/my/products/submit", {"references": reference, "declared": "on"})
    assert (sent.status_code, await _stage(provider, reference)) == (303, "submitted")
    back = await _post(provider.member, f"{address}/withdraw", {})
    assert (back.status_code, await _stage(provider, reference)) == (303, "withdrawn")


async def test_a_wrong_form_comes_back_with_what_was_typed(db: None) -> None:
    product = await world.draft_product()
    typed = CONTENT | {"version": "1", "minutes": "5", "title_zh": "保留我的字"}
    answer = await _post(product.organization.member, f"/my/products/{product.reference}/edit", typed)
    assert answer.status_code == 422
    assert "保留我的字" in answer.text
    assert 'id="field-minutes-error"' in answer.text


async def test_smaller_places_are_typed_by_name_and_ambiguous_names_are_asked_about(db: None) -> None:
    product = await world.draft_product()
    path, member = f"/my/products/{product.reference}/edit", product.organization.member
    several = await database.fetch_value(
        "SELECT name_zh FROM place WHERE level = 'village' GROUP BY name_zh HAVING count(*) > 1 LIMIT 1"
    )
    for name in ("没有这个村", several):
        refused = await _post(member, path, CONTENT | {"version": "1", "more_areas": name})
        assert 'id="field-more_areas-error"' in refused.text
    saved = await _post(member, path, CONTENT | {"version": "1", "areas": [], "more_areas": "清波街道, 330110005"})
    assert saved.status_code == 303
    view = await queries.product_in_full(member, product.reference)
    assert view.latest.content.areas == ("330102001", "330110005")


async def test_an_edit_from_an_older_version_is_told_and_keeps_the_text(db: None) -> None:
    product = await world.draft_product()
    path, member = f"/my/products/{product.reference}/edit", product.organization.member
    await _post(member, path, CONTENT | {"version": "1"})
    late = await _post(member, path, CONTENT | {"version": "1", "title_zh": "来晚的修改"})
    assert late.status_code == 409
    assert "来晚的修改" in late.text


async def test_the_live_check_answers_with_a_part_of_the_page(db: None) -> None:
    provider = await world.organization()
    typed = CONTENT | {"organization": str(provider.public_id), "category": "legal_aid"}
    part = await _post(provider.member, "/my/products/check", typed)
    assert "<html" not in part.text
    assert "“社会服务机构”不能提供“法律援助”" in part.text
    fine = await _post(provider.member, "/my/products/check", typed | {"category": "consultation"})
    assert "没有发现问题" in fine.text
    wrong = await _post(provider.member, "/my/products/check", typed | {"ceiling_fen": "很多"})
    assert "先改这些" in wrong.text


async def test_several_products_are_submitted_at_once_or_the_page_says_what_stands_against_which(db: None) -> None:
    provider = await world.organization()
    good, bad = await world.draft_product(provider), await world.draft_product(provider, process_zh="")
    refused = await _post(
        provider.member, "/my/products/submit", {"references": [good.reference, bad.reference], "declared": "on"}
    )
    assert refused.status_code == 422
    assert "没有写“服务流程”" in refused.text
    assert await _stage(provider, good.reference) == "draft"


async def test_a_product_sent_back_shows_the_note_and_is_not_called_fine(db: None) -> None:
    product = await world.submitted_product()
    await world.decide(product, Verdict.REQUEST_CHANGES)
    async with client(product.organization.member) as http:
        page = await http.get(f"/my/products/{product.reference}")
        bench = await http.get("/workbench")
    assert world.REASONS in page.text
    assert "退回后没有改动" in page.text
    assert product.reference in bench.text


async def test_the_history_shows_what_went_and_what_came(db: None) -> None:
    product = await world.draft_product(title_zh="民法典进社区")
    await _post(
        product.organization.member,
        f"/my/products/{product.reference}/edit",
        CONTENT | {"version": "1", "title_zh": "民法典进乡村"},
    )
    async with client(product.organization.member) as http:
        page = await http.get(f"/my/products/{product.reference}")
    assert "民法典进<del>" in page.text
    assert "社区</del><ins>" in page.text
    assert "乡村</ins>" in page.text


async def test_the_desk_takes_up_and_decides_several_at_once(db: None) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    products = [await world.submitted_product(provider) for _ in range(3)]
    ticked = {"selected": [f"{product.reference}/1" for product in products]}
    assert (await _post(officer, "/review/products/begin", ticked)).status_code == 303
    without = await _post(officer, "/review/products/decide", ticked | {"verdict": "list", "reasons": ""})
    assert without.status_code == 422
    decided = await _post(officer, "/review/products/decide", ticked | {"verdict": "list", "reasons": "写得具体。"})
    assert decided.status_code == 303
    assert {await _stage(provider, product.reference) for product in products} == {"listed"}


async def test_the_desk_shows_how_long_is_left(db: None) -> None:
    product = await world.submitted_product()
    async with client(await world.reviewer()) as http:
        desk = await http.get("/review/products")
        page = await http.get(f"/review/products/{product.reference}")
        bench = await http.get("/workbench")
    assert all("还剩 7 个工作日" in answer.text for answer in (desk, page, bench))


async def test_a_product_is_decided_on_its_own_page(db: None) -> None:
    product, officer = await world.submitted_product(), await world.reviewer()
    await _post(officer, "/review/products/begin", {"selected": f"{product.reference}/1"})
    decision = {"verdict": "list", "reasons": "可以上架。", "version": "1", "listed_version": "0"}
    done = await _post(officer, f"/review/products/{product.reference}/decide", decision)
    assert done.status_code == 303
    suspension = decision | {"verdict": "suspend", "listed_version": "1"}
    await _post(officer, f"/review/products/{product.reference}/decide", suspension)
    assert await _stage(product.organization, product.reference) == "suspended"


async def test_an_author_who_reviews_is_told_to_leave_it_to_another(db: None) -> None:
    product = await world.submitted_product()
    await database.execute(
        """INSERT INTO membership (account_id, role, place_code, valid_from)
           VALUES ($1, 'catalogue_reviewer', '3301', $2)""",
        product.organization.member.actor,
        clock.now(),
    )
    from app.accounts.principals import principal_of_account

    both = await principal_of_account(product.organization.member.actor)
    refused = await _post(both, "/review/products/begin", {"selected": f"{product.reference}/1"})
    assert refused.status_code == 409
    assert "必须由另一个人" in refused.text


PATHS = ("/my/products", "/my/products/new", "/my/products/{0}", "/my/products/{0}/edit", "/review/products",
         "/review/products/{0}")  # fmt: skip


async def test_strangers_see_none_of_the_inner_pages(db: None) -> None:
    product = await world.draft_product(category=Category.CONSULTATION)
    addresses = [path.format(product.reference) for path in PATHS]
    async with client() as http:
        answers = [await http.get(address) for address in addresses]
        assert all(answer.headers["location"].startswith("/sign-in?next=") for answer in answers)
    async with client(await world.account(Role.RESIDENT)) as http:
        assert {(await http.get(address)).status_code for address in addresses} == {403}
