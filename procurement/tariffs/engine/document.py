"""A tariff set as a document, JSON or YAML: read, written, canonical bytes and sha256."""

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

import msgspec
import yaml

from procurement.tariffs.engine.exact import shortest
from procurement.tariffs.engine.lines import at_line, is_json, read_yaml
from procurement.tariffs.engine.model import TariffSet
from procurement.tariffs.engine.refusals import TariffUnreadable

WriteNumber = Callable[[Decimal], str]
NOT_CONTENT = frozenset({"status"})


def read_set(data: bytes) -> TariffSet:
    """Read a set from bytes of our schema (``json_schema``), JSON or YAML; amounts are decimal text in yuan.

    Errors: TariffUnreadable, naming the line and path of what is wrong (an unknown field, a number that is not exact).
    """
    try:
        if is_json(data):
            return msgspec.json.decode(data, type=TariffSet)
        return msgspec.convert(read_yaml(data), TariffSet, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise TariffUnreadable(problem=at_line(data, str(error))) from None


def write_set(tariff_set: TariffSet) -> bytes:
    """Write a set as JSON for people and version control: indented, numbers as given, defaults left out."""
    plain = {"status": tariff_set.status.value, **_plain(tariff_set, str)}
    return msgspec.json.format(msgspec.json.encode(plain), indent=1) + b"\n"


def write_yaml(tariff_set: TariffSet) -> bytes:
    """Write a set as YAML for people: what ``read_set`` reads back to the same hash."""
    plain = {"status": tariff_set.status.value, **_plain(tariff_set, str)}
    written: str = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
    return written.encode()


def canonical_bytes(tariff_set: TariffSet) -> bytes:
    """Return the bytes that identify a set: keys sorted, defaults left out, numbers in their shortest form.

    Leaving defaults out keeps the hash of a set already published when the model gains a field. The status is
    no content. Equal meaning gives equal bytes; the order of lines is kept because the trace follows it.
    """
    return msgspec.json.encode(_plain(tariff_set, shortest), order="sorted")


@lru_cache(maxsize=256)
def sha256_of(tariff_set: TariffSet) -> str:
    """Return the sha256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(tariff_set)).hexdigest()


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a tariff set document."""
    schema = msgspec.json.schema(TariffSet)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Tariff set", **schema}


def _plain(value: Any, write: WriteNumber) -> Any:
    if isinstance(value, msgspec.Struct):
        return _plain_struct(value, write)
    if isinstance(value, Decimal):
        return write(value)
    if isinstance(value, dict):
        return {str(key): _plain(member, write) for key, member in value.items()}
    if isinstance(value, tuple):
        return [_plain(member, write) for member in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _plain_struct(value: msgspec.Struct, write: WriteNumber) -> dict[str, Any]:
    members = {}
    for member in msgspec.structs.fields(value):
        content = getattr(value, member.name)
        if member.name in NOT_CONTENT or _is_default(content, member):
            continue
        members[member.encode_name] = _plain(content, write)
    return members


def _is_default(content: Any, member: msgspec.structs.FieldInfo) -> bool:
    if member.default is not msgspec.NODEFAULT:
        return bool(content == member.default)
    return member.default_factory is not msgspec.NODEFAULT and bool(content == member.default_factory())
