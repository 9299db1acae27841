"""Versions: the hash says what the content says, and the difference between two versions is readable."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.organizations.provision import StaffCredential
from marketplace.products.content import (
    FIELD_NAMES,
    ProductContent,
    TargetGroup,
    Unit,
    canonical,
    changes,
    content_sha256,
    value_faults,
)

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXT = st.text("民法典讲座 abc\n\t", max_size=20)
CODES = st.sampled_from(["3301", "330106", "330106002", "330106002001", "330110"])
CONTENTS = st.builds(
    ProductContent,
    title_zh=TEXT,
    title_en=TEXT,
    summary_zh=TEXT,
    content_zh=TEXT,
    standard_zh=TEXT,
    target_group=st.none() | st.sampled_from(TargetGroup),
    unit=st.none() | st.sampled_from(Unit),
    minutes=st.integers(30, 480),
    credentials_any=st.lists(st.sampled_from(StaffCredential)).map(tuple),
    skills_all=st.lists(TEXT, max_size=3).map(tuple),
    ceiling_fen=st.integers(0, 10**9),
    areas=st.lists(CODES).map(tuple),
)


@ON_A_BUSY_MACHINE
@given(CONTENTS)
def test_the_canonical_form_is_reached_in_one_step(content: ProductContent) -> None:
    assert canonical(canonical(content)) == canonical(content)
    assert content_sha256(canonical(content)) == content_sha256(content)


@ON_A_BUSY_MACHINE
@given(CONTENTS, CONTENTS)
def test_two_contents_have_one_hash_exactly_when_they_say_the_same(one: ProductContent, other: ProductContent) -> None:
    assert (content_sha256(one) == content_sha256(other)) == (canonical(one) == canonical(other))


@ON_A_BUSY_MACHINE
@given(CONTENTS, CONTENTS)
def test_the_changes_lead_from_one_version_to_the_next(before: ProductContent, after: ProductContent) -> None:
    changed: dict[str, Any] = {change.field: change.after for change in changes(before, after)}
    assert replace(before, **changed) == after
    assert all(change.before != change.after for change in changes(before, after))


@ON_A_BUSY_MACHINE
@given(CONTENTS)
def test_order_repetition_and_line_ends_do_not_make_a_new_version(content: ProductContent) -> None:
    shuffled = replace(
        content,
        credentials_any=tuple(reversed(content.credentials_any * 2)),
        areas=tuple(reversed(content.areas * 2)),
        content_zh=f" {content.content_zh}\r\n",
    )
    assert content_sha256(shuffled) == content_sha256(content)


def test_the_hash_is_the_same_on_every_machine() -> None:
    assert content_sha256(ProductContent("民法典进村社")).hex()[:16] == "21ccc27a8b60cdd9"


def test_a_place_below_another_one_of_the_list_is_not_kept() -> None:
    areas = ("330106002", "330106", "330110005001", "330106")
    assert canonical(ProductContent("x", areas=areas)).areas == ("330106", "330110005001")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title_zh": " "}, "title_zh"),
        ({"minutes": 29}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"people": 0}, "people"),
        ({"people": 11}, "people"),
        ({"ceiling_fen": -1}, "ceiling_fen"),
    ],
)
def test_not_even_a_draft_may_say_the_impossible(wrong: dict[str, Any], field: str) -> None:
    assert list(value_faults(replace(ProductContent("名称"), **wrong))) == [field]


def test_every_field_has_a_name_for_the_reader() -> None:
    assert set(FIELD_NAMES) == {field.name for field in fields(ProductContent)}
