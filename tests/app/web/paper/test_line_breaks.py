"""Lines break where Chinese typesetting allows it, and lose nothing."""

from hypothesis import given
from hypothesis import strategies as st

from app.web.paper.line_breaks import CLOSING, OPENING, units, wrapped

MIXED = st.text(alphabet="法律援助服务，。）（《》“”A b-1/\n", max_size=120)


def wide(text: str) -> float:
    """Measure as paper does: a Chinese character is twice as wide as a Latin one."""
    return float(sum(2 if ord(char) > 0x24F else 1 for char in text))


@given(MIXED, st.integers(2, 30))
def test_no_line_is_wider_than_the_column_and_nothing_but_spaces_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width, wide)
    assert all(wide(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


@given(MIXED)
def test_pieces_put_together_are_the_paragraph_again(text: str) -> None:
    paragraph = text.replace("\n", "")
    assert "".join(units(paragraph)) == paragraph


@given(st.text(alphabet="法律援助（《“", min_size=1, max_size=60))
def test_what_opens_stays_with_what_it_opens(text: str) -> None:
    assert all(line[-1] not in OPENING for line in wrapped(text + "法", 40, wide) if wide(line) < 36)


def test_no_line_begins_with_a_full_stop_or_a_closing_bracket() -> None:
    lines = wrapped("依照《政府采购法》第五十条，双方协商一致。", 18, wide)
    assert lines == ["依照《政府采购法》", "第五十条，双方协商", "一致。"]
    assert all(line[0] not in CLOSING for line in lines)


def test_latin_words_stay_whole_and_only_what_is_longer_than_a_line_is_cut() -> None:
    assert wrapped("见 legal education 产品", 12, wide) == ["见 legal", "education 产", "品"]
    assert wrapped("a" * 25, 10, wide) == ["a" * 10, "a" * 10, "a" * 5]


def test_a_line_feed_begins_a_line_and_an_empty_line_stays() -> None:
    assert wrapped("甲方\n\n乙方", 20, wide) == ["甲方", "", "乙方"]
