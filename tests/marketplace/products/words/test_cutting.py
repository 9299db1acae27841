"""How texts are cut: pairs and whole words for the index, known words for a question, pinyin for a keyboard."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.products.words import cutting
from marketplace.products.words.cutting import Piece
from marketplace.products.words.vocabulary import vocabulary

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E80), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("民法典", ["民法", "法典"]),
        ("调", ["调"]),
        ("民法典 2026 Talk", ["民法", "法典", "2026", "talk"]),
        ("ＡＢＣ１２", ["abc12"]),
        ("律师，公证", ["律师", "公证"]),
        ("'); DROP TABLE", ["drop", "table"]),
        ("，。 ", []),
    ],
)
def test_chinese_becomes_pairs_and_the_rest_whole_words(text: str, terms: list[str]) -> None:
    assert cutting.terms(text) == terms


def test_a_phrase_is_cut_into_the_longest_words_known_and_asides_are_dropped() -> None:
    known, asides = {"拖欠", "拖欠工资", "工资"}, {"怎么办"}
    pieces = list(cutting.cut("老王拖欠工资怎么办", known, asides, 4))
    assert pieces == [Piece("老王", known=False), Piece("拖欠工资", known=True)]


@ON_A_BUSY_MACHINE
@given(CHINESE, st.sets(CHINESE, max_size=6))
def test_cutting_without_asides_loses_nothing(phrase: str, known: set[str]) -> None:
    longest = max(map(len, known), default=1)
    assert "".join(piece.text for piece in cutting.cut(phrase, known, set(), longest)) == phrase


def test_a_title_is_found_by_its_pinyin_from_each_character_on() -> None:
    assert cutting.pinyin_tails("讨薪 讲堂") == ["taoxin", "xin", "jiangtang", "tang"]


@pytest.mark.parametrize(
    "forms", [("mediate", "mediator", "mediation", "mediations"), ("wage", "wages"), ("policy", "policies")]
)
def test_forms_of_an_english_word_share_a_beginning(forms: tuple[str, ...]) -> None:
    assert len({cutting.stem(form) for form in forms}) == 1


def test_the_vocabulary_has_a_version_and_no_word_means_only_itself() -> None:
    known = vocabulary()
    assert known.version >= 1
    assert len(known.meanings) > 400
    assert all(word == meanings[0] for word, meanings in known.meanings.items())
    assert known.people < set(known.meanings)
    assert not known.asides & set(known.meanings)
