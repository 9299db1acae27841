"""The moment: from the sentence on the map to a village nobody comes to, and what two lawyers more would do there."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pypdf
import pytest
from playwright.sync_api import Page, expect

from app.core import clock, database
from app.core.access import Permission, Principal, system_principal
from procurement.tariffs import service as tariffs
from tests.browser.conftest import Site, look_at, serving
from tests.procurement.attended_work import officer as of_money
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import at
from volunteers.assignments.rules import Compensation
from volunteers.assignments.sign_ups.service import accept
from volunteers.coverage.rules import Every
from volunteers.dispatch.scenarios.questions.service import answer_waiting
from volunteers.people.rules import Window

pytestmark = pytest.mark.browser
TOWN = "330127100"
HALF_DAY_YUAN = 200
PROGRAM = system_principal(Permission.DISPATCH_PLAN)
RED = """
SELECT count(*) FROM place p WHERE p.level = 'village' AND starts_with(p.code, $1) AND NOT EXISTS (
    SELECT FROM assignment a JOIN sign_up s ON s.assignment_id = a.id WHERE a.place_id = p.id AND s.status = ANY ($2))
"""
"""Nobody has been anywhere in this world, so that a village is red unless somebody was asked or has accepted."""


@pytest.fixture
def site() -> Iterator[Site]:
    """A city of its own for each test: what one of them publishes is red no more for the next."""
    with serving() as one:
        yield one


async def scene() -> tuple[Principal, Principal, str]:
    """Promise the villages of a town of Chun'an a lawyer every 60 days; the one lawyer there has Mondays."""
    officer, writer, approver = (
        await promising.officer(),
        await of_money("claims", Permission.CLAIM_APPROVE, Permission.TARIFF_MANAGE),
        await of_money("clerk", Permission.SETTLEMENT_COMPUTE, Permission.TARIFF_MANAGE),
    )
    await tariffs.publish_tariff(approver, await tariffs.draft_tariff(writer, tariffs.seed_documents()[0]))
    with clock.travelled_to(at(clock.today() - timedelta(days=39))):
        stated = {"every": Every.DAYS, "days": 60, "alert_days": 60, "minutes": 60}
        await promising.rule(TOWN, compensation=Compensation.SUBSIDY, **stated)
        await world.station(TOWN)
        monday = (Window(0, 9 * 60, 18 * 60),)
        profile = world.profile(home_place_code=TOWN, availability=monday, credentials=(world.licence(),))
        [(_, lawyer)] = await world.people([profile])
    return officer, lawyer, (await promising.villages(TOWN))[0]


async def red(*taken: str) -> int:
    """Count what is red, without the program's own statement."""
    return int(await database.fetch_value(RED, TOWN, list(taken)))


def test_the_moment(site: Site, browser_page: Page) -> None:
    page, (officer, lawyer, village) = browser_page, site.run(scene)
    before = site.run(red)
    site.sign_in(page, officer.actor)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/coverage?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{before} 个还没见到律师")
    page.locator(".map-main a[aria-label^='淳安县']").click()
    page.locator(f"a[href='/coverage/{village}']").first.click()
    page.get_by_role("link", name="如果……").click()
    page.get_by_role("button", name="看看会怎样").click()
    after = before - 2 * 5 - 1  # two lawyers five hours each, and the one there is
    expect(page.get_by_role("heading", level=2).first).to_have_text(f"没人去的地方：{before} → {after}")
    expect(page.locator(".figures")).to_contain_text(f"¥{2 * 5 * HALF_DAY_YUAN:,}.00")
    address = page.url.removeprefix(site.url)
    assert len(pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) == 1
    look_at(page, f"/dispatch/scenarios/new?place={village}")
    look_at(page, address)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{address}?lang=zh")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text(f"发布后到现在：{before} → {before - 1}")).to_be_visible()
    expect(page.get_by_text("请了人，等答复")).to_have_count(1)
    site.run(lambda: _accepts(lawyer))
    expect(page.get_by_text("请了人，等答复")).to_have_count(0)
    expect(page.locator("#live .tag", has_text="有人要来")).to_have_count(1)
    assert site.run(lambda: red("confirmed")) == before - 1


def test_what_if_taking_turns_counted_double_all_over_the_city(site: Site, browser_page: Page) -> None:
    page, (officer, _, _) = browser_page, site.run(scene)
    site.sign_in(page, officer.actor)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/coverage?lang=zh")
    page.get_by_role("link", name="如果……").click()
    look_at(page, page.url.removeprefix(site.url))
    page.goto("/dispatch/scenarios/new?place=3301&lang=zh")
    page.get_by_text("换个轻重试试").click()
    page.get_by_label("换个轻重").select_option("fairness")
    page.get_by_role("button", name="看看会怎样").click()
    expect(page.locator("#progress progress")).to_be_visible()
    waiting = page.url.removeprefix(site.url).split("?")[0]
    look_at(page, waiting)
    page.goto(f"{waiting}?lang=zh")
    site.run(lambda: answer_waiting(PROGRAM, clock.now()))
    expect(page.get_by_role("table", name="对大家意味着什么")).to_be_visible(timeout=15_000)
    look_at(page, page.url.removeprefix(site.url).split("?")[0])


def test_the_open_map_renews_itself_when_somebody_says_yes(site: Site, browser_page: Page) -> None:
    page, (_, lawyer, village) = browser_page, site.run(scene)
    before = site.run(red)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/coverage?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{before} 个还没见到律师")
    site.run(lambda: _somebody_comes(lawyer, village))
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{before - 1} 个还没见到律师", timeout=15_000)
    expect(page.locator(f"#results .map-main a[aria-label*='{before - 1} 个没人去']")).to_have_count(1)


async def _somebody_comes(lawyer: Principal, village: str) -> None:
    """Let the lawyer accept a visit of next Monday."""
    person = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", lawyer.actor)
    station = await database.fetch_value("SELECT id FROM station ORDER BY id LIMIT 1")
    monday = clock.week_start(clock.today()) + timedelta(days=7)
    await promising.seated(await promising.shift(station, village, monday), person, day=monday)


async def _accepts(lawyer: Principal) -> None:
    [offer] = await database.fetch("SELECT public_id FROM sign_up WHERE status = 'offered'")
    await accept(lawyer, offer["public_id"])
