"""Documents as people write them: YAML without its traps, and the line of the file at which something is wrong.

Every scalar is read as the text that stands there (2000.00 stays 2000.00, never a float, and ``no`` is no truth value);
a repeated key, an anchor or an alias is refused instead of silently winning. JSON is read by its own reader.
"""

import re
from typing import Any

import msgspec
import yaml

from procurement.tariffs.engine.refusals import TariffUnreadable

NOTHING = frozenset({"", "~", "null"})
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]$]+)")


class _Texts(yaml.SafeLoader):  # type: ignore[misc]  # yaml brings no types
    """Composes nodes; an alias could make a small file very large, so there are none."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias or an anchor, else compose as usual."""
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.composer.ComposerError(None, None, "anchors and aliases are not read", event.start_mark)
        return super().compose_node(parent, index)


def read_yaml(data: bytes) -> Any:
    """Return plain values (dict, list, str, None) of a YAML document. Errors: TariffUnreadable naming the line."""
    try:
        node = yaml.compose(data.decode(), Loader=_Texts)
        return None if node is None else _plain(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise TariffUnreadable(problem=f"{where}{error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise TariffUnreadable(problem=str(error)) from None


def line_of(data: bytes, path: str) -> int | None:
    """Return the line, from 1, of what a path such as ``$.lines[3].per_unit`` names; None where it is not there.

    The deepest part that exists is taken, so that a missing field is shown at the thing that lacks it. JSON is YAML
    enough for this.
    """
    try:
        node = yaml.compose(data.decode(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return None
    line: int | None = node.start_mark.line + 1 if node is not None else None
    for index, key in _STEP.findall(path):
        found = _member(node, index, key)
        if found is None:
            break
        node = found
        line = node.start_mark.line + 1
    return line


def at_line(data: bytes, problem: str) -> str:
    """Put the line of the file before what msgspec says about ``$.path`` or ``(byte 17)``."""
    byte = re.search(r"\(byte (\d+)\)", problem)
    if byte:
        line = data[: int(byte[1])].count(b"\n") + 1
        return f"line {line}: {problem}"
    path = re.search(r"at `(\$[^`]*)`", problem)
    found = line_of(data, path[1]) if path else None
    return f"line {found}: {problem}" if found else problem


def is_json(data: bytes) -> bool:
    """Tell whether a document is meant as JSON."""
    return data.lstrip()[:1] in (b"{", b"[")


def read_plain(data: bytes) -> Any:
    """Return the plain values of a JSON or YAML document. Errors: TariffUnreadable naming the line."""
    if not is_json(data):
        return read_yaml(data)
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise TariffUnreadable(problem=at_line(data, str(error))) from None


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(member) for member in node.value]
    return None if node.style is None and node.value in NOTHING else node.value


def _mapping(node: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if key.value in found:
            raise yaml.composer.ComposerError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
        found[key.value] = _plain(value)
    return found


def _member(node: Any, index: str, key: str) -> Any:
    if index:
        members = node.value if isinstance(node, yaml.SequenceNode) else []
        return members[int(index)] if int(index) < len(members) else None
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)
