"""The pages of cases and claims in a real browser, and what a claimant and an officer click on them."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.accounts.registration import insert_memberships
from app.core import clock, database, vault
from app.core.access import Grant, Permission, Role
from app.core.database import transaction
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.claims.cases import service as cases
from procurement.claims.posts import service as posts
from procurement.claims.posts.rules import PostDraft
from procurement.tariffs import service as tariffs
from procurement.tariffs.queries import fingerprint_of
from tests.browser.conftest import Site, look_at
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement import settled_work

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Judging:
    """The accounts by role and the things that the pages show."""

    accounts: dict[str, int]
    case: str
    held: str
    rejected: str
    shift: str
    draft: str


async def _judging() -> Judging:
    """Set up a case that lacks a paper, a pair, a rejected claim, payees with one account, many that wait, a draft."""
    made = await world.office()
    provider, second = await world.licensed("沈一诺", "M1"), await world.licensed("陈建国", "M2")
    case = await cases.record_case(made.recorder, world.mediation(made, provider, documents=("登记", "调解笔录")))
    for person, agency in ((provider, "清波街道人民调解委员会"), (second, "湖滨街道人民调解委员会")):
        await cases.record_case(
            made.recorder, world.mediation(made, person, matter="清调〔2026〕40号", agency_zh=agency)
        )
    first_day = clock.today().replace(month=1, day=1)
    draft = PostDraft(second, made.place, "湖滨街道人民调解委员会", "湖街发〔2026〕3号", 300_000, first_day)
    await posts.record_post(made.recorder, draft)
    people = [await work.person(f"志愿者 {number}") for number in range(10)]
    for person in (provider, *people):
        for day in (16, 18):
            await work.attended(person, day=work.DAY.replace(day=day))
    await accrual.accrue(clock.now())
    shifts = await database.fetch(
        "SELECT id, reference FROM claim WHERE person_id = $1 AND sign_up_id IS NOT NULL ORDER BY id", provider
    )
    await claims.reject_claim(made.desk.claims, shifts[0]["id"], "签到时间与站点记录不一致")
    first = await database.fetch("SELECT id FROM claim WHERE person_id = ANY ($1) ORDER BY id LIMIT 1", people[:1])
    await claims.approve_claims(made.desk.claims, [first[0]["id"]])
    await database.execute(
        "UPDATE person SET bank_account_digest = $2 WHERE id = ANY ($1)", people[:2], vault.digest("bank/1")
    )
    body = tariffs.seed_documents()[0].replace(b'"250.00"', b'"300.00"').replace(b"2026-01-01", b"2027-01-01")
    sha = await fingerprint_of(await tariffs.draft_tariff(made.desk.claims, body))
    other = await work.officer("吴敏", Permission.CLAIM_APPROVE)
    accounts = {
        "claims": (made.desk.claims.actor, Role.CLAIMS_OFFICER), "second": (other.actor, Role.CLAIMS_OFFICER),
        "recorder": (made.recorder.actor, Role.COORDINATOR), "clerk": (made.desk.clerk.actor, Role.SETTLEMENT_APPROVER),
        "payee": ((await settled_work.self_of(provider)).actor, Role.VOLUNTEER),
    }  # fmt: skip
    await _grant(accounts)
    held = await database.fetch_value("SELECT reference FROM claim WHERE status = 'held'")
    return Judging(
        {name: account for name, (account, _) in accounts.items()}, case, held, shifts[0]["reference"],
        shifts[1]["reference"], sha,
    )  # fmt: skip


async def _grant(accounts: dict[str, tuple[int, Role]]) -> None:
    for name, (account, role) in accounts.items():
        async with transaction():
            grant = Grant(role, place_code=None if name == "payee" else work.DISTRICT)
            await insert_memberships([account], [[grant]], granted_by=None)


@pytest.fixture(scope="module")
def judging(site: Site) -> Judging:
    return site.run(_judging)


PAGES = [
    ("recorder", "/cases"), ("recorder", "/cases/new"), ("recorder", "/cases/{case}"), ("recorder", "/mediator-posts"),
    ("payee", "/cases/{case}"), ("payee", "/claims/{held}"), ("payee", "/claims/{shift}"), ("payee", "/my/claims"),
    ("payee", "/my/expenses/new"), ("payee", "/workbench"), ("claims", "/claims"), ("claims", "/claims/doubles"),
    ("claims", "/claims/payees"), ("second", "/claims/payees"),
    ("claims", "/claims/approval?everything=on&status=accrued&programme=on_site"),
    ("claims", "/workbench"), ("clerk", "/tariffs/{draft}"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_each_page_is_sound(browser_page: Page, site: Site, judging: Judging, who: str, path: str) -> None:
    site.sign_in(browser_page, judging.accounts[who])
    look_at(browser_page, path.format(**vars(judging)))


def test_a_claimant_hands_a_paper_in_and_sees_the_amount(browser_page: Page, site: Site, judging: Judging) -> None:
    site.sign_in(browser_page, judging.accounts["payee"])
    browser_page.goto(f"/cases/{judging.case}")
    scan = {"name": "scan.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\nscan"}
    browser_page.get_by_label("照片或 PDF").set_input_files(scan)  # type: ignore[arg-type]
    browser_page.get_by_role("button", name="交材料").click()
    expect(browser_page.locator(".flash")).to_contain_text("已收到材料")
    expect(browser_page.locator("main")).to_contain_text("¥200")


def test_a_claimant_objects_and_another_officer_upholds_it(browser_page: Page, site: Site, judging: Judging) -> None:
    site.sign_in(browser_page, judging.accounts["payee"])
    browser_page.goto(f"/claims/{judging.rejected}")
    browser_page.get_by_role("button", name="提出异议").click()
    browser_page.locator("dialog").get_by_label("理由").fill("我有签到记录")
    browser_page.locator("dialog").get_by_role("button", name="提出异议").click()
    expect(browser_page.locator(".flash")).to_contain_text("异议已提出")
    site.sign_in(browser_page, judging.accounts["second"])
    browser_page.goto(f"/claims/{judging.rejected}")
    browser_page.get_by_role("button", name="答复异议").click()
    browser_page.locator("dialog").get_by_text("异议成立", exact=True).click()
    browser_page.locator("dialog").get_by_label("答复").fill("记录属实")
    browser_page.locator("dialog").get_by_role("button", name="答复", exact=True).click()
    expect(browser_page.locator("main")).to_contain_text("异议成立")


def test_an_officer_decides_a_pair(browser_page: Page, site: Site, judging: Judging) -> None:
    site.sign_in(browser_page, judging.accounts["claims"])
    browser_page.goto("/claims/doubles")
    browser_page.get_by_text("是两项工作，都有效").first.click()
    browser_page.get_by_label("理由").first.fill("两次调解，内容不同")
    browser_page.get_by_role("button", name="判定").first.click()
    expect(browser_page.locator(".flash")).to_contain_text("已判定")
