"""Forms: what a browser sends becomes a Struct, or the same page again with what is wrong."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import Message
from app.web.fields import LongText, Yuan
from app.web.forms import Form
from tests.app.web.client import client


class Kind(StrEnum):
    LECTURE = "lecture"
    VISIT = "visit"


class Everything(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(max_length=5)]
    fee: Yuan
    kind: Kind
    day: date
    people: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    number: int | None = None
    at: datetime | None = None
    begins: time | None = None
    kinds: list[Kind] = []
    agreed: bool = False
    text: LongText = ""
    note: str | None = None


GOOD = {"title": " 讲座 ", "fee": "1,234.5", "kind": "visit", "day": "2026-11-12"}


def _form(**fields: Any) -> Form[Everything]:
    pairs = [
        (key, part)
        for key, value in (GOOD | fields).items()
        for part in (value if isinstance(value, list) else [value])
    ]
    return Form.from_pairs(Everything, pairs)


def test_a_form_becomes_a_struct() -> None:
    value = _form(
        number="", at="2026-11-12T09:30", begins="09:30", kinds=["visit", "lecture"], agreed="on", note=" "
    ).value
    assert value == Everything(
        title="讲座",
        fee=123_450,
        kind=Kind.VISIT,
        day=date(2026, 11, 12),
        at=datetime(2026, 11, 12, 1, 30, tzinfo=UTC),
        begins=time(9, 30),
        kinds=[Kind.VISIT, Kind.LECTURE],
        agreed=True,
    )


def test_a_character_that_no_database_stores_is_dropped() -> None:
    assert _form(title="a\x00b", kinds=["visit", "\x00"]).value.title == "ab"


def test_what_is_left_out_is_the_default_nothing_or_asked_for() -> None:
    form = Form.from_pairs(Everything, [("people", ""), ("note", "")])
    assert set(form.errors) == {"title", "fee", "kind", "day"}
    assert {str(message) for message in form.errors.values()} == {"请填写这一项。"}
    assert form._values["people"] == 1
    assert form._values["note"] is None
    assert form._values["agreed"] is False
    assert form._values["kinds"] == []


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("title", "太长的标题了", "最多 5 个字。"),
        ("fee", "abc", "请填写金额（元），最多两位小数。"),
        ("fee", "1.234", "请填写金额（元），最多两位小数。"),
        ("fee", "NaN", "请填写金额（元），最多两位小数。"),
        ("fee", "-1", "不能小于 0.00。"),
        ("people", "0", "不能小于 1。"),
        ("people", "11", "不能大于 10。"),
        ("people", "two", "请填写整数。"),
        ("people", "1.5", "请填写整数。"),
        ("number", "9" * 30, "这一项的格式不对。"),
        ("fee", "9" * 30, "这一项的格式不对。"),
        ("kind", "party", "请从列表中选择一项。"),
        ("kinds", ["visit", "party"], "请从列表中选择一项。"),
        ("day", "12.11.2026", "请填写有效的日期或时间。"),
        ("day", "2026-02-30", "请填写有效的日期或时间。"),
        ("at", "tomorrow", "请填写有效的日期或时间。"),
        ("begins", "25:00", "请填写有效的日期或时间。"),
    ],
)
def test_each_mistake_is_told_at_its_field(field: str, typed: str | list[str], told: str) -> None:
    form = _form(**{field: typed})
    assert {name: str(message) for name, message in form.errors.items()} == {field: told}
    assert form.text(field) == typed
    with pytest.raises(InvalidInput) as refusal:
        _ = form.value
    assert set(refusal.value.fields) == {field}


def test_a_refusal_of_the_service_comes_back_with_its_status_and_fields() -> None:
    form = _form()
    back = form.refused(InvalidInput({"title": Message("已有同名的讲座。")}))
    assert (back.status, str(back.error("title"))) == (422, "已有同名的讲座。")
    assert form.text("fee") == "1,234.5"


@pytest.mark.parametrize("refusal", [NotFound()])
def test_a_refusal_about_the_thing_itself_goes_on_rising(refusal: DomainError) -> None:
    with pytest.raises(type(refusal)):
        _form().refused(refusal)


def test_a_struct_goes_into_the_form_and_comes_out_the_same() -> None:
    before = _form(at="2026-11-12T09:30", begins="09:30", kinds=["visit"], agreed="on", number="7").value
    shown = Form.of(before)
    assert shown.text("fee") == "1234.50"
    assert shown.text("at") == "2026-11-12T09:30"
    pairs = [
        (name, part) for name, value in shown.texts.items() for part in (value if isinstance(value, list) else [value])
    ]
    sent = [(name, "on" if part is True else part) for name, part in pairs if part is not False]
    assert Form.from_pairs(Everything, sent).value == before


@given(st.lists(st.tuples(st.sampled_from([*GOOD, "people", "at", "begins", "kinds", "agreed", "number"]), st.text())))
def test_whatever_is_sent_is_either_a_struct_or_told_field_by_field(pairs: list[tuple[str, str]]) -> None:
    form = Form.from_pairs(Everything, pairs)
    assert form.errors or isinstance(form.value, Everything)
    assert all(isinstance(message, Message) for message in form.errors.values())


async def test_a_page_with_a_wrong_form_is_shown_again_with_status_422_and_what_was_typed() -> None:
    async with client() as http:
        await http.get("/_components")
        token = http.cookies["fahui_csrf"]
        answer = await http.post(
            "/_components", data={"_csrf_token": token, "title": "<b>&", "amount": "x", "count": "3"}
        )
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;&amp;"' in answer.text
    assert "请填写金额（元），最多两位小数。" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'aria-describedby="field-amount-error"' in answer.text


async def test_a_right_form_is_answered_with_a_redirect_and_a_sentence() -> None:
    sent = {"title": "讲座", "amount": "12.30", "count": "3", "choice": "first", "on": "2026-11-12"}
    async with client() as http:
        await http.get("/_components")
        answer = await http.post("/_components", data={**sent, "_csrf_token": http.cookies["fahui_csrf"]})
        assert (answer.status_code, answer.headers["location"]) == (303, "/_components")
        assert "已收到：讲座" in (await http.get("/_components")).text
