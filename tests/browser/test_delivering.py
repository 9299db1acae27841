"""Proofs and acceptance in a real browser: both languages, wide and narrow; photos go up one by one from a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, look_at
from tests.procurement.delivered_pages import Delivered, delivered, paths
from tests.procurement.deliveries.served import photo

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def here(site: Site) -> Delivered:
    """Fill the site's database once."""
    return site.run(delivered)


@pytest.mark.parametrize("role", ["", "provider", "station", "officer", "acceptor", "supervisor"])
def test_pages_are_sound_in_both_languages_and_widths(
    browser_page: Page, site: Site, here: Delivered, role: str
) -> None:
    if role:
        site.sign_in(browser_page, getattr(here, role).actor)
    for path in paths(here)[role]:
        look_at(browser_page, path)


def test_photos_go_up_one_by_one_and_the_bad_one_is_named(
    browser_page: Page, site: Site, here: Delivered, tmp_path: Path
) -> None:
    good, bad = tmp_path / "hall.jpg", tmp_path / "notes.txt"
    good.write_bytes(photo(7).content)
    bad.write_text("nothing to see")
    site.sign_in(browser_page, here.provider.actor)
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(f"/orders/{here.bare}/proofs")
    browser_page.locator("#proof-files").set_input_files([good, bad])
    browser_page.get_by_role("button", name="上传").click()
    expect(browser_page.locator(".upload-list li").nth(0)).to_contain_text("已收到")
    expect(browser_page.locator(".upload-list li").nth(1)).to_contain_text("notes.txt · 现场照片只收")
    browser_page.reload()
    expect(browser_page.locator(".proof-gallery img")).to_have_count(1)
    browser_page.locator("#field-topic_zh").fill("防骗")
    browser_page.locator("#field-people").fill("31")
    browser_page.locator("#field-asked_zh").fill("接到电话怎么办")
    browser_page.get_by_role("button", name="保存服务记录").click()
    expect(browser_page.locator(".flash")).to_contain_text("服务记录已保存")


def test_an_acceptor_ticks_what_is_not_met_and_sends_it_back(browser_page: Page, site: Site, here: Delivered) -> None:
    site.sign_in(browser_page, here.acceptor.actor)
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(f"/orders/{here.proven}/acceptance")
    expect(browser_page.locator("#words-2")).to_be_hidden()
    browser_page.locator("input[name=unmet][value='2']").check()
    browser_page.get_by_role("button", name="验收合格").click()
    expect(browser_page.locator("#form-refusal")).to_contain_text("第 2 条不符合，请写明哪里不符合。")
    browser_page.locator("#words-2").fill("只到了二十人")
    browser_page.get_by_role("button", name="退回整改").click()
    expect(browser_page.locator(".flash")).to_contain_text("已退回整改")
