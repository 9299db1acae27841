"""The reader's language, and the catalogue against the sources."""

from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.core.text import Message
from app.web import i18n
from app.web.i18n import chinese, chosen, extraction, speaking, translate
from app.web.templates import environment
from tests.app.web.client import client, somebody


@pytest.mark.parametrize(
    ("asked", "cookie", "account", "accept", "spoken"),
    [
        ("en", "zh", "zh", "zh", "en"),
        (None, "en", "zh", "zh", "en"),
        (None, None, "en", "zh", "en"),
        (None, None, None, "en-GB,en;q=0.9,zh;q=0.5", "en"),
        (None, None, None, "fr,zh-CN;q=0.3,en;q=0.2", "zh"),
        (None, None, None, "fr-FR,de;q=0.8", "zh"),
        (None, None, None, "en;q=0", "zh"),
        (None, None, None, "en;q=nonsense", "zh"),
        (None, None, None, "", "zh"),
        ("klingon", "elvish", "zh", "en", "zh"),
    ],
)
def test_the_order_is_address_cookie_account_browser_chinese(
    asked: str | None, cookie: str | None, account: str | None, accept: str, spoken: str
) -> None:
    assert chosen(asked, cookie, account, accept) == spoken


async def test_a_choice_by_address_is_remembered_in_a_cookie_and_beats_the_account() -> None:
    async with client(somebody(), locale="zh") as http:
        assert 'lang="zh-CN"' in (await http.get("/nothing")).text
        english = await http.get("/nothing?lang=en")
        assert '<html lang="en">' in english.text
        assert "fahui_lang=en" in english.headers["set-cookie"]
        assert '<html lang="en">' in (await http.get("/nothing")).text


async def test_the_account_beats_the_browser() -> None:
    async with client(somebody(), locale="en") as http:
        assert '<html lang="en">' in (await http.get("/nothing", headers={"accept-language": "zh"})).text


async def test_the_language_switch_keeps_the_page_and_its_query() -> None:
    async with client() as http:
        answer = await http.get("/nothing?q=%E8%AE%B2%E5%BA%A7&cursor=abc")
    assert 'href="/nothing?q=%E8%AE%B2%E5%BA%A7&amp;cursor=abc&amp;lang=en"' in answer.text


def test_a_message_is_spoken_with_its_values_and_the_messages_within() -> None:
    inner = Message("已完成")
    message = Message("已收到：%(title)s", {"title": inner})
    assert translate(message) == "已收到：已完成"
    with speaking("en"):
        assert translate(message) == "Received: Completed"
        assert translate("没有这样的文字") == "没有这样的文字"
    assert i18n.locale() == "zh"


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (date(2022, 3, 1), "2022 年 3 月 1 日", "1 Mar 2022"),
        ("2022-03-01", "2022 年 3 月 1 日", "1 Mar 2022"),
        ("2022-03-01 09:30", "2022 年 3 月 1 日 09:30", "1 Mar 2022 09:30"),
        ("2027-02-30", "2027-02-30", "2027-02-30"),
        ("第50条", "第50条", "art. 50"),
        ("第3条第3项", "第3条第3项", "art. 3(3)"),
        ("HT-2022-03-01", "HT-2022-03-01", "HT-2022-03-01"),
    ],
)
def test_dates_and_articles_within_a_message_are_written_for_its_reader(
    value: date | str, chinese: str, english: str
) -> None:
    assert translate(Message("%(value)s", {"value": value})) == chinese
    with speaking("en"):
        assert translate(Message("%(value)s", {"value": value})) == english


def test_text_without_values_may_hold_a_percent_sign() -> None:
    assert translate(Message("完成 100%")) == "完成 100%"


def test_a_number_chooses_the_english_form_and_chinese_has_one() -> None:
    assert i18n.ngettext("%(num)s 个", "%(num)s 个", 2) == "%(num)s 个"
    with speaking("en"):
        assert i18n.ngettext("x-one", "x-many", 1) == "x-one"
        assert i18n.ngettext("x-one", "x-many", 2) == "x-many"


def test_a_counted_text_of_a_page_groups_its_number() -> None:
    counted = environment().from_string("{{ ngettext('%(num)s 家%(x)s', '%(num)s 家%(x)s', count, x='。') }}")
    assert counted.render(count=3047) == "3,047 家。"
    assert counted.render(count=7) == "7 家。"


def _catalogue(**texts: str) -> dict[extraction.Key, object]:
    catalogue = Catalog(locale="en")
    for msgid, text in texts.items():
        catalogue.add(msgid, text)
    return extraction.by_key(catalogue)  # type: ignore[return-value]


def test_the_check_finds_what_is_new_gone_untranslated_and_mangled() -> None:
    sources = _catalogue(**{"新": "", "好": "", "值 %(a)s": "", "空": ""})
    known = _catalogue(**{"好": "fine", "值 %(a)s": "value %(b)s", "空": "", "旧": "old"})
    assert [fault.split(":")[0] for fault in extraction.faults(sources, known)] == [  # type: ignore[arg-type]
        "no English",
        "no longer in the sources",
        "not in the catalogue",
        "places of '值 %(a)s' and 'value %(b)s' differ",
    ]


def test_a_fuzzy_translation_does_not_count() -> None:
    known = _catalogue(好="fine")
    known[(None, "好")].flags.add("fuzzy")  # type: ignore[attr-defined]
    assert extraction.faults(_catalogue(好=""), known) == ["fuzzy: 好"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "需要翻译"', ["需要翻译"]),
        ('x = N_("已标记")', []),
        ('x = f"看{y}"', ["看"]),
        ('def f():\n    """说明。"""\n    return 1  # 注释', []),
        ('message = N_("一" "二")', []),
        ('LAW = Rule("任意文字")', []),
        ('f(title_zh="标题")', []),
        ('row = {"name_zh": "名字", "other": "别的"}', ["别的"]),
        ('x = "政府采购法"', []),
        ('x = "法惠 0.1"', []),
        ('x = "第36条"', []),
        ('print("政府采购法规定的事情很多呢")', ["政府采购法规定的事情很多呢"]),
    ],
)
def test_chinese_in_python_is_found_unless_marked_or_data(source: str, found: list[str]) -> None:
    assert [text for _, text in chinese.literals(source)] == found


def test_the_catalogue_of_the_frame_is_complete() -> None:
    known = extraction.written()
    ours = [path for folder in ("app", "components", "layouts") for path in Path("templates", folder).glob("*.html")]
    texts = [path.read_text("utf-8") for path in ours]
    assert texts
    for key in extraction.extracted():
        if any(f'("{key[1]}"' in text or f"('{key[1]}'" in text for text in texts):
            assert key in known, key
            assert known[key].string, f"no English for {key[1]}"
