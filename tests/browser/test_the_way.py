"""The whole way in a browser, from an unwritten service to the money paid for it, by clicking alone.

Nobody types an address here: each person begins on the first page, opens their workbench and finds what is next. What
is given at the start are people with their roles, two organizations, a station and a tariff.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.core import clock, database
from app.core.money import parse_yuan, plain_yuan
from procurement.claims import accrual
from procurement.deliveries.jobs import follow_orders
from procurement.frameworks.admissions.service import apply_for_admission
from procurement.ledger.queries import trial_balance
from tests import world
from tests.browser.conftest import LISTENER, faults_of
from tests.browser.travelling import LongSite, living_from
from tests.browser.walking import Cast, Walk, cast
from tests.procurement.deliveries.served import photo
from tests.volunteers.dispatch import small
from volunteers.dispatch import jobs as dispatch

pytestmark = pytest.mark.browser

START = datetime(2026, 11, 18, 9, tzinfo=clock.SHANGHAI)
"""A Wednesday: the week after it is planned, worked and paid."""
NEXT_MONDAY = clock.week_start(START.date()) + timedelta(days=7)
WEEK_AFTER = clock.at_local(NEXT_MONDAY + timedelta(days=7), time(9))
TITLE, FRAMEWORK, SHIFT = "民法典进院坝", "法治宣传讲座开放式框架协议", "文新街道律师值班"
PRICE, TOTAL = "600.00", "¥1,100.00"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LongSite]:
    """Serve a site of its own that begins on that Wednesday."""
    with living_from(START, tmp_path_factory.mktemp("clock") / "ahead") as served:
        yield served


def _the_service_is_listed(walk: Walk) -> None:
    walk.at_work("provider")
    walk.follow("我的服务产品")
    walk.follow("写一个新产品")
    walk.follow("从空白开始")
    walk.fill(category="legal_education", title_zh=TITLE, target_group="everyone", unit="lecture", people="1",
              minutes="90", ceiling_fen="800", monthly_units="12", credentials_any="lawyer",
              areas=world.CITY)  # fmt: skip
    for name in ("summary", "content", "standard", "staffing", "process"):
        walk.fill(**{f"{name}_zh": "律师到院坝讲民法典，现场答疑，满意度不低于九成五。"})
    walk.press("保存")
    walk.fill(declared="on")
    walk.press("提交审查")
    walk.says("已提交 1 个产品")
    walk.at_work("reviewer")
    walk.follow("产品审查")
    walk.follow(TITLE)
    walk.press("接手审查")
    walk.fill(verdict="list", reasons="材料齐全，标准具体。")
    walk.press("作出决定")
    walk.says("已办结")
    walk.page.locator(".brand").click()
    walk.sees(TITLE)


def _it_is_admitted_to_a_framework(walk: Walk) -> None:
    walk.at_work("officer")
    walk.follow("框架协议")
    walk.follow("新建框架协议")
    walk.fill(title_zh=FRAMEWORK, category="legal_education", unit="lecture", rate_fen=PRICE, place_code=world.CITY,
              starts_on="2026-11-18", ends_on="2027-11-17")  # fmt: skip
    walk.press("拟定方案")
    walk.fill(filing_number="浙财采备〔2026〕7号")
    walk.press("已备案")
    walk.press("发布征集公告")
    walk.at_work("provider")
    walk.follow("我的入围")
    walk.follow("去申请")
    walk.page.locator("[name=products]").check()
    walk.press("提交申请")
    walk.says("已提交 1 项申请")
    walk.site.run(lambda: _the_other_applies(walk.cast))
    walk.at_work("officer")
    walk.follow("去审核")
    walk.follow(FRAMEWORK)
    for box in walk.page.locator("[name=applications]").all():
        box.check()
    walk.press("予以入围")
    walk.press("生效")
    walk.says("框架协议已生效")


async def _the_other_applies(cast: Cast) -> None:
    framework = await database.fetch_value("SELECT id FROM framework")
    await apply_for_admission(cast.other.member, framework, [cast.other_product])


def _it_is_bought(walk: Walk) -> None:
    walk.at_work("officer")
    walk.follow("预算", exact=True)
    walk.follow("新建预算行")
    walk.fill(programme="purchase", place_code=world.DISTRICT, year="2026", functional_code="2040607",
              economic_code="30227")  # fmt: skip
    walk.press("建立预算行")
    walk.fill(amount="50000", document="杭财行〔2026〕1号")
    walk.press("申报")
    walk.at_work("approver")
    walk.follow("去审批")
    walk.page.locator("[name=proposals]").check()
    walk.press("批准")
    walk.says("已下达 1 笔预算")
    walk.at_work("officer")
    walk.follow("采购")
    walk.follow("申请采购")
    walk.follow(TITLE)
    walk.fill(place_code=world.DISTRICT, quantity="2", purpose_zh="冬季普法进村社")
    walk.page.locator("[name=line]").select_option(index=1)
    walk.press("提交并预留预算")
    walk.at_work("approver")
    walk.follow("去审批")
    walk.follow(TITLE)
    walk.press("批准")
    walk.says("已审批 1 项采购")
    walk.at_work("officer")
    walk.follow("去签署")
    walk.follow(TITLE)
    walk.press("签署并发出")
    walk.at_work("provider")
    walk.follow("去签署")
    walk.follow(TITLE)
    walk.press("签署")
    walk.says("合同已生效")


def _a_village_orders_it(walk: Walk) -> None:
    walk.at_work("officer")
    walk.follow("配送额度")
    walk.fill(place_code=world.DISTRICT, quota="2")
    walk.press("核定")
    walk.at_work("village")
    walk.follow("点单")
    walk.follow(TITLE)
    walk.page.locator("label.month-day", has_text="24").click()
    walk.page.locator("#field-part .choice").first.click()
    walk.press("点单")
    walk.says("已点单")
    walk.at_work("provider")
    walk.follow("去接单")
    walk.page.locator("[name=orders]").check()
    walk.press("接单")
    walk.says("已接 1 单")


def _a_shift_is_published_and_filled(walk: Walk) -> None:
    walk.at_work("station")
    walk.follow("站点")
    walk.follow("发布任务")
    walk.fill(kind="duty", title_zh=SHIFT, starts="2026-11-25T09:00", ends="2026-11-25T11:45", role_zh="值班律师",
              capacity="2", minimum="1", credentials="lawyer", compensation="subsidy", insured="on")  # fmt: skip
    walk.page.locator("[name=station]").select_option(index=1)
    walk.press("发布")
    walk.says("已发布")
    walk.at_work("volunteer")
    walk.follow("做志愿", within=".site-nav")
    walk.follow(SHIFT)
    walk.press("报名")
    walk.sees("你已报名")
    walk.at_work("coordinator")
    walk.follow("排班")
    walk.fill(place=world.DISTRICT, week=NEXT_MONDAY.isoformat(), seconds="10")
    walk.press("开始计算")
    walk.site.run(lambda: dispatch.solve_waiting_runs(clock.now()))
    expect(walk.page.locator("h1")).to_contain_text("个名额里", timeout=10_000)
    walk.page.get_by_role("button", name="批准这个计划").click()
    walk.sure("发布计划", "发布")
    walk.says("计划已发布：邀请 2 人次，保留 1 人次")
    walk.site.run(small.answer)


def _the_work_is_done_and_confirmed(walk: Walk) -> None:
    walk.site.travel_to(WEEK_AFTER)
    walk.begin()
    walk.at_work("station")
    for shift in (TITLE, SHIFT):
        walk.follow("去确认")
        walk.follow(shift)
        for served in walk.page.locator("main [name^='served-']").all():
            served.fill("3")
        walk.press("确认到场情况")
        walk.says("已确认")
        walk.to_workbench()
    walk.site.run(lambda: follow_orders(clock.now()))
    _the_provider_proves_it(walk)
    walk.at_work("acceptor")
    walk.follow("去验收")
    walk.follow("验收", exact=True)
    walk.fill(people_reached="46", rating="5", opinion="讲得清楚，例子贴近生活。")
    walk.press("验收合格")
    walk.says("已验收")


def _the_provider_proves_it(walk: Walk) -> None:
    walk.at_work("provider")
    walk.follow("去交")
    for kind, shade in (("sign_in_sheet", 1), ("photo", 2)):
        walk.fill(kind=kind)
        taken = photo(shade)
        picture = {"name": taken.name, "mimeType": "image/jpeg", "buffer": taken.content}
        walk.page.locator("#proof-files").set_input_files(picture)
        walk.press("上传")
        expect(walk.page.locator(".proof-gallery img")).to_have_count(shade)
    walk.fill(topic_zh="民法典里的婚姻家庭", people="46", asked_zh="遗嘱怎么写")
    walk.press("保存服务记录")
    walk.says("服务记录已保存")


def _the_claims_are_paid(walk: Walk) -> None:
    walk.site.run(lambda: accrual.accrue(clock.now()))
    walk.at_work("claims")
    walk.follow("补贴审核")
    walk.press("通过全部 3 件")
    walk.page.get_by_role("button", name="通过 3 件").click()
    walk.says("已通过 3 件")
    walk.at_work("clerk")
    walk.take_up()
    walk.press("生成批次")
    walk.at_work("controller")
    walk.take_up()
    walk.sure("复核通过")
    walk.says("已复核")
    walk.at_work("cashier")
    walk.take_up()
    walk.sure("付款")
    walk.says("已记账付款")
    with walk.page.expect_download() as download:
        walk.press("下载银行文件")
    walk.bank_file = Path(download.value.path()).read_text("gb18030")


def _everybody_can_see_where_it_went(walk: Walk) -> None:
    walk.to_workbench()
    walk.follow("账簿")
    walk.sees(TOTAL)
    walk.follow("资金公开", within=".site-nav")
    walk.sees("不公开")  # a total with the pay of two lawyers in it would tell what they got
    assert faults_of(walk.page) == []


async def _books() -> dict[str, int]:
    """Return what was claimed, what was paid out, and what the treasury's account and the whole ledger stand at."""
    balances = await trial_balance()
    return {
        "claimed": await database.fetch_value("SELECT sum(amount_fen) FROM claim WHERE status = 'paid'"),
        "batch": await database.fetch_value("SELECT sum(total_fen) FROM settlement_batch WHERE status = 'paid'"),
        "treasury": sum(one.balance_fen for one in balances if one.code.startswith("treasury:")),
        "ledger": sum(one.balance_fen for one in balances),
    }


CHAPTERS = (
    _the_service_is_listed,
    _it_is_admitted_to_a_framework,
    _it_is_bought,
    _a_village_orders_it,
    _a_shift_is_published_and_filled,
    _the_work_is_done_and_confirmed,
    _the_claims_are_paid,
    _everybody_can_see_where_it_went,
)


def test_a_service_goes_from_its_first_word_to_its_payment(site: LongSite, browser: Browser) -> None:
    context = browser.new_context(base_url=site.url, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_init_script(LISTENER)
    context.set_default_timeout(10_000)
    walk = Walk(site, context.new_page(), site.run(cast))
    walk.begin()
    for chapter in CHAPTERS:
        chapter(walk)
    paid = parse_yuan(TOTAL.removeprefix("¥").replace(",", ""))
    assert site.run(_books) == {"claimed": paid, "batch": paid, "treasury": -paid, "ledger": 0}
    assert f"合计,3,,,{plain_yuan(paid)}" in walk.bank_file
    context.close()
