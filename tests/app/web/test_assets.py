"""What comes from npm: pinned, without addresses, and copied only as far as the site uses it."""

import json
import re
from pathlib import Path

from app import assets
from app.web import icons

MANIFEST = json.loads(Path("package.json").read_text("utf-8"))
LOCK = json.loads(Path("package-lock.json").read_text("utf-8"))


def test_every_package_is_pinned_to_one_version_and_locked_by_its_hash() -> None:
    wanted = MANIFEST["dependencies"] | MANIFEST["devDependencies"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version
    locked = [entry for path, entry in LOCK["packages"].items() if path]
    assert all(entry["integrity"].startswith("sha512-") for entry in locked)


def test_no_file_names_a_registry() -> None:
    for name in ("package.json", "package-lock.json", "requirements.txt", "requirements-dev.txt"):
        text = Path(name).read_text("utf-8")
        assert "resolved" not in text
        assert not re.search(r"https?://[^\s\"]*(registry|index|simple)", text), name


def test_htmx_stays_on_its_second_major_version() -> None:
    assert MANIFEST["dependencies"]["htmx.org"].startswith("2.")


def test_the_sprite_holds_every_icon_once_and_nothing_that_runs() -> None:
    names = icons.in_use()
    sprite = icons.sprite(names)
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == names
    assert {"inbox", "list", "exclamation-circle-fill"} <= set(names)
    assert not re.search(r"<script|style=|on\w+=|href=", sprite)


def test_the_chinese_font_for_documents_is_there() -> None:
    assert assets.font_path().read_bytes()[:4] == b"\x00\x01\x00\x00"


def test_a_second_run_installs_nothing() -> None:
    assert assets.install() is False
