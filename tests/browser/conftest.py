"""A real Chromium on a real server with a database of its own.

Debian's chromium-headless-shell or chromium is used where it is installed, otherwise the one of the npm package
@sparticuz/chromium; a machine without Chinese glyphs gets them from the npm font. Browser tests are plain functions
(Playwright's sync interface):
``site.run(coroutine)`` works on the site's database, ``look_at(page, "/path")`` looks at a page in both languages and
both widths.
"""

import asyncio
import atexit
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app import assets
from app.core import database, embedded
from app.core.settings import settings
from tests import lending
from tests.browser import preloaded
from tests.conftest import rounds
from tests.ports import free_port

Result = TypeVar("Result")
PROJECT = Path(__file__).resolve().parents[2]
WIDTHS = (1280, 360)
LANGUAGES = ("zh", "en")
LISTENER = """
window.policyViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.policyViolations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
SIDEWAYS = """() => [...document.querySelectorAll("body *")]
  .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && getComputedStyle(part).position !== "fixed")
  .slice(0, 5).map((part) => part.tagName + "." + (part.getAttribute("class") || ""))"""
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .map((found) => `${found.id} (${found.impact}): `
    + found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | "))"""


@dataclass(frozen=True)
class Site:
    """A running site and its database."""

    url: str
    database_name: str

    def run(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Run work of the services on the site's database, as the application."""

        async def connected() -> Result:
            await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, self.database_name), pool_size=3)
            try:
                return await work()
            finally:
                await database.disconnect()

        return elsewhere(connected())

    def sign_in(self, page: Page, account_id: int, *, second_factor: bool = True) -> None:
        """Give the page's browser a session of the account, as sign-in would."""
        from app.accounts import sessions

        async def start() -> str:
            async with database.transaction():
                return (await sessions.start(account_id, second_factor=second_factor)).token

        page.context.add_cookies([{"name": "fahui_session", "value": self.run(start), "url": self.url}])

    def window(
        self, browser: Browser, size: ViewportSize, account_id: int | None = None, *, script: bool = True
    ) -> Page:
        """Open a window of somebody's own, signed in if an account is named; every policy violation is remembered."""
        context = browser.new_context(
            base_url=self.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=size,
            java_script_enabled=script,
        )
        context.add_init_script(LISTENER)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if account_id is not None:
            self.sign_in(page, account_id)
        return page


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Serve the application from a fresh database."""
    with serving() as served:
        yield served


@contextmanager
def serving(around: str | None = None, **environment: str) -> Iterator[Site]:
    """Serve the application, or what a named function makes of it, from a fresh database, until the block ends."""
    port = free_port()
    with lending.lent() as name:
        process = _serve(around, name, port, environment)
        try:
            _wait_for(port, process)
            yield Site(f"http://127.0.0.1:{port}", name)
        finally:
            preloaded.stop(process)


@cache
def _servers() -> preloaded.Preloaded:
    """Return this test process's own process that forks servers, until the end of the run."""
    forking = preloaded.Preloaded()
    atexit.register(forking.close)
    return forking


