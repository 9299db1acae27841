"""A plan explains itself: why a seat is empty, what each rule costs, why this one is sent and that one is not."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from app.core import clock, database
from app.core.access import Role
from tests.browser.conftest import Site, look_at
from tests.browser.planned import planned_on
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.stage import Planned
from volunteers.dispatch.explanations.costs import jobs

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Sent:
    """Somebody whom the published plan sends, and a shift of the week to which it does not send them."""

    account_id: int
    sign_up: UUID
    elsewhere: str


async def sent_by(planned: Planned) -> Sent:
    """Publish the plan and find somebody it sends."""
    await small.publish(planned.planner, planned.run)
    row = await database.fetch_one(
        """SELECT p.account_id, s.public_id AS sign_up, (
               SELECT a.reference FROM assignment a JOIN place ON place.id = a.place_id
               WHERE place.code LIKE $1 || '%' AND a.starts > s.starts AND a.status = 'open' AND NOT EXISTS (
                   SELECT FROM sign_up o WHERE o.assignment_id = a.id AND o.person_id = s.person_id)
               ORDER BY a.id LIMIT 1) AS elsewhere
           FROM sign_up s JOIN person p ON p.id = s.person_id
           WHERE s.live AND s.origin = 'dispatch' ORDER BY s.starts, s.id LIMIT 1""",
        planned.place,
    )
    assert row is not None
    return Sent(**row)


def test_a_plan_is_explained_to_everybody_it_concerns(site: Site, browser_page: Page) -> None:
    page, planned = browser_page, planned_on(site)
    coordinator = planned.stage.officers[Role.COORDINATOR].account_id
    assert coordinator is not None
    site.sign_in(page, coordinator)
    look_at(page, f"/dispatch/{planned.run}/rules")
    page.goto(f"/dispatch/{planned.run}?lang=zh")
    page.get_by_role("link", name="怎样才有人").first.click()
    expect(page.get_by_text("再有 1 个够条件的人")).to_be_visible()
    expect(page.locator(".chart-canvas svg").first).to_be_visible()
    look_at(page, page.url.removeprefix(site.url).split("?")[0])
    page.goto(f"/dispatch/{planned.run}/rules?lang=zh")
    page.get_by_role("button", name="开始计算").click()
    expect(page.locator("#progress progress")).to_be_visible()
    site.run(lambda: jobs.cost_rules(clock.now()))
    expect(page.get_by_role("heading", name="放宽了也没有变化")).to_be_visible(timeout=10_000)
    look_at(page, f"/dispatch/{planned.run}/rules")
    look_at(page, "/dispatch/fairness")
    sent = site.run(lambda: sent_by(planned))
    site.sign_in(page, sent.account_id)
    page.goto("/my/assignments?lang=zh")
    page.get_by_role("link", name="为什么派我").first.click()
    expect(page.get_by_role("heading", name="换别人行不行")).to_be_visible()
    for path in (f"/my/assignments/{sent.sign_up}/why", f"/assignments/{sent.elsewhere}/why-not-me", "/my/fairness"):
        look_at(page, path)
