"""Rows of lists are rendered once for each value and language."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from app.web import i18n
from app.web.fragments import remembered


@dataclass(frozen=True)
class Row:
    name: str


def test_a_row_is_rendered_once_for_each_value_and_language() -> None:
    calls: list[str] = []

    def macro(row: Row, word: str) -> Markup:
        calls.append(row.name)
        return Markup("{} {} {}").format(row.name, word, i18n.locale())

    first = Row("a")
    for locale in ("zh", "en"):
        with i18n.speaking(locale):
            assert remembered(macro, [first], "x") == f"a x {i18n.locale()}"
            assert remembered(macro, [Row("a")], "x") == f"a x {i18n.locale()}"
    assert calls == ["a", "a"]
    assert remembered(macro, [replace(first, name="b")], "x").startswith("b x")
