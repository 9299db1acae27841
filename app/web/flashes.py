"""The sentence shown after a redirect travels in a short-lived cookie: no table is written for it."""

import base64
import binascii
from typing import Any

import msgspec

from app.core.text import Message
from app.web.context import Flash

AT_MOST = 3
KINDS = frozenset({"done", "wait", "need", "info"})


def packed(flashes: list[Flash]) -> str:
    """Write sentences as a cookie value; a value that is a Message itself keeps being one."""
    rows = [[flash.kind, *_message(flash.message)] for flash in flashes[-AT_MOST:]]
    return base64.urlsafe_b64encode(msgspec.json.encode(rows)).decode().rstrip("=")


def unpacked(cookie: str) -> list[Flash]:
    """Read them back; whatever is not ours is nothing."""
    try:
        raw = base64.b64decode(cookie + "=" * (-len(cookie) % 4), altchars=b"-_", validate=True)
        rows = msgspec.json.decode(raw, type=list[tuple[str, str, dict[str, Any]]])
        flashes = [Flash(_read(msgid, values), kind) for kind, msgid, values in rows if kind in KINDS]
        for flash in flashes:
            str(flash.message)
    except (binascii.Error, ValueError, KeyError, TypeError):
        return []
    return flashes


def _message(message: Message) -> tuple[str, dict[str, Any]]:
    values = {
        key: dict(zip(("msgid", "values"), _message(value), strict=True)) if isinstance(value, Message) else value
        for key, value in message.values.items()
    }
    return message.msgid, values


def _read(msgid: str, values: dict[str, Any]) -> Message:
    return Message(
        msgid,
        {key: _read(value["msgid"], value["values"]) if isinstance(value, dict) else value
         for key, value in values.items()},
    )  # fmt: skip
