"""The pages of money in a real browser: each in both languages and widths, and a batch on its way to the bank."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.accounts.registration import insert_memberships
from app.core import clock, database
from app.core.access import Grant, Principal, Role
from app.core.database import transaction
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.settlement import payout, service
from procurement.tariffs.queries import fingerprint_of
from tests.browser.conftest import Site, look_at
from tests.procurement import attended_work as work
from tests.procurement import settled_work

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 740}
NAMES = ("沈一诺", "陈建国", "周敏")
OFFICERS = {"claims": "吴敏", "clerk": "郑小燕", "approver": "钱国平", "cashier": "孙丽", "supervisor": "赵大为"}


@dataclass(frozen=True)
class Paying:
    """The accounts by role and the things that the pages show."""

    accounts: dict[str, int]
    paid: str
    computed: str
    waiting: str
    returned: str
    tariff: str
    assignment: str
    claim: str
    payee_id: str
    month: str


async def _paying() -> Paying:
    """Set up a paid batch, one that waits, claims at every other station, people who can sign in."""
    money = await settled_work.accrued(3, 2)
    await _name(money)
    desk = money.desk
    await claims.approve_claims(desk.claims, await settled_work.claim_ids())
    paid = await service.compute_batch(
        desk.clerk, work.DISTRICT, work.DAY.replace(day=1), work.DAY.replace(day=10), "a"
    )
    await payout.approve_batch(desk.approver, paid.id)
    await payout.pay_batch(desk.cashier, paid.id)
    computed = await service.compute_batch(
        desk.clerk, work.DISTRICT, work.DAY.replace(day=10), work.DAY.replace(day=20), "b"
    )
    for payee in desk.payees:
        await work.attended(payee, day=work.DAY.replace(day=18))
        await work.attended(payee, day=work.DAY.replace(day=19), kind="lecture")
        await work.attended(payee, day=work.DAY.replace(day=20), kind="village", minutes=300)
    await _title()
    await accrual.accrue(clock.now())
    rows = await database.fetch("SELECT id, reference FROM claim WHERE status = 'accrued' ORDER BY person_id, id")
    await claims.return_claim(desk.claims, rows[0]["id"], "签到时间与站点记录不一致，请核对后重新提交。")
    await claims.approve_claims(desk.claims, [rows[-1]["id"]])
    return Paying(
        await _accounts(money), paid.reference, computed.reference, rows[1]["reference"], rows[0]["reference"],
        await fingerprint_of(await database.fetch_value("SELECT id FROM tariff_set")),
        await database.fetch_value("SELECT max(reference) FROM assignment WHERE kind = 'lecture'"),
        await database.fetch_value("SELECT min(reference) FROM claim WHERE status = 'paid'"),
        str(await database.fetch_value("SELECT public_id FROM person WHERE id = $1", desk.payees[0])),
        f"{clock.today():%Y-%m}",
    )  # fmt: skip


async def _name(money: settled_work.Money) -> None:
    for person_id, name in zip(money.desk.payees, NAMES, strict=True):
        await database.execute(
            "UPDATE person SET name = $2, bank_name = '工商银行杭州分行' WHERE id = $1", person_id, name
        )
        await database.execute(
            "UPDATE account SET display_name = $2 WHERE id = (SELECT account_id FROM person WHERE id = $1)",
            person_id,
            name,
        )
    await _title()


async def _title() -> None:
    await database.execute(
        """UPDATE assignment SET
               title_zh = CASE kind WHEN 'duty' THEN '清波街道值班' WHEN 'lecture' THEN '法治讲座：婚姻家庭'
                          ELSE '清河坊社区法律顾问日' END,
               title_en = CASE kind WHEN 'duty' THEN 'Duty at Qingbo' WHEN 'lecture' THEN 'Law lecture: family'
                          ELSE 'Legal adviser''s day at Qinghefang' END"""
    )


async def _accounts(money: settled_work.Money) -> dict[str, int]:
    desk = money.desk
    people: dict[str, tuple[Role, Principal]] = {
        "claims": (Role.CLAIMS_OFFICER, desk.claims),
        "clerk": (Role.SETTLEMENT_CLERK, desk.clerk),
        "approver": (Role.SETTLEMENT_APPROVER, desk.approver),
        "cashier": (Role.CASHIER, desk.cashier),
        "supervisor": (Role.SUPERVISOR, money.supervisor),
        "payee": (Role.VOLUNTEER, money.payee),
    }
    for name, (role, person) in people.items():
        async with transaction():
            grant = Grant(role, place_code=None if name == "payee" else work.DISTRICT)
            await insert_memberships([person.actor], [[grant]], granted_by=None)
        if name in OFFICERS:
            await database.execute("UPDATE account SET display_name = $2 WHERE id = $1", person.actor, OFFICERS[name])
    return {name: person.actor for name, (_, person) in people.items()}


@pytest.fixture(scope="module")
def paying(site: Site) -> Paying:
    return site.run(_paying)


PAGES = [
    ("", "/disclosure"), ("", "/tariffs"), ("", "/tariffs/{tariff}"), ("", "/assignments/{assignment}"),
    ("payee", "/my/claims"), ("payee", "/my/organization-claims"), ("payee", "/claims/{returned}"),
    ("payee", "/workbench"),
    ("claims", "/claims"), ("claims", "/claims?status=paid"), ("claims", "/claims/{waiting}"),
    ("claims", "/claims/approval?everything=on&status=accrued"), ("claims", "/workbench"), ("claims", "/tariffs/new"),
    ("clerk", "/settlement"), ("clerk", "/settlement/new"), ("clerk", "/workbench"),
    ("clerk", "/settlement/new?place=330102&period_from=2026-11-01&period_to=2026-11-30"),
    ("approver", "/settlement/{computed}"), ("cashier", "/settlement/{paid}"),
    ("cashier", "/settlement/{paid}/lines/1/return"),
    ("clerk", "/settlement/new?place=330102&period_from=2026-11-01&period_to=2026-11-30&cap_fen=300"),
    ("", "/disclosure/districts/330102"),
    ("approver", "/settlement/layouts"), ("approver", "/settlement/layouts/new"),
    ("cashier", "/settlement/reconciliation"), ("cashier", "/settlement/{paid}/reconciliation"),
    ("cashier", "/settlement/{paid}/return-file"), ("supervisor", "/settlement/ageing"),
    ("supervisor", "/taxes"), ("cashier", "/taxes/330102/{month}"), ("cashier", "/taxes/exempt/2026"),
    ("supervisor", "/settlement/payees/{payee_id}"), ("payee", "/my/statements/{payee_id}"),
    ("payee", "/claims/{claim}"), ("supervisor", "/claims/{claim}"),
    ("supervisor", "/ledger"), ("supervisor", "/ledger/accounts/treasury:330102"),
    ("supervisor", "/ledger?month=2026-11-01"),
    ("supervisor", "/ledger/accounts/treasury:330102?month=2026-11-01"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_each_page_is_sound(browser_page: Page, site: Site, paying: Paying, who: str, path: str) -> None:
    if who:
        site.sign_in(browser_page, paying.accounts[who])
    look_at(browser_page, path.format(**vars(paying)))


def test_an_officer_approves_what_they_ticked(browser_page: Page, site: Site, paying: Paying) -> None:
    site.sign_in(browser_page, paying.accounts["claims"])
    browser_page.goto("/claims")
    browser_page.locator(f"input[value='{paying.waiting}']").check()
    browser_page.get_by_role("button", name="通过选中的").click()
    expect(browser_page.locator("h1")).to_contain_text("确认通过 1 件")
    browser_page.get_by_role("button", name="通过 1 件").click()
    expect(browser_page.locator(".flash")).to_contain_text("已通过 1 件")


def test_a_batch_goes_from_the_approver_to_the_cashier_to_the_bank(
    browser_page: Page, site: Site, paying: Paying
) -> None:
    site.sign_in(browser_page, paying.accounts["approver"])
    browser_page.goto(f"/settlement/{paying.computed}")
    browser_page.get_by_role("button", name="复核通过").click()
    browser_page.locator("dialog").get_by_role("button", name="复核通过").click()
    expect(browser_page.locator(".flash")).to_contain_text("已复核")
    site.sign_in(browser_page, paying.accounts["cashier"])
    browser_page.goto(f"/settlement/{paying.computed}")
    browser_page.get_by_role("button", name="付款").click()
    browser_page.locator("dialog").get_by_role("button", name="付款").click()
    with browser_page.expect_download() as download:
        browser_page.get_by_role("button", name="下载银行文件").click()
    assert download.value.suggested_filename == f"{paying.computed}.csv"


def test_finance_goes_from_a_batch_over_its_file_and_the_bank_s_answer_to_zero(
    browser_page: Page, site: Site, paying: Paying, tmp_path: Path
) -> None:
    site.sign_in(browser_page, paying.accounts["cashier"])
    browser_page.goto(f"/settlement/{paying.paid}")
    with browser_page.expect_download() as download:
        browser_page.get_by_role("button", name="下载银行文件").click()
    sent = Path(download.value.path()).read_text("gb18030").splitlines()
    answer = tmp_path / "回单.csv"
    lines = [f"{row.split(',')[0]},成功,,YH-{number}" for number, row in enumerate(sent[1:-1])]
    answer.write_bytes("\r\n".join(["序号,处理结果,退回原因,银行流水号", *reversed(lines)]).encode("gb18030"))
    browser_page.goto(f"/settlement/{paying.paid}/reconciliation")
    expect(browser_page.locator(".note")).to_contain_text("没有结清")
    browser_page.get_by_role("link", name="读入银行回单").click()
    browser_page.set_input_files("#field-file", answer)
    browser_page.get_by_role("button", name="检查文件").click()
    browser_page.get_by_role("button", name="导入这 3 行").click()
    expect(browser_page.locator(".note")).to_contain_text("写入了 3 行")
    browser_page.get_by_role("link", name="去看看").click()
    browser_page.get_by_role("link", name=paying.paid, exact=True).click()
    expect(browser_page.locator(".note")).to_contain_text("这个批次已经结清")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_the_bar_of_a_paid_batch_leaves_the_screen_to_the_page(
    browser: Browser, site: Site, paying: Paying, language: str
) -> None:
    page = site.window(browser, PHONE, paying.accounts["cashier"])
    page.goto(f"/settlement/{paying.paid}?lang={language}")
    bar = page.locator(".thumb-bar").bounding_box()
    assert bar
    assert bar["height"] <= PHONE["height"] / 10
    assert page.locator("aside a[href$='/return-file'], aside a[href$='/reconciliation']").count() == 2


def test_an_amount_leads_to_its_sign_in_its_tariff_its_batch_and_its_bank_line_and_back(
    browser_page: Page, site: Site, paying: Paying
) -> None:
    site.sign_in(browser_page, paying.accounts["supervisor"])
    browser_page.goto(f"/settlement/{paying.paid}")
    browser_page.locator("details summary").filter(has_text="件申领").first.click()  # 1
    browser_page.locator("details[open] li a").first.click()  # 2
    way = browser_page.locator("section.card").filter(has_text="从签到到银行")
    for words in ("签到", "签退", "站点确认", paying.paid, "第 1 行"):
        expect(way).to_contain_text(words)
    tariff = browser_page.get_by_role("link", name="看所用的标准").get_attribute("href")
    assert tariff is not None
    way.get_by_role("link", name="第 1 行").click()  # 3: back to the bank's line
    expect(browser_page).to_have_url(re.compile(rf"/settlement/{paying.paid}#line-1$"))
    browser_page.get_by_role("link", name="对账单").first.click()
    expect(browser_page.locator("h1")).to_contain_text("收款对账单")
    browser_page.get_by_role("link", name=f"{paying.paid} 第 1 笔").click()
    expect(browser_page).to_have_url(re.compile(rf"/settlement/{paying.paid}#line-1$"))
    browser_page.goto(tariff)
    expect(browser_page.locator("h1")).to_be_visible()


def test_an_officer_sees_the_latest_batch_in_another_bank_s_columns_and_sets_them(
    browser_page: Page, site: Site, paying: Paying
) -> None:
    site.sign_in(browser_page, paying.accounts["approver"])
    browser_page.goto("/settlement/layouts/new")
    browser_page.get_by_label("适用的地方").select_option("330102")
    browser_page.get_by_label("银行", exact=True).fill("杭州联合银行")
    browser_page.get_by_label("账号：第几列").fill("1")
    browser_page.get_by_label("账号：列名").fill("收款账号")
    browser_page.get_by_label("序号：第几列").fill("4")
    browser_page.get_by_role("button", name="预览").click()
    expect(browser_page.locator("table.data th").first).to_have_text("收款账号")
    expect(browser_page.locator("table.data")).to_contain_text("6222********0001")
    browser_page.get_by_role("button", name="保存格式").click()
    expect(browser_page.locator(".flash")).to_contain_text("格式已保存")
    expect(browser_page.locator("table")).to_contain_text("杭州联合银行")
