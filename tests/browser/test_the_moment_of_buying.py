"""The moment that sells buying: from a copied template to money that moves while its provider watches."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock
from marketplace.products.capacity.rules import months_from
from tests.browser import selling
from tests.browser.conftest import Site
from tests.browser.selling import Stage
from tests.procurement.payments.contracts import Deal

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


def test_from_a_copied_template_to_an_accepted_lecture_whose_money_moves(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    here = site.run(selling.stage)
    firm = site.window(browser, DESK, here.firm.member.actor)
    copies_a_template(firm, here)
    site.run(lambda: selling.listed_and_bought(here))
    deal = here.deal
    assert deal is not None
    month = months_from(clock.today(), 3)[-1]
    site.run(lambda: selling.three_villages_order(here, month))
    fourth = site.window(browser, PHONE, here.clerks[3].actor)
    waits_for_the_full_month(fourth, f"/orders/new/{deal.reference}?month={month:%Y-%m}")
    order, days = site.run(lambda: selling.first_lecture_is_held(here))
    makes_the_closing_file(firm, deal, tmp_path / "closing.zip")
    watching = site.window(browser, PHONE, here.who.provider.actor)
    accepting = site.window(browser, DESK, here.acceptor.actor)
    nudges(watching, deal, days)
    accepts_while_the_provider_watches(accepting, watching, deal, order)
    for window in (firm, fourth, watching, accepting):
        assert window.evaluate("window.policyViolations") == []
        window.context.close()


def copies_a_template(firm: Page, here: Stage) -> None:
    """The check names two things, each with its mend; mended, the product is submitted."""
    firm.goto("/my/products/templates")
    firm.locator(".tile", has_text="农民工讨薪讲堂").get_by_role("button").click()
    faults = firm.locator("#faults")
    expect(faults).to_contain_text("没有选“服务区域”。")
    expect(faults).to_contain_text(f"{here.ends.month} 月 {here.ends.day} 日到期：上传新证")
    expect(faults.locator(".fault")).to_have_count(2)
    firm.locator("#field-areas input[value='330127']").check()
    firm.fill("#field-ceiling_fen", "600")
    firm.locator("#field-ceiling_fen").blur()
    expect(faults).not_to_contain_text("没有选“服务区域”。")
    firm.locator("#product-form .form-end button").click()
    firm.locator("input[name=declared]").check()
    firm.get_by_role("button", name="提交审查").click()
    expect(firm.locator(".flash")).to_contain_text("已提交 1 个产品")


def waits_for_the_full_month(clerk: Page, path: str) -> None:
    """Three villages have ordered, the month holds three: the fourth waits, first in turn."""
    clerk.goto(path)
    expect(clerk.locator("main")).to_contain_text("这个月已满")
    clerk.locator("label.month-day").nth(3).click()
    clerk.locator("#field-part .choice").nth(1).click()
    clerk.get_by_role("button", name="排队").click()
    expect(clerk.locator("#waiting")).to_contain_text("第 1 位")


def makes_the_closing_file(firm: Page, deal: Deal, kept: Path) -> None:
    """One button, one file with everything in it."""
    firm.goto(f"/contracts/{deal.reference}")
    firm.get_by_role("link", name="生成结项材料包").click()
    with firm.expect_download() as download:
        firm.get_by_role("link", name="材料包（ZIP，含全部原件）").click()
    download.value.save_as(kept)
    with zipfile.ZipFile(kept) as bundle:
        assert {"closing-file.pdf", f"{deal.reference}.pdf", "workload.csv"} <= set(bundle.namelist())


def nudges(watching: Page, deal: Deal, days: int) -> None:
    """The bar says where the money is and since when, and the provider taps."""
    watching.goto("/my/payments")
    bar = watching.locator(f"#money-{deal.reference}")
    for said in ("¥2,400", "预付 30% 已到账", "文昌镇", "验收", f"{days} 天"):
        expect(bar).to_contain_text(said)
    bar.get_by_role("button", name="催办").click()
    expect(watching.locator(".flash")).to_be_visible()


def accepts_while_the_provider_watches(accepting: Page, watching: Page, deal: Deal, order: str) -> None:
    """The nudge lies on the town's workbench; the acceptance moves the bar in the provider's window."""
    bar = watching.locator(f"#money-{deal.reference}")
    watching.evaluate("window.sameWindow = true")
    accepting.goto("/workbench")
    nudge = accepting.locator("li", has_text="催办").first
    nudge.get_by_role("link").last.click()
    accepting.locator("a.button", has_text="去办理").click()
    expect(accepting).to_have_url(f"{accepting.url.split('/orders/')[0]}/orders/{order}/acceptance")
    accepting.locator("input[name=people_reached]").fill("40")
    accepting.locator("button", has_text="验收合格").click()
    expect(accepting.locator(".flash")).to_contain_text("已验收")
    expect(bar).not_to_contain_text("天")
    expect(bar.locator("rect.money-accepted, rect.money-claimed")).not_to_have_count(0)
    assert watching.evaluate("window.sameWindow")
