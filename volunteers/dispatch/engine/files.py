"""Reading and writing instances and plans: JSON, optionally gzip."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from volunteers.dispatch.engine.instance import (
    Assignment,
    Cancellation,
    District,
    Instance,
    InstanceFaults,
    Place,
    Plan,
    Shift,
    Travel,
    Volunteer,
)
from volunteers.dispatch.engine.validation import faults_of

_OUT_OF_MEMORY = "Error -4 "  # Z_MEM_ERROR, which zlib.error tells by its text alone
_GZIP_MAGIC = b"\x1f\x8b"
_ROW_TYPES: dict[str, Any] = {
    "districts": District,
    "places": Place,
    "volunteers": Volunteer,
    "shifts": Shift,
    "pinned": Assignment,
    "cancelled": Cancellation,
    "previous": Assignment,
    "travel": Travel,
}
_T = TypeVar("_T", Instance, Plan)


def decode_instance(content: bytes) -> Instance:
    """Instance from JSON or gzipped JSON.

    Raises:
        InstanceFaults: naming everything that is malformed or contradictory.
    """
    instance = _decode(content, Instance)
    if faults := faults_of(instance):
        raise InstanceFaults(faults)
    return instance


def decode_plan(content: bytes) -> Plan:
    """Plan from JSON or gzipped JSON; its rows are for `check` to judge.

    Raises:
        InstanceFaults: if it is no plan at all.
    """
    return _decode(content, Plan)


def read_instance(path: Path) -> Instance:
    """`decode_instance` of a file; raises OSError if it cannot be read."""
    return decode_instance(path.read_bytes())


def read_plan(path: Path) -> Plan:
    """`decode_plan` of a file; raises OSError if it cannot be read."""
    return decode_plan(path.read_bytes())


def encode(document: Instance | Plan) -> bytes:
    """JSON of an instance or a plan, the same bytes for the same value."""
    return msgspec.json.encode(document)


def write(path: Path, document: Instance | Plan) -> None:
    """Write JSON, gzipped when the name ends in `.gz`; the file appears whole or not at all."""
    content = encode(document)
    if path.suffix == ".gz":
        content = gzip.compress(content, mtime=0)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _decode(content: bytes, kind: type[_T]) -> _T:
    content = _decompressed(content)
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as first:
        raise InstanceFaults(_shape_faults(msgspec.json.decode(content), kind) or [str(first)]) from first
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InstanceFaults([f"not JSON: {error}"]) from error


def _decompressed(content: bytes) -> bytes:
    if not content.startswith(_GZIP_MAGIC):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        if str(error).startswith(_OUT_OF_MEMORY):
            raise MemoryError from error
        raise InstanceFaults([f"damaged gzip: {error}"]) from error


def _shape_faults(document: Any, kind: type[_T]) -> list[str]:
    """Every row of the wrong shape, one fault each; the decoder alone would stop at the first."""
    if not isinstance(document, dict):
        return ["not a JSON object"]
    row_types = _ROW_TYPES if kind is Instance else {"assignments": Assignment}
    faults = [
        fault
        for field, row_type in row_types.items()
        if isinstance(rows := document.get(field), list)
        for number, row in enumerate(rows)
        for fault in _conversion_fault(row, row_type, f"{field}[{number}]")
    ]
    sound_rows: dict[str, list[Any]] = {field: [] for field in row_types if isinstance(document.get(field), list)}
    return _conversion_fault({**document, **sound_rows}, kind, kind.__name__.lower()) + faults


def _conversion_fault(value: Any, kind: Any, name: str) -> list[str]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        label = f"{name} ({value['id']})" if isinstance(value, dict) and "id" in value else name
        return [f"{label}: {error}"]
    return []
