"""The index and the question: what is asked is found, places narrow, and no text can break out of a literal."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import database
from marketplace.products import search
from marketplace.products.search import Question
from marketplace.products.words.dictionary import Dictionary, compiled

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PLACES = [
    ("3301", "city", "杭州市", "Hangzhou City"),
    ("330106", "district", "西湖区", "Xihu District"),
    ("330106109", "town", "三墩镇", "Sandun Town"),
    ("330127100001", "village", "江家村委会", "Jiangjia Village"),
]
KNOWN = compiled(PLACES)


def asked(text: str, known: Dictionary = KNOWN) -> Question:
    return search.question(text, known)


async def _finds(stored: str, wanted: str) -> bool:
    return bool(await database.fetch_value("SELECT $1::tsvector @@ $2::tsquery", stored, wanted))


async def test_any_part_of_an_indexed_text_finds_it(db: None) -> None:
    stored = search.document({"A": ["民法典进村社"], "D": ["邻里纠纷与婚姻家庭"]})
    for text in ("民法", "法典进", "村社", "民法典进村社", "邻里 家庭", "民"):
        assert await _finds(stored, asked(text).at(0)), text
    assert not await _finds(stored, asked("公证").at(0))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("老板拖欠工资怎么办", "农民工讨薪讲堂"),
        ("孩子归谁", "抚养权纠纷咨询"),
        ("家暴", "反家庭暴力讲座"),
        ("打官司", "代拟起诉状"),
        ("taoxin", "农民工讨薪讲堂"),
        ("tao xin", "农民工讨薪讲堂"),
        ("minfa", "民法典进村社"),
        ("salary", "农民工讨薪讲堂"),
    ],
)
async def test_other_words_for_the_same_and_pinyin_find_it(db: None, text: str, title: str) -> None:
    assert await _finds(search.document({"A": [title]}, [title]), asked(text).at(0))


async def test_english_words_are_found_in_any_form(db: None) -> None:
    stored = search.document({"A": ["Mediation between neighbours", "Recovering unpaid wages"]})
    for text in ("mediate", "mediators", "neighbour", "unpaid wage"):
        assert await _finds(stored, asked(text).at(0)), text


def test_first_everything_is_asked_for_then_without_for_whom_then_any_of_it() -> None:
    first, second, last = asked("公司辞退").tries
    assert "企业" in first
    assert "企业" not in second
    assert "|" in last
    assert asked("公证").tries == (asked("公证").at(0),)


async def test_a_place_that_is_named_narrows_to_what_reaches_it(db: None) -> None:
    wanted = asked("西湖区公证")
    for areas, reaches in ((["3301"], True), (["330106"], True), (["330106109"], True), (["330127"], False)):
        stored = search.document({"A": ["遗嘱公证"]}, keys=search.place_keys(areas))
        assert await _finds(stored, wanted.at(0)) is reaches, areas
        assert await _finds(stored, wanted.tries[-1]) is reaches, areas


async def test_a_village_is_reached_by_what_is_offered_above_it(db: None) -> None:
    stored = search.document({"A": ["讲座"]}, keys=search.place_keys(["330127"]))
    assert await _finds(stored, search.reaching("330127100001"))
    assert not await _finds(stored, search.reaching("330106109"))
    assert not await _finds(stored, asked("江家").at(0)), "two characters may be anything; a village has its ending"
    assert await _finds(stored, asked("江家村 讲座").at(0))
    assert search.reaching("'x") == search.NOWHERE


async def test_a_number_is_looked_for_as_a_whole(db: None) -> None:
    stored = search.document({"C": ["CP-2026-000123"]})
    assert await _finds(stored, asked("CP-2026-000123").at(0))
    assert not await _finds(stored, asked("CP-2026-000124").tries[-1])


async def test_a_word_in_the_title_weighs_more_than_one_in_the_text(db: None) -> None:
    rank = "SELECT ts_rank($1::tsvector, '''公证'''::tsquery)"
    title = await database.fetch_value(rank, search.document({"A": ["公证"], "D": ["讲座"]}))
    text = await database.fetch_value(rank, search.document({"A": ["讲座"], "D": ["公证"]}))
    assert title > text


def test_signs_alone_ask_for_nothing_and_words_that_say_nothing_are_still_asked_for() -> None:
    assert asked("'); --").tries == ()
    assert "服务" in asked("法律服务").at(0)


@ON_A_BUSY_MACHINE
@given(st.text(max_size=80))
async def test_no_text_breaks_out_of_a_question(text: str) -> None:
    for wanted in asked(text).tries:
        assert wanted.count("'") % 2 == 0
        assert wanted.count("(") == wanted.count(")")
        outside = "".join(wanted.split("'")[::2])
        assert set(outside) <= set(" &|():*")


@ON_A_BUSY_MACHINE
@given(st.lists(st.text(max_size=60), max_size=4))
def test_a_document_is_made_of_quoted_lexemes_only(texts: list[str]) -> None:
    literal = search.document({"A": texts, "B": texts}, texts)
    for lexeme in literal.split(" ") if literal else []:
        name, places = lexeme[1:].rsplit("':", 1)
        assert name
        assert "'" not in name
        assert "\\" not in name
        assert all(place.rstrip("ABC").isdigit() for place in places.split(","))


async def test_a_very_long_text_still_fits_the_index(db: None) -> None:
    literal = search.document({"A": ["标题"], "D": ["".join(chr(0x4E00 + n % 9000) for n in range(20_000))]})
    assert await database.fetch_value("SELECT length($1::tsvector)", literal) > 1000
