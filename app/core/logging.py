"""Structured logs: one JSON object a line on standard error, with the request's id and no personal data.

Three guards keep people out of the logs: our own events are fixed words with ids and codes; an error is told
by its type and place, never by what it quotes; and whatever still looks like a phone, an identity card, a
bank account or an e-mail address is masked.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import asyncpg
import structlog

from app.core.audit import request_id
from app.core.errors import DomainError
from app.core.settings import PROJECT, settings

PERSONAL = re.compile(
    r"(?<![\w.-])(?:1[3-9]\d{9}|\d{17}[\dXx]|\d{16,19})(?![\w-])|[\w.+-]+@[\w-]+\.[\w.-]+",
)
QUIET = ("fontTools", "procrastinate", "apscheduler", "asyncio", "httpx", "httpcore")
SERVERS = ("_granian", "granian.access")
Event = MutableMapping[str, Any]


def configure(process: str, stream: TextIO | None = None) -> None:
    """Send this process's logs, and those of its libraries, to standard error (or a stream) as JSON."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter(process))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings().log_level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in SERVERS:
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


def formatter(process: str) -> logging.Formatter:
    """Return what writes one record as one JSON object."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _with(process=process),
            _errors_without_quotes,
            without_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def get(name: str) -> Any:
    """Return a logger; log fixed words and named values: ``log.info("job_done", job=name)``."""
    return structlog.get_logger(name)


def described(error: BaseException) -> str:
    """Tell an error by type, code and place; its own words only outside production, for they may quote a person."""
    words = [type(error).__name__]
    if isinstance(error, DomainError):
        words.append(error.code)
    elif isinstance(error, asyncpg.PostgresError):
        details = (error.sqlstate, getattr(error, "table_name", None), getattr(error, "constraint_name", None))
        words += [detail for detail in details if detail]
    elif settings().mode != "production":
        words.append(str(error)[:300])
    return " ".join([*words, f"at {_place(error)}"])


def without_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    """Mask what looks like a person's number or address in every value."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = PERSONAL.sub("***", value)
        elif not isinstance(value, int | float | bool | None):
            event[key] = PERSONAL.sub("***", str(value))
    return event


def _shared() -> list[Any]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_request_id,
    ]


def _with(**values: str) -> Any:
    def add(_logger: Any, _method: str, event: Event) -> Event:
        return {**values, **event}

    return add


def _with_request_id(_logger: Any, _method: str, event: Event) -> Event:
    if request_id.get():
        event["request_id"] = request_id.get()
    return event


def _errors_without_quotes(_logger: Any, _method: str, event: Event) -> Event:
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = described(error)
        event["trace"] = " < ".join(_frames(error))
    return event


def _frames(error: BaseException) -> list[str]:
    """Return where the error passed, innermost first: file, line and function, never the values."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames)][:20]


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)] or list(frames)
    return f"{_short(ours[-1].filename)}:{ours[-1].lineno}" if ours else "an unknown place"


def _is_ours(filename: str) -> bool:
    return filename.startswith(str(PROJECT)) and "site-packages" not in filename


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(PROJECT)) if _is_ours(filename) else "/".join(path.parts[-2:])
