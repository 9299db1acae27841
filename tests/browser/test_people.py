"""People's own pages: a newcomer's way to their first seat on a phone, and each page in both languages and widths."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock
from app.core.access import Role
from app.core.ids import id_card_check_digit
from tests.browser.conftest import Site, faults_of, look_at
from tests.volunteers import world
from tests.world import account, organization
from volunteers.assignments.rules import PositionDraft
from volunteers.hosting import service as hosting
from volunteers.people.affiliations import service as affiliations
from volunteers.people.credentials.files import Upload
from volunteers.people.credentials.rules import Ground
from volunteers.people.credentials.service import add_credential, verify_credentials
from volunteers.people.exceptions import rules as exceptions
from volunteers.people.exceptions import service as saying
from volunteers.people.served import service as serving_places
from volunteers.people.trainings import service as trainings
from volunteers.people.trainings.rules import TrainingDraft

pytestmark = pytest.mark.browser

PICTURE = {"name": "执业证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a licence"}
MONDAY = clock.local(world.MONDAY).date()


@dataclass(frozen=True)
class Cast:
    """Who is who, and what the pages are about."""

    volunteer: int
    newcomer: int
    staff: int
    coordinator: int
    member: int
    training: str
    gated: str
    early: str
    ending: str
    consent: str


async def _cast() -> Cast:
    staff, coordinator = await world.officer(Role.STATION_STAFF, world.TOWN), await world.officer(Role.COORDINATOR)
    until = clock.today() + timedelta(days=20)
    [(_, volunteer), (_, other)] = await world.people([world.profile(name="林晓芸"), world.profile(name="陈建国")])
    ending = await add_credential(volunteer, world.licence(number="13301202010112233", valid_until=until))
    await verify_credentials(coordinator, [ending], Ground.REGISTER, "律师综合管理系统可查")
    for person in (volunteer, other):
        await add_credential(person, world.licence(), Upload("执业证.pdf", PICTURE["buffer"]))  # type: ignore[arg-type]
    await saying.say(volunteer, exceptions.away(MONDAY + timedelta(days=7), MONDAY + timedelta(days=13), clock.now()))
    for code in ("330110", "330102"):
        await serving_places.serve(volunteer, code)
    draft = TrainingDraft(
        await world.station(),
        "志愿者上岗培训",
        "每周六上午 9 点，二楼 203 室，不用预约。",
        "Induction for volunteers",
        "怎么接待、怎么保密、不能做什么。",
        "How to receive people, what is confidential, what one may not do.",
        "Saturdays at 9, room 203, no appointment needed.",
        24,
    )
    reference = await trainings.define(staff, draft)
    seat = PositionDraft("接待志愿者", 5, 0, "Receptionist", trainings_all=(reference,))
    [shift] = await world.publish(
        await world.draft(9, title_zh="大厅接待", title_en="Reception", positions=(seat,)),
    )
    house = await organization()
    member = await account(Role.PROVIDER, organization=house.id)
    await affiliations.ask(other, house.public_id, "在二部执业")
    await hosting.appoint(coordinator, house.public_id)
    consent = await hosting.agree(volunteer, house.public_id)
    open_to_all = await world.draft(33, title_zh="反诈宣传", title_en="A talk against fraud")
    opens = world.MONDAY + timedelta(hours=33)
    later = await world.draft(57, title_zh="普法讲座", title_en="A talk", regulars_until=opens)
    talk, early = await world.publish(open_to_all, later)
    await hosting.sign_up_for(member, consent, talk.position_ids[0])
    people = (volunteer, await account(Role.RESIDENT), staff, coordinator, member)
    return Cast(
        *(person.actor for person in people), reference, shift.reference, early.reference, str(ending), str(consent)
    )


@pytest.fixture(scope="module")
def cast(site: Site) -> Cast:
    """Make the people once for the module."""
    return site.run(_cast)


PAGES = {
    "": ("/trainings", "/trainings/{training}"),
    "volunteer": (
        *(
            "/my/profile",
            "/my/exceptions",
            "/my/places",
            "/my/organization",
            "/my/hosts",
            "/trainings",
            "/trainings/{training}",
        ),
        *(
            "/assignments/{gated}",
            "/assignments/{early}",
            "/my/credentials/{ending}/renew",
            "/my/credentials/{ending}/file",
        ),
    ),
    "staff": ("/station/trainings", "/station/trainings/{training}", "/station/new"),
    "coordinator": ("/credentials", "/hosts"),
    "member": ("/organization/members", "/organization/hosted", "/organization/hosted/{consent}"),
}


@pytest.mark.parametrize("who", PAGES)
def test_each_page_is_sound(browser_page: Page, site: Site, cast: Cast, who: str) -> None:
    if who:
        site.sign_in(browser_page, getattr(cast, who))
    for path in (path.format(**cast.__dict__) for path in PAGES[who]):
        answer = browser_page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        look_at(browser_page, path)


def phone(browser: Browser, site: Site, account_id: int) -> Page:
    """Open a phone on which somebody is signed in."""
    page = browser.new_context(base_url=site.url, viewport={"width": 360, "height": 740}, locale="zh-CN").new_page()
    site.sign_in(page, account_id)
    return page


def test_from_joining_to_the_first_seat_that_asks_for_a_training(browser: Browser, site: Site, cast: Cast) -> None:
    volunteer, officer = phone(browser, site, cast.newcomer), phone(browser, site, cast.coordinator)
    station = phone(browser, site, cast.staff)
    _joins_with_a_licence(volunteer)
    _verifies_by_the_picture(officer)
    volunteer.goto("/my/profile?lang=zh")
    expect(volunteer.get_by_text("看过上传的照片或扫描件")).to_be_visible()
    _says_away_for_a_week(volunteer)
    volunteer.goto(f"/assignments/{cast.gated}?lang=zh")
    expect(volunteer.get_by_text("需要先完成培训：志愿者上岗培训")).to_be_visible()
    assert _sound(volunteer)
    volunteer.get_by_role("link", name="怎么参加“志愿者上岗培训”").click()
    expect(volunteer.get_by_text("不用预约")).to_be_visible()
    _records_the_training(station, cast.training)
    volunteer.goto(f"/assignments/{cast.gated}?lang=zh")
    volunteer.get_by_role("button", name="报名", exact=True).click()
    expect(volunteer.locator(".page-top .tag")).to_have_text("已报名")
    for page in (volunteer, officer, station):
        page.context.close()


def _joins_with_a_licence(page: Page) -> None:
    """Join in three screens; the third takes a licence with its picture."""
    body = "330106199003070" + "78"
    page.goto("/join?lang=zh")
    page.fill("#field-name", "方晴")
    page.fill("#field-id_card", body + id_card_check_digit(body))
    page.fill("#field-home", "三墩镇")
    page.check("#field-consent")
    page.get_by_role("button", name="加入").click()
    page.check('input[value="0-am"]')
    page.get_by_role("button", name="下一步").click()
    page.select_option("#field-kind", "mediator")
    page.fill("#field-number", "浙人调 0571-8899")
    page.fill("#field-issuer_zh", "西湖区司法局")
    page.fill("#field-valid_from", "2024-01-01")
    page.set_input_files("#field-file", PICTURE)  # type: ignore[arg-type]
    assert _sound(page)
    page.get_by_role("button", name="提交，去找任务").click()
    expect(page.locator(".flash")).to_contain_text("证件已提交")


def _verifies_by_the_picture(page: Page) -> None:
    page.goto("/credentials?lang=zh")
    row = page.get_by_role("row").filter(has_text="方晴")
    expect(row.get_by_role("link", name="执业证.pdf")).to_be_visible()
    row.get_by_role("checkbox").check()
    page.get_by_label("看过上传的照片或扫描件").check()
    page.get_by_role("button", name="核验勾选的证件").click()
    expect(page.locator(".flash")).to_contain_text("已核验 1 份证件")


def _says_away_for_a_week(page: Page) -> None:
    page.get_by_role("link", name="登记哪几天不在").click()
    page.fill("#field-from_day", (MONDAY + timedelta(days=14)).isoformat())
    page.fill("#field-until_day", (MONDAY + timedelta(days=20)).isoformat())
    page.get_by_role("button", name="我不在").click()
    expect(page.locator(".flash")).to_contain_text("这几天不会安排你")
    assert _sound(page)


def _records_the_training(page: Page, reference: str) -> None:
    page.goto(f"/station/trainings/{reference}?lang=zh")
    page.get_by_role("row").filter(has_text="方晴").get_by_role("checkbox").check()
    page.get_by_role("button", name="登记勾选的人").click()
    expect(page.locator(".flash")).to_contain_text("已记录 1 人")
    assert _sound(page)


def _sound(page: Page) -> bool:
    """Tell whether nothing is wrong with the page as it stands; these windows watch no policy."""
    page.evaluate("window.policyViolations = []")
    assert faults_of(page) == []
    return True
