"""A message's text as it is stored: a msgid and JSON values, among them further translatable texts."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.core.text import Message, Words


def encoded(values: Mapping[str, Any]) -> str:
    """Return the values of a message as JSON; a Message among them keeps its msgid."""
    return msgspec.json.encode({name: _plain(value) for name, value in values.items()}).decode()


def message(msgid: str, detail_json: str, **secret: str) -> Message:
    """Return the stored text, ready for the edge."""
    detail = {name: _rich(value) for name, value in msgspec.json.decode(detail_json).items()}
    return Message(msgid, {**detail, **secret})


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return {"msgid": value.msgid, "values": {name: _plain(part) for name, part in value.values.items()}}
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    return value


def _rich(value: Any) -> Any:
    if isinstance(value, dict) and "zh" in value:
        return Words(**value)
    if isinstance(value, dict):
        return Message(value["msgid"], {name: _rich(part) for name, part in value["values"].items()})
    return value
