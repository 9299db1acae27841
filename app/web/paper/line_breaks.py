"""Where a line of Chinese and Latin text may break: between any two characters of Chinese, at the spaces of Latin.

No line begins with what closes (。，》) nor ends with what opens (《（), as in GB/T 15834 §5.1.
"""

import re
from collections.abc import Callable, Iterator

CLOSING = "。，、；：？！…）」』》】〉”’%‰°℃"
OPENING = "（「『《【〈“‘¥￥"
_TOKENS = re.compile(r"[ \t]+|[!-\u024f]+|.")


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Return the lines of a text, none wider than ``width`` unless one character is; ``measure`` must be additive.

    Nothing is lost but the spaces at which a line was broken. A line feed in the text begins a new line.
    """
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width, measure)]


def units(text: str) -> Iterator[str]:
    """Split a paragraph into the pieces that stay together on a line; spaces are pieces of their own."""
    held = ""
    for token in _TOKENS.findall(text):
        joins = held and not token.isspace() and (held[-1] in OPENING or token[0] in CLOSING)
        if held and not joins:
            yield held
            held = ""
        if token.isspace():
            yield token
        else:
            held += token
    if held:
        yield held


def _lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line, used = [], "", 0.0
    for unit in units(text):
        size = measure(unit)
        if used + size > width and not unit.isspace():
            if line.strip():
                lines.append(line.rstrip())
            line, used = "", 0.0
            if size > width:
                *full, unit = _cut(unit, width, measure)
                lines += full
                size = measure(unit)
        line, used = line + unit, used + size
    return [*lines, line.rstrip()]


def _cut(unit: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Cut a piece that is wider than a line, as an address or a hash is, wherever it must be."""
    parts, part, used = [], "", 0.0
    for char in unit:
        size = measure(char)
        if part and used + size > width:
            parts.append(part)
            part, used = "", 0.0
        part, used = part + char, used + size
    return [*parts, part]
