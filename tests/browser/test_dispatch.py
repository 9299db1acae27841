"""Dispatch in a real browser: ask for a plan, watch it, read why seats stay empty, publish it."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock, database
from app.core.access import Role
from tests.browser.conftest import Site, look_at
from tests.browser.planned import planned_on
from tests.volunteers.dispatch.stage import Planned
from volunteers.dispatch import jobs
from volunteers.dispatch.solving import service as solving

pytestmark = pytest.mark.browser
SPARE = """
SELECT a.reference FROM dispatch_proposal d JOIN dispatch_run r ON r.id = d.run_id
JOIN position p ON p.id = d.position_id JOIN assignment a ON a.id = p.assignment_id
WHERE r.public_id = $1 AND NOT d.pinned GROUP BY a.id, p.id HAVING count(*) > p.minimum ORDER BY p.capacity DESC LIMIT 1
"""
ASKED = """
SELECT person.account_id FROM dispatch_offer o JOIN dispatch_invitation i ON i.id = o.invitation_id
JOIN person ON person.id = i.person_id WHERE o.status = 'offered' ORDER BY o.id LIMIT 1
"""


@pytest.fixture
def planned(site: Site) -> Planned:
    return planned_on(site)


@pytest.fixture
def coordinator(site: Site, planned: Planned, browser_page: Page) -> Page:
    account = planned.stage.officers[Role.COORDINATOR].account_id
    assert account is not None
    site.sign_in(browser_page, account)
    return browser_page


def test_pages_of_dispatch_are_sound(planned: Planned, coordinator: Page) -> None:
    settings = f"/dispatch/settings/{planned.place}"
    for path in ("/dispatch", f"/dispatch/{planned.run}/people", settings, "/workbench"):
        look_at(coordinator, path)


def test_the_reasons_are_drawn(planned: Planned, coordinator: Page) -> None:
    coordinator.goto(f"/dispatch/{planned.run}")
    expect(coordinator.locator(".chart-canvas svg").first).to_be_visible()


def test_a_plan_is_asked_for_watched_and_published(site: Site, planned: Planned, coordinator: Page) -> None:
    coordinator.goto("/dispatch")
    coordinator.select_option("#field-place", planned.place)
    coordinator.select_option("#field-week", (planned.monday + timedelta(weeks=1)).isoformat())
    coordinator.select_option("#field-seconds", "10")
    coordinator.get_by_role("button", name="开始计算").click()
    expect(coordinator.locator("#progress progress")).to_be_visible()
    look_at(coordinator, coordinator.url.removeprefix(site.url))
    coordinator.goto(coordinator.url.split("?")[0] + "?lang=zh")
    site.run(lambda: jobs.solve_waiting_runs(clock.now()))
    expect(coordinator.locator("h1")).to_contain_text("个名额里", timeout=10_000)
    change_by_hand(site, planned, coordinator)
    coordinator.goto(f"/dispatch/{planned.run}")
    coordinator.get_by_role("button", name="批准这个计划").click()
    coordinator.get_by_role("button", name="发布计划").click()
    coordinator.locator("#publish-plan").get_by_role("button", name="发布", exact=True).click()
    expect(coordinator.locator(".flash")).to_contain_text("计划已发布")
    look_at(coordinator, f"/dispatch/{planned.run}")
    look_at(coordinator, f"/dispatch/{planned.run}/answers")
    coordinator.goto(f"/dispatch/{planned.run}?lang=zh")
    answer_on_a_phone(site, coordinator)
    expect(coordinator.locator("#answers li", has_text="已答应")).to_contain_text("1", timeout=10_000)


def change_by_hand(site: Site, planned: Planned, coordinator: Page) -> None:
    """Take somebody off a shift that can do without, and undo it."""
    shift = site.run(lambda: database.fetch_value(SPARE, planned.run))
    for path in ("", f"/shifts/{shift}", "/difference", f"/shifts?place={planned.place}"):
        look_at(coordinator, f"/dispatch/{planned.run}{path}")
    coordinator.goto(f"/dispatch/{planned.run}/shifts/{shift}?lang=zh")
    coordinator.locator("input[name=take]").first.check()
    coordinator.fill("#take-reason", "当天要出庭")
    coordinator.get_by_role("button", name="拿掉").click()
    expect(coordinator.locator(".flash")).to_contain_text("重新批准")
    coordinator.goto(f"/dispatch/{planned.run}")
    expect(coordinator.locator("#moves")).to_contain_text("当天要出庭")
    coordinator.get_by_role("button", name="撤销上一次").click()
    expect(coordinator.locator("#moves")).to_contain_text("已撤销")


def answer_on_a_phone(site: Site, coordinator: Page) -> None:
    """Say yes with one tap as somebody whom the plan asks."""
    browser, asked = coordinator.context.browser, site.run(lambda: database.fetch_value(ASKED))
    assert browser is not None
    phone = site.window(browser, {"width": 360, "height": 800}, asked)
    look_at(phone, "/my/offers")
    phone.goto("/my/offers?lang=zh")
    phone.get_by_role("button", name="我去").first.click()
    expect(phone.locator(".flash")).to_contain_text("到时候见")
    phone.context.close()


def test_without_javascript_a_plan_can_be_asked_for_and_followed_by_reloading(
    browser: Browser, site: Site, planned: Planned
) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    account = planned.stage.officers[Role.COORDINATOR].account_id
    assert account is not None
    site.sign_in(page, account)
    page.goto("/dispatch")
    page.select_option("#field-place", planned.place)
    page.select_option("#field-week", (planned.monday + timedelta(weeks=2)).isoformat())
    page.get_by_role("button", name="开始计算").click()
    expect(page.locator("#progress")).to_be_visible()
    run = page.url.rsplit("/", 1)[1].split("?")[0]
    site.run(lambda: solving.solve_run(UUID(run)))
    page.reload()
    expect(page.locator("h1")).to_contain_text("个名额里")
    context.close()
