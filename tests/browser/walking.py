"""Who walks the whole way, and how they find theirs: they follow links, fill in forms and press buttons."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from app.accounts import sessions
from app.core import database
from app.core.access import Principal, Role
from app.core.money import parse_yuan
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.tariffs import service as tariffs
from tests import world
from tests.browser.travelling import LongSite
from tests.procurement import buying
from tests.volunteers import world as volunteers
from volunteers.people.rules import Corps, Window

FREE = tuple(Window(day, 8 * 60, 18 * 60) for day in range(5))
OFFICERS = {
    "reviewer": Role.CATALOGUE_REVIEWER, "officer": Role.PROCUREMENT_OFFICER, "approver": Role.APPROVER,
    "acceptor": Role.ACCEPTOR, "coordinator": Role.COORDINATOR, "claims": Role.CLAIMS_OFFICER,
    "clerk": Role.SETTLEMENT_CLERK, "controller": Role.SETTLEMENT_APPROVER, "cashier": Role.CASHIER,
}  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """The accounts of the people, and what the services need to know of the other organization."""

    accounts: dict[str, int]
    other: world.Organization
    other_product: int


async def cast() -> Cast:
    """Bring in everybody with their roles, two organizations, a station and a tariff."""
    people = {name: await world.account(role, place=world.CITY) for name, role in OFFICERS.items()}
    village = str(await database.fetch_value("SELECT min(code) FROM place WHERE code LIKE $1", volunteers.TOWN + "___"))
    people |= {
        "station": await world.account(Role.STATION_STAFF, place=volunteers.TOWN),
        "village": await world.account(Role.VILLAGE_CLERK, place=village),
    }
    bank = {"bank_name": "工商银行杭州分行", "bank_account": "1202020209900012345"}
    firm = await world.organization(name_zh="西湖区清波法律服务中心", name_en="Qingbo Legal Service Centre", **bank)
    other = await world.organization(name_zh="西湖区和睦法律服务中心", name_en="Hemu Legal Service Centre", **bank)
    second = await world.listed_product(other, Category.LEGAL_EDUCATION, unit=Unit.LECTURE)
    await volunteers.station()
    await publish_tariff(people["claims"], people["controller"])
    await buying.budget_line(parse_yuan("100000.00"), world.DISTRICT, "on_site")
    people |= {"provider": firm.member, **await _lawyers()}
    return Cast({name: who.actor for name, who in people.items()}, other, second.id)


async def publish_tariff(author: Principal, second: Principal) -> None:
    """Publish the demonstration tariff: one writes it, another publishes it."""
    await tariffs.publish_tariff(second, await tariffs.draft_tariff(author, tariffs.seed_documents()[0]))


async def _lawyers() -> dict[str, Principal]:
    """Return two lawyers with an account at a bank: one will sign up, one will be sent."""
    profiles = [
        volunteers.profile(
            name=name, corps=(Corps.LAWYER,), bank_name="工商银行杭州分行", bank_account=account,
            credentials=(volunteers.licence(),), availability=FREE,
        )
        for name, account in (("沈一诺", "6222021202041234567"), ("陈建国", "6222021202001234567"))
    ]  # fmt: skip
    (_, first), (_, second) = await volunteers.people(profiles)
    return {"volunteer": first, "sent": second}


@dataclass
class Walk:
    """Somebody at the site, who only follows links, fills in forms and presses buttons."""

    site: LongSite
    page: Page
    cast: Cast
    tokens: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    bank_file: str = ""

    def begin(self) -> None:
        """Give everybody a session, which lasts as long as the site's clock is not moved."""
        self.tokens = self.site.run(self._sessions)

    async def _sessions(self) -> dict[str, str]:
        async with database.transaction():
            return {
                name: (await sessions.start(account, second_factor=True)).token
                for name, account in self.cast.accounts.items()
            }

    def at_work(self, name: str) -> None:
        """Sit down as another person: from the first page, later from where the one before was, to their workbench."""
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": "fahui_session", "value": self.tokens[name], "url": self.site.url}])
        if name not in self.seen:
            self.page.goto("/")
            self.seen.add(name)
        self.to_workbench()

    def to_workbench(self) -> None:
        """Open the workbench from the menu that every page has."""
        self.page.locator(".menu:not(.phone-only) > summary").click()
        self.page.locator(".menu-panel").get_by_role("link", name="工作台").click()

    def take_up(self) -> None:
        """Take up what waits first on the workbench."""
        self.page.locator(".waiting").get_by_role("link").first.click()

    def follow(self, name: str, within: str = "main", *, exact: bool = False) -> None:
        """Follow the first link of this name."""
        self.page.locator(within).get_by_role("link", name=name, exact=exact).first.click()

    def press(self, name: str, within: str = "main") -> None:
        """Press the first button of this name."""
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()

    def sure(self, name: str, answer: str = "") -> None:
        """Press a button that asks once more, and answer the question."""
        self.press(name)
        self.page.locator("dialog:popover-open").get_by_role("button", name=answer or name, exact=True).click()

    def fill(self, **values: str) -> None:
        """Fill in fields by their names: text, a choice of a list, a box or a radio button."""
        for name, value in values.items():
            field = self.page.locator(f"main form [name='{name}']:visible").first
            kind = str(field.evaluate("one => one.type"))
            if kind.startswith("select"):
                field.select_option(value)
            elif kind in ("checkbox", "radio"):
                self.page.locator(f"main form [name='{name}'][value='{value}']").check()
            else:
                field.fill(value)

    def says(self, text: str) -> None:
        """See a sentence in the page's answer to what was done."""
        expect(self.page.locator(".flash").first).to_contain_text(text)

    def sees(self, text: str) -> Locator:
        """See a text somewhere on the page."""
        found = self.page.locator("main").get_by_text(text).first
        expect(found).to_be_visible()
        return found
