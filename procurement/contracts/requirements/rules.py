"""A pinned version's requirement in lines that can be judged one by one.

政府采购法实施条例 第45条: the acceptance report covers each technical, service and safety standard of the contract. The
lines are made by a pure function, so that anybody can make them again from the pinned version and compare.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.text import N_

_ENDS = re.compile(r"[;；\n]+")
NUMERALS_ZH = "一二三四五六七八九十"
_NUMBERING = re.compile(rf"^\s*(?:[（(]?[{NUMERALS_ZH}\d]{{1,3}}[）)、.．]|[-·•*])\s*(?=\D)")
_STOPS = " \t\u3000。;；，,"


class LineKind(StrEnum):
    """What a line speaks of; the first four are what the version says in words."""

    CONTENT = "content"
    STANDARD = "standard"
    STAFFING = "staffing"
    PROCESS = "process"
    TIME = "time"
    PEOPLE = "people"


KIND_NAMES: Mapping[LineKind, str] = {
    LineKind.CONTENT: N_("服务内容"),
    LineKind.STANDARD: N_("服务标准"),
    LineKind.STAFFING: N_("服务人员"),
    LineKind.PROCESS: N_("服务流程"),
    LineKind.TIME: N_("时长"),
    LineKind.PEOPLE: N_("到场人数"),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a version demands."""

    content_zh: str
    standard_zh: str
    staffing_zh: str
    process_zh: str
    minutes: int
    people: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to judge: words, or a figure (minutes, people who come)."""

    number: int
    kind: LineKind
    text_zh: str = ""
    figure: int = 0


def requirement_lines(requirement: Requirement) -> list[Line]:
    """Return the lines, numbered from 1: the words piece by piece, then the time and the people who come."""
    worded = (
        (kind, text)
        for kind in (LineKind.CONTENT, LineKind.STANDARD, LineKind.STAFFING, LineKind.PROCESS)
        for text in _pieces(getattr(requirement, f"{kind.value}_zh"))
    )
    lines = [Line(number, kind, text) for number, (kind, text) in enumerate(worded, 1)]
    return [
        *lines,
        Line(len(lines) + 1, LineKind.TIME, figure=requirement.minutes),
        Line(len(lines) + 2, LineKind.PEOPLE, figure=requirement.people),
    ]


def _pieces(text: str) -> Iterator[str]:
    for piece in _ENDS.split(text):
        words = _NUMBERING.sub("", piece).strip(_STOPS)
        if words:
            yield words
