"""The history of a thing as its page shows it."""

from datetime import UTC, datetime

import pytest

from app.core.text import N_
from app.operations.queries import HistoryLine
from app.web.context import RequestContext, answering
from app.web.principal import Visitor
from app.web.templates import environment

AT = datetime(2026, 3, 4, 4, tzinfo=UTC)
LINES = [
    HistoryLine(AT, "", "system", "product:suspended", {}, None),
    HistoryLine(AT, "Wang <b>", "session", "product:listed", {}, 7),
]
SHOWN = '{% from "app/operations/history.html" import history %}{{ history(lines, labels, names=names) }}'


def shown(lines: list[HistoryLine], *, names: bool) -> str:
    with answering(RequestContext(visitor=Visitor())):
        template = environment().from_string(SHOWN)
        return template.render(lines=lines, labels={"product:listed": N_("上架")}, names=names)


def test_lines_show_words_actors_and_seals() -> None:
    text = shown(LINES, names=True)
    assert "上架" in text
    assert "<code>product:suspended</code>" in text
    assert "Wang &lt;b&gt;" in text
    assert "系统" in text
    assert "审计批次 7" in text
    assert "等待封存" in text


def test_a_page_for_everybody_shows_no_names() -> None:
    assert "Wang" not in shown(LINES, names=False)


@pytest.mark.parametrize("names", [True, False])
def test_without_events_it_says_so(names: bool) -> None:
    assert "还没有记录" in shown([], names=names)
