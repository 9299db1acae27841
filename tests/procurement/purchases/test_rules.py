"""Every method, state and event of a purchase, and every guard with its citation."""

from dataclasses import replace
from datetime import date

import pytest

from app.core.errors import TransitionRefused
from procurement.frameworks.rules import AdmissionStatus, FrameworkStatus, Term
from procurement.purchases import rules
from procurement.purchases.rules import Method, Money, Offer, PurchaseEvent, PurchaseStatus

STEPS = {
    ("intent", "reserve"): "reserved",
    ("intent", "cancel"): "cancelled",
    ("reserved", "approve"): "approved",
    ("reserved", "refuse"): "refused",
    ("reserved", "cancel"): "cancelled",
    ("approved", "order"): "ordered",
    ("approved", "cancel"): "cancelled",
    ("ordered", "contract"): "contracted",
    ("ordered", "cancel"): "cancelled",
    ("contracted", "deliver"): "delivering",
    ("contracted", "accept"): "accepted",
    ("delivering", "accept"): "accepted",
    ("accepted", "pay"): "paid",
    ("paid", "rate"): "rated",
    ("rated", "close"): "closed",
}
TODAY = date(2026, 11, 22)
OFFER = Offer(
    AdmissionStatus.ADMITTED,
    FrameworkStatus.IN_FORCE,
    Term(date(2026, 1, 1), date(2027, 12, 31)),
    "3301",
    True,
    True,
    ("330106", "330110"),
)
MONEY = Money("purchase", "330106", 2026)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("status", PurchaseStatus)
@pytest.mark.parametrize("event", PurchaseEvent)
def test_a_purchase_moves_only_as_the_table_says(method: Method, status: PurchaseStatus, event: PurchaseEvent) -> None:
    expected = STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            rules.after(method, status, event)
    else:
        assert rules.after(method, status, event) == expected


@pytest.mark.parametrize("status", PurchaseStatus)
def test_every_state_has_a_name_and_every_state_but_the_last_ones_leads_on(status: PurchaseStatus) -> None:
    assert rules.STATUS_NAMES[status]
    leads_on = any(start is status for _, start, _ in rules.TRANSITIONS)
    assert leads_on == (status.value not in ("closed", "refused", "cancelled"))


@pytest.mark.parametrize("place", ["330106", "330106001", "330110"])
def test_a_sound_request_is_not_blocked(place: str) -> None:
    money = replace(MONEY, place_code=place[:6])
    assert rules.request_blocks(OFFER, money, place, TODAY) == []


def test_a_city_buys_from_a_product_that_serves_a_part_of_it() -> None:
    assert rules.request_blocks(OFFER, replace(MONEY, place_code="3301"), "3301", TODAY) == []


CALL_OFF = "财政部令第110号 第42条"


@pytest.mark.parametrize(
    ("offer", "money", "place", "expected"),
    [
        *(
            ({"admission": status}, {}, "330106", ("supplier_not_admitted", CALL_OFF))
            for status in AdmissionStatus
            if status is not AdmissionStatus.ADMITTED
        ),
        *(
            ({"framework": status}, {}, "330106", ("framework_not_in_force", CALL_OFF))
            for status in FrameworkStatus
            if status is not FrameworkStatus.IN_FORCE
        ),
        ({"term": Term(date(2026, 11, 23), date(2027, 1, 1))}, {}, "330106", ("framework_not_in_force", CALL_OFF)),
        ({"term": Term(date(2026, 1, 1), date(2026, 11, 21))}, {}, "330106", ("framework_not_in_force", CALL_OFF)),
        ({"organization_verified": False}, {}, "330106", ("supplier_not_verified", "政府采购法 第22条")),
        ({"product_listed": False}, {}, "330106", ("product_not_listed", CALL_OFF)),
        ({"framework_place": "330110"}, {}, "330106", ("place_outside_framework", CALL_OFF)),
        ({"areas": ("330110",)}, {}, "330106", ("place_not_served", CALL_OFF)),
        ({}, {"programme": "expenses"}, "330106", ("budget_line_of_another_purpose", "政府采购法 第33条")),
        ({}, {"place_code": "330110"}, "330106", ("budget_line_of_another_purpose", "政府采购法 第33条")),
        ({}, {"year": 2025}, "330106", ("budget_line_of_another_year", "预算法 第18条")),
    ],
)
def test_each_guard_of_a_request_names_its_source(
    offer: dict[str, object], money: dict[str, object], place: str, expected: tuple[str, str]
) -> None:
    blocks = rules.request_blocks(replace(OFFER, **offer), replace(MONEY, **money), place, TODAY)
    assert [(block.code, str(block.source)) for block in blocks] == [expected]
    assert all(str(block.reason) and str(block.remedy) for block in blocks)


def test_a_purchase_is_not_rated_without_its_evaluation() -> None:
    assert rules.closing_blocks("群众满意") == []
    [block] = rules.closing_blocks(" ")
    assert (block.code, str(block.source)) == ("purchase_not_evaluated", "财政部令第102号 第20条 †")
