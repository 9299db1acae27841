"""The file of the master keys: written once, whole, by whichever process comes first."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core import vault
from app.core.settings import settings


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Name a key file that is not there yet."""
    monkeypatch.setenv("FAHUI_KEY_FILE", str(tmp_path / "keys.json"))
    settings.cache_clear()
    yield tmp_path / "keys.json"
    monkeypatch.undo()
    settings.cache_clear()


def test_the_key_file_appears_with_its_content(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a process that starts at the same moment reads half of it."""
    there, write = [], json.dump

    def watched(stored: Any, file: Any) -> None:
        there.append(key_file.exists())
        write(stored, file)

    monkeypatch.setattr(vault.json, "dump", watched)
    vault.create_key_file()
    assert there == [False]
    assert set(json.loads(key_file.read_text())) == {"current", "keys", "digest"}
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_the_first_keys_stay_and_nothing_lies_beside_them(key_file: Path) -> None:
    vault.create_key_file()
    first = key_file.read_text()
    vault.create_key_file()
    assert key_file.read_text() == first
    assert os.listdir(key_file.parent) == ["keys.json"]
