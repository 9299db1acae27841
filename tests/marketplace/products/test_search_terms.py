"""Lexemes: what is indexed is what is asked for, and no text can break out of a literal."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import database
from marketplace.products import search

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


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
    assert search.terms(text) == terms


def test_a_query_asks_for_each_term_once() -> None:
    assert search.query("民法民法") == "'民法' & '法民'"
    assert search.query("公证 遗嘱", "|") == "'公证' | '遗嘱'"
    assert search.query("!!") == ""


async def test_any_part_of_an_indexed_text_finds_it(db: None) -> None:
    stored = search.document({"A": ["民法典进村社"], "D": ["邻里纠纷与婚姻家庭"]})
    for asked in ("民法", "法典进", "村社", "民法典进村社", "邻里 家庭", "民"):
        found = await database.fetch_value("SELECT $1::tsvector @@ $2::tsquery", stored, search.query(asked))
        assert found, asked
    assert not await database.fetch_value("SELECT $1::tsvector @@ $2::tsquery", stored, search.query("公证"))


async def test_a_word_in_the_title_weighs_more_than_one_in_the_text(db: None) -> None:
    rank = "SELECT ts_rank($1::tsvector, '''公证'''::tsquery)"
    title = await database.fetch_value(rank, search.document({"A": ["公证"], "D": ["讲座"]}))
    text = await database.fetch_value(rank, search.document({"A": ["讲座"], "D": ["公证"]}))
    assert title > text


@ON_A_BUSY_MACHINE
@given(st.lists(st.text(max_size=60), max_size=4))
def test_a_document_is_made_of_quoted_lexemes_only(texts: list[str]) -> None:
    literal = search.document({"A": texts, "B": texts})
    for lexeme in literal.split(" ") if literal else []:
        name, places = lexeme[1:].rsplit("':", 1)
        assert name
        assert "'" not in name
        assert "\\" not in name
        assert all(place.rstrip("AB").isdigit() for place in places.split(","))


async def test_a_very_long_text_still_fits_the_index(db: None) -> None:
    literal = search.document({"A": ["标题"], "D": ["".join(chr(0x4E00 + n % 9000) for n in range(20_000))]})
    assert await database.fetch_value("SELECT length($1::tsvector)", literal) > 1000
