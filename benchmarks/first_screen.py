"""The first useful screen on a throttled phone: 4 times slower processor, slow 4G, an empty cache.

The profile is the one that Lighthouse calls "mobile, slow 4G": 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back.
"""

import statistics
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, async_playwright

from tests.browser.conftest import chromium_path

LOADS, SLOWER = 3, 4
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
PAINTED = """() => new Promise((tell) => new PerformanceObserver((list) => tell(list.getEntries().at(-1).startTime))
  .observe({type: "largest-contentful-paint", buffered: true}))"""


@dataclass(frozen=True)
class FirstScreen:
    """Milliseconds until the largest part of the first screen stood there, and the bytes on the wire for the page."""

    painted_ms: float
    weight: int


async def first_screens(port: int, paths: list[str], cookie: str = "") -> dict[str, FirstScreen]:
    """Load each page a few times in a fresh window and return the middle figures."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        try:
            return {path: await _middle(browser, f"http://127.0.0.1:{port}", path, cookie) for path in paths}
        finally:
            await browser.close()


async def _middle(browser: Browser, site: str, path: str, cookie: str) -> FirstScreen:
    seen = [await _load(browser, site, path, cookie) for _ in range(LOADS)]
    return FirstScreen(
        statistics.median(one.painted_ms for one in seen), round(statistics.median(one.weight for one in seen))
    )


async def _load(browser: Browser, site: str, path: str, cookie: str) -> FirstScreen:
    context = await browser.new_context(**PHONE)
    if cookie:
        await context.add_cookies([{"name": "fahui_session", "value": cookie, "url": site}])
    page = await context.new_page()
    wire = await context.new_cdp_session(page)
    weights: list[int] = []
    wire.on("Network.loadingFinished", lambda event: weights.append(int(event["encodedDataLength"])))
    await wire.send("Network.enable")
    await wire.send("Network.emulateNetworkConditions", SLOW_4G)
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = await page.goto(site + path, wait_until="networkidle")
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{path}: {answer and answer.status}")
    painted = float(await page.evaluate(PAINTED))
    await context.close()
    return FirstScreen(painted, sum(weights))
