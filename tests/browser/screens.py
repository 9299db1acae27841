"""`make screens`: live through the demonstration at district scale and take the pictures of docs/screens."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screens"
PORT = 8765
PAGES = {
    "home": "/",
    "catalogue": "/products",
    "assignments": "/assignments",
    "places": "/places",
    "frameworks": "/frameworks",
    "disclosure": "/disclosure",
}
SHOTS = ((1280, "zh"), (360, "zh"), (360, "en"))
PATIENCE = 180


def main() -> int:
    """Serve a fresh demonstration, take the pictures, stop."""
    data = Path(tempfile.mkdtemp(prefix="fahui-screens-"))
    data.chmod(0o755)
    environment = {**os.environ, "FAHUI_DATA_DIR": str(data), "FAHUI_PORT": str(PORT), "FAHUI_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "app.cli", "demo", "--scale", "district"]
    served = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(served)
        _shoot()
    finally:
        served.send_signal(signal.SIGINT)
        served.wait()
        shutil.rmtree(data, ignore_errors=True)
    return 0


def _wait(served: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE):
        if served.poll() is not None:
            raise RuntimeError("the demonstration ended before the site answered")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=1).close()
        except OSError:
            time.sleep(1)
        else:
            return
    raise TimeoutError("the site did not answer")


def _shoot() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for name, path in PAGES.items():
            for width, language in SHOTS:
                page = browser.new_page(viewport={"width": width, "height": 900})
                page.goto(f"http://127.0.0.1:{PORT}{path}?lang={language}")
                page.screenshot(path=FOLDER / f"{name}-{width}-{language}.png")
                page.close()
                print(f"docs/screens/{name}-{width}-{language}.png", flush=True)
        browser.close()


def _chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        raise RuntimeError("pictures with Chinese text need Debian's chromium and fonts-noto-cjk")
    return found


if __name__ == "__main__":
    sys.exit(main())
