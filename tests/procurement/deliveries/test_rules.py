"""Every state and event of a village's order, every guard with its citation, and what is asked of people."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from app.core.errors import TransitionRefused
from app.core.state import advance
from procurement.deliveries import rules
from procurement.deliveries.rules import Contract, Finding, OrderEvent, OrderStatus, Quota
from procurement.deliveries.scheduling.rules import TakenOrder, draft_of
from volunteers.assignments import rules as assignments
from volunteers.assignments.rules import Compensation, Kind

STEPS = {
    ("placed", "take"): "taken",
    ("placed", "decline"): "declined",
    ("placed", "lapse"): "declined",
    ("placed", "cancel"): "cancelled",
    ("placed", "miss"): "cancelled",
    ("taken", "schedule"): "scheduled",
    ("taken", "cancel"): "cancelled",
    ("taken", "miss"): "cancelled",
    ("scheduled", "deliver"): "delivered",
    ("scheduled", "miss"): "cancelled",
    ("delivered", "accept"): "accepted",
    ("delivered", "refuse"): "refused",
    ("delivered", "rectify"): "delivered",
}
VILLAGE = "330106001001"
NOW = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
WISH = datetime(2026, 12, 1, 14, tzinfo=SHANGHAI)
CONTRACT = Contract(True, True, "330106", ("3301",), date(2026, 11, 1), date(2026, 12, 31), 10, 9)
QUOTA = Quota(4, 3)


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("event", OrderEvent)
def test_an_order_moves_only_as_the_table_says(status: OrderStatus, event: OrderEvent) -> None:
    expected = STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
    else:
        assert advance(rules.TRANSITIONS, status, event) == expected


@pytest.mark.parametrize("status", OrderStatus)
def test_open_orders_are_exactly_those_with_something_to_come(status: OrderStatus) -> None:
    assert (status in rules.OPEN) == any(start is status for start, _ in rules.TRANSITIONS)
    assert rules.STATUS_NAMES[status]


def test_the_last_unit_of_contract_and_quota_may_be_ordered() -> None:
    assert rules.order_blocks(CONTRACT, QUOTA, VILLAGE, WISH, NOW) == []


QUANTITY, CHOICE = "财政部令第110号 第36条", "财政部令第110号 第3条第3项"
QUOTAS, ORDERING = "本平台规则 配送额度", "本平台规则 点单"


@pytest.mark.parametrize(
    ("contract", "quota", "place", "wish", "expected"),
    [
        ({"signed": False}, QUOTA, VILLAGE, WISH, ("contract_not_delivering", QUANTITY)),
        ({"open": False}, QUOTA, VILLAGE, WISH, ("contract_not_delivering", QUANTITY)),
        ({"starts_on": date(2026, 12, 2)}, QUOTA, VILLAGE, WISH, ("order_outside_term", QUANTITY)),
        ({"ends_on": date(2026, 11, 30)}, QUOTA, VILLAGE, WISH, ("order_outside_term", QUANTITY)),
        ({}, QUOTA, VILLAGE, NOW, ("order_in_the_past", ORDERING)),
        ({}, QUOTA, "330106001", WISH, ("order_not_for_a_village", CHOICE)),
        ({}, QUOTA, "330110001001", WISH, ("village_not_served", CHOICE)),
        ({"areas": ("330106002",)}, QUOTA, VILLAGE, WISH, ("village_not_served", CHOICE)),
        ({"ordered": 10}, QUOTA, VILLAGE, WISH, ("contract_used_up", QUANTITY)),
        ({}, None, VILLAGE, WISH, ("no_quota", QUOTAS)),
        ({}, Quota(4, 4), VILLAGE, WISH, ("quota_used_up", QUOTAS)),
    ],
)
def test_each_guard_of_an_order_names_its_source(
    contract: dict[str, object], quota: Quota | None, place: str, wish: datetime, expected: tuple[str, str]
) -> None:
    blocks = rules.order_blocks(replace(CONTRACT, **contract), quota, place, wish, NOW)
    assert [(block.code, str(block.source)) for block in blocks] == [expected]
    assert all(str(block.reason) and str(block.remedy) for block in blocks)


def test_the_day_of_an_order_is_hangzhou_s_day() -> None:
    """Half past midnight on 1 January in Hangzhou is still December in UTC."""
    wish = datetime(2027, 1, 1, 0, 30, tzinfo=SHANGHAI)
    assert [block.code for block in rules.order_blocks(CONTRACT, QUOTA, VILLAGE, wish, NOW)] == ["order_outside_term"]


@pytest.mark.parametrize(
    ("finding", "fields"),
    [
        (Finding(True, 30, 5, ""), set()),
        (Finding(True, 30, 2, "迟到"), set()),
        (Finding(False, 0, 1, "没有讲完"), set()),
        (Finding(True, 30, 2, ""), {"opinion"}),
        (Finding(False, 0, 4, " "), {"opinion"}),
        (Finding(True, 0, 5, ""), {"people_reached"}),
        (Finding(False, -1, 5, "x"), {"people_reached"}),
        (Finding(True, 30, 0, "x"), {"rating"}),
        (Finding(True, 30, 6, ""), {"rating"}),
    ],
)
def test_a_finding_is_complete(finding: Finding, fields: set[str]) -> None:
    assert set(rules.finding_faults(finding)) == fields


ORDER = TakenOrder(
    "DD-2026-000001", 1, 2, WISH, 90, "民法典讲座", "", "请带教材", "legal_education", "lecture", 2, (), ()
)


@pytest.mark.parametrize(
    ("unit", "credentials", "kind"),
    [
        ("lecture", (), Kind.LECTURE),
        ("visit", ("lawyer",), Kind.VILLAGE),
        ("visit", (), Kind.DELIVERY),
        ("session", ("lawyer",), Kind.DELIVERY),
    ],
)
def test_an_order_becomes_an_assignment_that_may_be_published(
    unit: str, credentials: tuple[str, ...], kind: Kind
) -> None:
    draft = draft_of(replace(ORDER, unit=unit, credentials_any=credentials))
    assert assignments.faults(draft, NOW) == {}
    assert (draft.kind, draft.starts, draft.ends) == (kind, WISH, WISH + timedelta(minutes=90))
    assert (draft.positions[0].capacity, draft.positions[0].credentials_any) == (2, credentials)
    assert draft.parties == ("order:DD-2026-000001",)


def test_nobody_is_paid_a_subsidy_for_what_the_contract_pays() -> None:
    assert draft_of(ORDER).compensation is Compensation.EXPENSES
