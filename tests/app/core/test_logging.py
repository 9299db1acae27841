"""Logs are JSON lines with a request id, and hold no personal data."""

import io
import json
import logging as standard
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import pytest

from app.core import database, logging
from app.core.audit import request_id
from app.core.settings import Settings

PERSONAL = {
    "phone": "13812345678",
    "identity card": "330106199001011234",
    "identity card with X": "33010619900101123X",
    "bank account": "6222021202034567890",
    "e-mail": "wang.fang+law@example.cn",
}


Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Configure the logs for one test; calling this returns what was logged."""
    root, written = standard.getLogger(), io.StringIO()
    before, level = root.handlers, root.level
    logging.configure("test", written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers, root.level = before, level


def test_a_line_is_json_with_time_level_process_and_request(lines: Lines) -> None:
    token = request_id.set("r-17")
    logging.get("app.somewhere").info("job_done", job="seal_audit", count=3)
    request_id.reset(token)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "job_done",
        "job": "seal_audit",
        "count": 3,
        "request_id": "r-17",
        "level": "info",
        "logger": "app.somewhere",
        "process": "test",
    }


def test_libraries_log_the_same_way(lines: Lines) -> None:
    standard.getLogger("granian.access").warning("answered %s", 200)
    (line,) = lines()
    assert (line["event"], line["logger"], line["process"]) == ("answered 200", "granian.access", "test")


@pytest.mark.parametrize("kind", PERSONAL)
def test_personal_data_is_masked_wherever_it_stands(lines: Lines, kind: str) -> None:
    personal = PERSONAL[kind]
    logging.get("x").info("sent", to=personal, detail={"recipient": personal})
    standard.getLogger("library").warning("could not reach %s (twice)", personal)
    logged = lines()
    assert len(logged) == 2
    assert personal not in json.dumps(logged)


@pytest.mark.parametrize("plain", ["HZ-2026-000123", "330106", "20260304120000", "t_0d9bbcf7fd2e4ddb", "1234567890"])
def test_codes_and_references_stay_readable(lines: Lines, plain: str) -> None:
    logging.get("x").info("done", about=plain)
    assert lines()[0]["about"] == plain


def test_an_error_is_told_by_type_and_place_and_in_production_without_its_words(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "settings", lambda: Settings(mode="production"))
    try:
        int("Wang Fang")
    except ValueError:
        logging.get("x").exception("job_failed")
    text = json.dumps(lines())
    assert "Wang" not in text
    assert "ValueError at tests/app/core/test_logging.py:" in text


async def test_a_database_error_does_not_quote_the_row(db: None) -> None:
    digest = b"\x11" * 32
    insert = "INSERT INTO attempt_window (key_sha256, window_start, attempts) VALUES ($1, '2026-01-01', 1)"
    await database.execute(insert, digest)
    with pytest.raises(asyncpg.UniqueViolationError) as violation:
        await database.execute(insert, digest)
    told = logging.described(violation.value)
    assert told.startswith(
        "UniqueViolationError 23505 attempt_window attempt_window_key_sha256_window_start_key at app/"
    )
    assert "1111" not in told


def test_the_library_that_cuts_fonts_says_nothing_of_each_glyph(lines: Lines) -> None:
    standard.getLogger("fontTools.subset").info("Closed glyph list")
    assert lines() == []
