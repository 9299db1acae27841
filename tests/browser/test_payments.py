"""Who holds the money in a real browser: acceptance in another window moves the bar while the provider watches."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, look_at
from tests.procurement.payments.season import Season, paths, person, season

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def here(site: Site) -> Season:
    """Fill the site's database once."""
    return site.run(season)


@pytest.mark.parametrize("role", ["provider", "acceptor", "supervisor", "cashier"])
def test_pages_are_sound_in_both_languages_and_widths(browser_page: Page, site: Site, here: Season, role: str) -> None:
    site.sign_in(browser_page, person(here, role).actor)
    for path in paths(here)[role]:
        look_at(browser_page, path)


def test_acceptance_moves_the_bar_while_the_provider_watches(browser: Browser, site: Site, here: Season) -> None:
    watching = site.window(browser, PHONE, here.deal.who.provider.actor)
    watching.goto("/my/payments")
    bar = watching.locator(f"#money-{here.deal.reference}")
    expect(bar).to_contain_text("验收，已")
    watching.evaluate("window.sameWindow = true")
    accepting = site.window(browser, DESK, here.deal.who.acceptor.actor)
    accepting.goto(f"/payments/nudges/{here.nudge}")
    accepting.locator("a.button", has_text="去办理").click()
    accepting.locator("input[name=people_reached]").fill("40")
    accepting.locator("button", has_text="验收合格").click()
    expect(accepting.locator(".flash")).to_contain_text("已验收")
    expect(bar).not_to_contain_text("验收，已")
    expect(bar.locator("rect.money-accepted")).to_have_count(1)
    assert watching.evaluate("window.sameWindow")
    assert watching.evaluate("window.policyViolations") == []
    for window in (watching, accepting):
        window.context.close()
