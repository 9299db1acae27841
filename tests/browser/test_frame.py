"""The frame in a real browser: every component, both languages, wide and narrow, with and without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, faults_of, look_at

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/_components", "/api/docs", "/no-such-page", "/_components/failure"])
def test_the_pages_of_the_frame_are_sound(browser_page: Page, path: str) -> None:
    look_at(browser_page, path, fails=path.endswith("failure"))


def test_the_components_are_sound_in_the_dark(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, color_scheme="dark", locale="zh-CN")
    context.add_init_script("window.policyViolations = []")
    page = context.new_page()
    look_at(page, "/_components", languages=("zh",))
    context.close()


def test_a_wrong_form_is_sound_and_its_mistakes_are_told_first(browser_page: Page) -> None:
    browser_page.goto("/_components")
    browser_page.fill("#field-amount", "many")
    browser_page.locator("#forms form button.button").first.click()
    expect(browser_page.locator("#form-refusal")).to_be_focused()
    expect(browser_page.locator("#field-amount-error")).to_be_visible()
    assert faults_of(browser_page) == []
    browser_page.set_viewport_size({"width": 360, "height": 800})
    assert faults_of(browser_page) == []


def test_charts_are_drawn_and_their_tables_fold_away(browser_page: Page) -> None:
    browser_page.goto("/_components")
    expect(browser_page.locator(".chart-canvas svg")).to_be_visible()
    expect(browser_page.locator(".chart .data")).to_be_hidden()
    browser_page.locator(".chart-canvas").hover()
    assert browser_page.evaluate("window.policyViolations") == []


def test_filters_change_the_list_in_place(browser_page: Page) -> None:
    browser_page.goto("/_components")
    browser_page.evaluate("document.querySelector('h1').dataset.here = 'yes'")
    browser_page.select_option("#filter-kind", "first")
    browser_page.wait_for_url("**/_components?q=&kind=first")
    assert browser_page.locator("h1").get_attribute("data-here") == "yes"
    assert browser_page.evaluate("window.policyViolations") == []


def test_without_javascript_everything_can_be_read_and_done(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/_components")
    expect(page.locator(".chart .data")).to_be_visible()
    page.locator(".menu.phone-only summary").click()
    expect(page.locator(".menu.phone-only .menu-panel")).to_be_visible()
    page.locator(".menu.phone-only summary").click()
    page.locator("[popovertarget=confirm-sample]").first.click()
    expect(page.locator("#confirm-sample")).to_be_visible()
    page.locator("#confirm-sample button[popovertargetaction=hide]").click()
    page.fill("#field-title", "test")
    page.fill("#field-amount", "12.5")
    page.select_option("#field-choice", "second")
    page.fill("#field-on", "2026-11-12")
    page.locator("#forms .form-end button").click()
    expect(page.locator(".flash")).to_contain_text("test")
    context.close()


def test_the_keyboard_reaches_the_content_at_once(browser_page: Page) -> None:
    browser_page.goto("/_components")
    browser_page.keyboard.press("Tab")
    expect(browser_page.locator(".skip")).to_be_focused()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#main")).to_be_focused()


def test_the_main_action_stays_at_the_thumb_on_a_phone(browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 640})
    browser_page.goto("/_components")
    box = browser_page.locator(".thumb-bar").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 641
    assert box["y"] > 500


def test_a_look_finds_what_it_looks_for(browser_page: Page) -> None:
    browser_page.goto("/_components")
    browser_page.evaluate(
        """() => { const wide = document.createElement("div"); wide.id = "wide";
        document.querySelector("main").append(wide); const sheet = new CSSStyleSheet();
        sheet.insertRule("#wide { width: 3000px; height: 1px }"); document.adoptedStyleSheets = [sheet];
        const image = document.createElement("img"); image.src = "https://example.invalid/a.png";
        wide.append(image); }"""
    )
    browser_page.wait_for_timeout(200)
    faults = " ".join(faults_of(browser_page))
    assert "scrolls sideways" in faults
    assert "image-alt" in faults
    assert "policy: img-src" in faults