def elsewhere(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a thread: Playwright's sync interface keeps this thread's event loop to itself."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Chromium:
    """One Chromium for all browser tests that follow one another in this process.

    While Playwright lives, no asynchronous test can run in the process: it ends before the next test of another kind.
    """

    def __init__(self) -> None:
        """Remember nothing: the first test that asks starts it."""
        self._ending: ExitStack | None = None
        self._browser: Browser | None = None

    def started(self) -> Browser:
        """Return the browser, started if it is not running."""
        if self._browser is None or self._ending is None:
            self._ending = ExitStack()
            folder = Path(self._ending.enter_context(TemporaryDirectory(prefix="fahui-fonts-")))
            configuration = folder / "fonts.conf"
            configuration.write_text(FONTS.format(folder=assets.font_path().parent, cache=folder / "cache"))
            playwright = self._ending.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(
                executable_path=chromium_path(),
                args=["--no-sandbox"],
                env={**os.environ, "FONTCONFIG_FILE": str(configuration)},
            )
            self._ending.callback(self._browser.close)
        return self._browser

    def end(self) -> None:
        """End it, if it runs."""
        if self._ending is not None:
            self._ending.close()
        self._ending = self._browser = None


CHROMIUM = Chromium()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """End Chromium where the next test is of another kind."""
    try:
        return (yield)
    finally:
        if nextitem is None or not nextitem.path.is_relative_to(Path(__file__).parent):
            CHROMIUM.end()


def pytest_sessionfinish() -> None:
    """End Chromium however the run ends."""
    CHROMIUM.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Chromium, and leave no window of the module open."""
    chromium = CHROMIUM.started()
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def browser_page(browser: Browser, site: Site) -> Iterator[Page]:
    """Open a window of its own: no cookies, every policy violation remembered."""
    context = browser.new_context(base_url=site.url, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_init_script(LISTENER)
    yield context.new_page()
    context.close()


def chromium_path() -> str:
    """Return the browser to drive: the one without windows draws the same pages in two thirds of the time."""
    named = os.environ.get("FAHUI_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if named and named != "npm":
        return named
    ask = "import('@sparticuz/chromium').then(async (c) => console.log(await c.default.executablePath()))"
    node = PROJECT / ".venv" / "bin" / "node"
    told = subprocess.run([node, "-e", ask], cwd=PROJECT, capture_output=True, text=True, check=True)
    return told.stdout.strip()


def look_at(page: Page, path: str, *, languages: tuple[str, ...] = LANGUAGES, fails: bool = False) -> None:
    """Look at a page: it is there, nothing runs off the side, axe and the content policy are silent.

    `make test-full` looks in each language at each width, `make test` at Chinese on a screen and English on a phone,
    the longest words in the narrowest column, and asks axe about the latter. With FAHUI_LOOK naming a folder, pictures
    of all four are kept there.
    """
    folder = os.environ.get("FAHUI_LOOK")
    views = [(language, width) for language in languages for width in WIDTHS]
    quick = not folder and not rounds(0, 1)
    if languages == LANGUAGES and quick:
        views = list(zip(LANGUAGES, WIDTHS, strict=True))
    faults = []
    for language, width in views:
        page.set_viewport_size({"width": width, "height": 800})
        answer = page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        if answer is not None and (answer.status >= 500) is not fails:
            faults.append(f"{path} {language} {width}: answered {answer.status}")
        asked = faults_of if (language, width) == views[-1] or not quick else faults_of_layout
        faults += [f"{path} {language} {width}: {fault}" for fault in asked(page)]
        if folder:
            name = path.strip("/").split("?")[0].replace("/", "-") or "home"
            page.screenshot(path=f"{folder}/{name}-{language}-{width}.png", full_page=True)
    assert faults == []


def faults_of(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands now."""
    page.evaluate((PROJECT / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    return [f"axe: {violation}" for violation in page.evaluate(AXE)] + faults_of_layout(page)


def faults_of_layout(page: Page) -> list[str]:
    """Return what runs off the side or breaks the content policy, without axe, which costs most of a look."""
    found = [f"policy: {violation}" for violation in page.evaluate("window.policyViolations")]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"scrolls sideways: {page.evaluate(SIDEWAYS)}")
    return found


def _serve(around: str | None, name: str, port: int, more: dict[str, str]) -> int:
    environment = {
        **os.environ,
        **more,
        "DATABASE_URL": embedded.dsn(embedded.APPLICATION_ROLE, name),
        "DATABASE_DIRECT_URL": embedded.dsn(embedded.OWNER_ROLE, name),
        "FAHUI_PORT": str(port),
        "FAHUI_MODE": "test",
    }
    return _servers().serve(around, port, environment, settings().data_dir / f"site-{port}.log")


def _wait_for(port: int, process: int) -> None:
    for _ in range(3000):
        assert preloaded.alive(process), "the server ended; its log lies in the test's data folder"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise AssertionError("the server did not begin to listen")
