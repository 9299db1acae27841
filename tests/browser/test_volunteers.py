"""The volunteers' pages in a real browser: each in both languages and widths, and the ways people go through them."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.ids import id_card_check_digit
from tests.browser.conftest import Site, faults_of, look_at
from tests.volunteers import world
from tests.world import account
from volunteers.assignments.requests import service as requests
from volunteers.assignments.rules import Compensation, Kind, PositionDraft, SignUpMode
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up, sign_up_many
from volunteers.assignments.stand_by import service as stand_by
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.rules import Limits, Window
from volunteers.people.service import set_bank_account

pytestmark = pytest.mark.browser

LAWYER = PositionDraft("值班律师", 2, 1, "Lawyer on duty", ("lawyer",))
GUIDE = PositionDraft("引导志愿者", 3, 0, "Guide")
BRIEFING = "到二楼 203 室找王老师。\n常见问题是劳动和婚姻。不代写诉状，不收任何费用。"


@dataclass(frozen=True)
class Town:
    """What the pages of this module show."""

    volunteer: int
    newcomer: int
    staff: int
    coordinator: int
    taken: str
    open: str
    matter: str
    today: str
    asked: str


async def _town() -> Town:
    staff, coordinator = await world.officer(Role.STATION_STAFF, "330106"), await world.officer(Role.COORDINATOR)
    profiles = [
        world.profile(
            name="林晓芸",
            credentials=(world.licence(number="13301202010112233", issuer_zh="浙江省司法厅"),),
            availability=(Window(0, 480, 1080), Window(5, 480, 720)),
            limits=Limits(480, 960, 4, 20_000),
            skills=("labor", "marriage"),
            recused_from=("party-1",),
        ),
        world.profile(name="陈建国"),
        world.profile(name="Sun Wei"),
    ]
    [(_, volunteer), (_, second), (third, _)] = await world.people(profiles)
    await set_bank_account(volunteer, "工商银行杭州分行", "6222021202001234567")
    await world.people(
        [
            world.profile(
                name="周敏", credentials=(world.licence(number="浙人调 0571-2231", kind=CredentialKind.MEDIATOR),)
            ),
            world.profile(name="何超", credentials=(world.licence(number="13301202211559871"),)),
        ],
        verified=False,
    )
    drafts = await _drafts()
    taken, lecture, matter, _ = await world.publish(*drafts)
    await sign_up(volunteer, taken.position_ids[0])
    await sign_up(second, taken.position_ids[1])
    await sign_up_many(coordinator, [Wanted(taken.position_ids[1], third)], Origin.DISPATCH, offered=True)
    today = await _yesterdays_shift(volunteer, second)
    people = (volunteer, await account(Role.RESIDENT), staff, coordinator)
    references = (one.reference for one in (taken, lecture, matter))
    return Town(
        *(person.actor for person in people), *references, today, await _asked_for(drafts[1], volunteer, second)
    )


async def _asked_for(like: world.AssignmentDraft, volunteer: Principal, second: Principal) -> str:
    """Return a shift whose station chooses; one asks, another stands by each week."""
    later = replace(like, starts=like.starts + timedelta(days=2), ends=like.ends + timedelta(days=2))
    [shift] = await world.publish(replace(later, sign_up_mode=SignUpMode.REQUEST, title_zh="企业法治体检"))
    await requests.ask(second, shift.position_ids[0], "讲过三次，会讲杭州话。")
    await stand_by.stand_by_at(volunteer, like.station_id, later.starts.weekday(), "day")
    return shift.reference


async def _drafts() -> list[world.AssignmentDraft]:
    station = await database.fetch_value(
        """INSERT INTO station (place_id, kind, name_zh, name_en, phone, east_m, north_m)
           SELECT id, level, '北山街道公共法律服务站', 'Beishan legal service station', '0571-87990011', east_m, north_m
           FROM place WHERE code = $1 RETURNING id""",
        world.TOWN,
    )
    said = [
        (
            "街道公共法律服务站律师值班",
            "Lawyers on duty at the station",
            Kind.DUTY,
            (LAWYER, GUIDE),
            Compensation.SUBSIDY,
        ),
        ("民法典进社区讲座", "A talk on the Civil Code", Kind.LECTURE, (GUIDE,), Compensation.UNPAID),
        ("邻里漏水纠纷调解", "Mediation about a leak", Kind.MEDIATION, (LAWYER,), Compensation.EXPENSES),
        ("独居老人上门走访", "Visits to elders who live alone", Kind.HOME_VISIT, (GUIDE,), Compensation.UNPAID),
    ]
    return [
        await world.draft(
            9 + 3 * number,
            station_id=station,
            title_zh=title,
            title_en=english,
            kind=kind,
            positions=positions,
            compensation=compensation,
            parties=("party-1",) if kind is Kind.MEDIATION else (),
            green=kind is Kind.HOME_VISIT,
            insured=kind is not Kind.MEDIATION,
            briefing_zh=BRIEFING,
        )
        for number, (title, english, kind, positions, compensation) in enumerate(said)
    ]


async def _yesterdays_shift(*people: Principal) -> str:
    """Return a shift that is over and waits to be confirmed."""
    begun = clock.now() - timedelta(hours=26)
    with clock.travelled_to(begun - timedelta(days=1)):
        draft = await world.draft(title_zh="老年大学反诈讲座", title_en="A talk against fraud", positions=(GUIDE,))
        moved = replace(draft, starts=begun, ends=begun + timedelta(hours=2))
        [shift] = await world.publish(moved)
        for person in people:
            await sign_up(person, shift.position_ids[0])
    return shift.reference


@pytest.fixture(scope="module")
def town(site: Site) -> Town:
    """Make the people and shifts once for the module."""
    return site.run(_town)


PAGES = {
    "": ("/assignments", "/assignments/{open}", "/assignments?kind=village"),
    "newcomer": ("/join", "/assignments/{open}"),
    "volunteer": (
        *("/workbench", "/my/assignments", "/my/profile", "/join/times", "/join/credential"),
        *("/assignments/{taken}", "/assignments/{matter}", "/assignments?eligible=on&near=on"),
        *("/assignments/{asked}", "/my/stand-by"),
    ),
    "staff": (
        *("/station", "/station?day={monday}", "/station/unconfirmed", "/station/new"),
        *("/station/shifts/{today}", "/station/shifts/{taken}", "/station/shifts/{taken}/change"),
        *("/station/shifts/{asked}", "/station/shifts/{asked}/requests"),
    ),
    "coordinator": ("/credentials",),
}


@pytest.mark.parametrize("who", PAGES)
def test_each_page_is_sound(browser_page: Page, site: Site, town: Town, who: str) -> None:
    if who:
        site.sign_in(browser_page, getattr(town, who))
    monday = clock.local(world.MONDAY).date().isoformat()
    for path in (path.format(monday=monday, **asdict(town)) for path in PAGES[who]):
        answer = browser_page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        look_at(browser_page, path)


def test_a_phone_without_javascript_signs_up_with_one_tap_and_steps_back(
    browser: Browser, site: Site, town: Town
) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    site.sign_in(page, town.volunteer)
    page.goto(f"/assignments/{town.open}?lang=zh")
    page.get_by_role("button", name="报名").click()
    expect(page.locator(".page-top .tag")).to_have_text("已报名")
    page.get_by_role("button", name="我来不了").click()
    page.get_by_role("button", name="退出任务").click()
    expect(page).to_have_url(f"{site.url}/my/assignments")
    expect(page.get_by_text("本人退出")).to_be_visible()
    context.close()


def test_joining_takes_three_screens_on_a_phone(browser_page: Page, site: Site, town: Town) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    site.sign_in(browser_page, town.newcomer)
    body = "330106199003070" + "52"
    browser_page.goto("/join?lang=zh")
    browser_page.fill("#field-name", "方晴")
    browser_page.fill("#field-id_card", body + id_card_check_digit(body))
    browser_page.fill("#field-home", "三墩镇")
    browser_page.check("#field-consent")
    browser_page.get_by_role("button", name="加入").click()
    expect(browser_page).to_have_url(f"{site.url}/join/times")
    browser_page.check('input[value="5-am"]')
    browser_page.get_by_role("button", name="下一步").click()
    expect(browser_page).to_have_url(f"{site.url}/join/credential")
    browser_page.get_by_role("link", name="没有证件").click()
    expect(browser_page.locator("#results")).to_be_visible()
    assert faults_of(browser_page) == []


def test_a_station_confirms_who_came_with_one_tap(browser_page: Page, site: Site, town: Town) -> None:
    site.sign_in(browser_page, town.staff)
    browser_page.goto("/station/unconfirmed?lang=zh")
    browser_page.get_by_role("button", name="全部到场").click()
    expect(browser_page.locator(".flash")).to_contain_text("已确认 2 人")
    assert faults_of(browser_page) == []
