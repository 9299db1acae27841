"""Every method, state and event of a purchase, and every guard with its citation."""

from dataclasses import replace
from datetime import date

import pytest

from app.core.errors import TransitionRefused
from procurement.blocks import Source
from procurement.frameworks.rules import AdmissionStatus, FrameworkStatus, Term
from procurement.purchases import guards, rules
from procurement.purchases.guards import Admitted, Money, Offer
from procurement.purchases.rules import Method, PurchaseEvent, PurchaseStatus
from procurement.purchases.tags import GROUPS

WAYS = {
    "call_off": "intent reserve reserved approve approved order ordered contract contracted",
    "quotation": "intent reserve reserved invite quotations_sealed open opened compare compared approve approved "
    "order ordered contract contracted",
    "tender": "intent reserve reserved review_requirement requirement_reviewed file_plan plan_filed set_method "
    "method_set notice noticed seal sealed open opened evaluate evaluated award awarded publish_result "
    "result_published order ordered contract contracted publish_contract contract_published",
}
AFTERWARDS = """{bound} deliver delivering
{bound} accept accepted
{bound} terminate terminated
delivering accept accepted
delivering terminate terminated
accepted pay paid
paid rate rated
rated close closed"""
AGAIN = {("quotation", state, "invite"): "quotations_sealed" for state in ("quotations_sealed", "opened")}
FALLEN = {("tender", state, "reopen"): "evaluated" for state in ("awarded", "result_published")} | {
    ("tender", "contracted", "terminate"): "terminated"  # finance revokes what is not published yet, too
}
REFUSALS = {("call_off", "reserved"), ("quotation", "compared")}


def steps() -> dict[tuple[str, str, str], str]:
    """Every step that a purchase may take, written out from the ways above."""
    found = {(method, state, "refuse"): "refused" for method, state in REFUSALS} | AGAIN | FALLEN
    for method, way in WAYS.items():
        words = way.split()
        found |= {(method, words[i], words[i + 1]): words[i + 2] for i in range(0, len(words) - 2, 2)}
        early = ("terminate", "terminated") if method == "tender" else ("cancel", "cancelled")
        before = words[: words.index("contracted") : 2]
        found |= {(method, state, early[0]): early[1] for state in before}
        for line in AFTERWARDS.format(bound=words[-1]).splitlines():
            start, event, end = line.split()
            found[method, start, event] = end
    return found


STEPS = steps()
TODAY = date(2026, 11, 22)
ADMITTED = Admitted(
    AdmissionStatus.ADMITTED, FrameworkStatus.IN_FORCE, Term(date(2026, 1, 1), date(2027, 12, 31)), "3301"
)
OFFER = Offer(True, True, ("330106", "330110"), ADMITTED)
DUTY = Source("财政部令第102号", "第20条", verified=False)
MONEY = Money("purchase", "330106", 2026)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("status", PurchaseStatus)
@pytest.mark.parametrize("event", PurchaseEvent)
def test_a_purchase_moves_only_as_the_table_says(method: Method, status: PurchaseStatus, event: PurchaseEvent) -> None:
    expected = STEPS.get((method.value, status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            rules.after(method, status, event)
    else:
        assert rules.after(method, status, event) == expected


@pytest.mark.parametrize("status", PurchaseStatus)
def test_every_state_has_a_name_and_every_state_but_the_last_ones_leads_on(status: PurchaseStatus) -> None:
    assert rules.STATUS_NAMES[status]
    leads_on = any(start is status for _, start, _ in rules.TRANSITIONS)
    assert leads_on == (status.value not in ("closed", "refused", "cancelled", "terminated"))


@pytest.mark.parametrize("place", ["330106", "330106001", "330110"])
def test_a_sound_request_is_not_blocked(place: str) -> None:
    money = replace(MONEY, place_code=place[:6])
    assert guards.request_blocks(OFFER, money, place, TODAY) == []


def test_a_city_buys_from_a_product_that_serves_a_part_of_it() -> None:
    assert guards.request_blocks(OFFER, replace(MONEY, place_code="3301"), "3301", TODAY) == []


CALL_OFF = "财政部令第110号 第42条"


@pytest.mark.parametrize(
    ("offer", "money", "place", "expected"),
    [
        *(
            ({"admitted": replace(ADMITTED, admission=status)}, {}, "330106", ("supplier_not_admitted", CALL_OFF))
            for status in AdmissionStatus
            if status is not AdmissionStatus.ADMITTED
        ),
        *(
            ({"admitted": replace(ADMITTED, framework=status)}, {}, "330106", ("framework_not_in_force", CALL_OFF))
            for status in FrameworkStatus
            if status is not FrameworkStatus.IN_FORCE
        ),
        (
            {"admitted": replace(ADMITTED, term=Term(date(2026, 11, 23), date(2027, 1, 1)))},
            {},
            "330106",
            ("framework_not_in_force", CALL_OFF),
        ),
        (
            {"admitted": replace(ADMITTED, term=Term(date(2026, 1, 1), date(2026, 11, 21)))},
            {},
            "330106",
            ("framework_not_in_force", CALL_OFF),
        ),
        ({"organization_verified": False}, {}, "330106", ("supplier_not_verified", "政府采购法 第22条")),
        ({"product_listed": False}, {}, "330106", ("product_not_listed", "政府采购法 第22条")),
        (
            {"admitted": replace(ADMITTED, framework_place="330110")},
            {},
            "330106",
            ("place_outside_framework", CALL_OFF),
        ),
        ({"areas": ("330110",)}, {}, "330106", ("place_not_served", CALL_OFF)),
        ({}, {"programme": "expenses"}, "330106", ("budget_line_of_another_purpose", "政府采购法 第33条")),
        ({}, {"place_code": "330110"}, "330106", ("budget_line_of_another_purpose", "政府采购法 第33条")),
        ({}, {"year": 2025}, "330106", ("budget_line_of_another_year", "预算法 第18条")),
    ],
)
def test_each_guard_of_a_request_names_its_source(
    offer: dict[str, object], money: dict[str, object], place: str, expected: tuple[str, str]
) -> None:
    blocks = guards.request_blocks(replace(OFFER, **offer), replace(MONEY, **money), place, TODAY)
    assert [(block.code, str(block.source)) for block in blocks] == [expected]
    assert all(str(block.reason) and str(block.remedy) for block in blocks)


def test_an_offer_outside_a_framework_is_judged_by_its_supplier_and_product_alone() -> None:
    assert guards.request_blocks(replace(OFFER, admitted=None), MONEY, "330106", TODAY) == []
    unfit = replace(OFFER, admitted=None, organization_verified=False, product_listed=False)
    assert [block.code for block in guards.offer_blocks(unfit, TODAY)] == [
        "supplier_not_verified",
        "product_not_listed",
    ]


@pytest.mark.parametrize("status", PurchaseStatus)
def test_money_is_reserved_from_the_reservation_until_the_contract_binds(status: PurchaseStatus) -> None:
    before = {state for way in WAYS.values() for state in way.split()[2::2]} - {"contracted", "contract_published"}
    assert (status in rules.HOLDS_RESERVATION) == (status.value in before)


def test_a_purchase_is_not_rated_without_its_evaluation() -> None:
    assert guards.closing_blocks("群众满意", DUTY) == []
    [block] = guards.closing_blocks(" ", DUTY)
    assert (block.code, str(block.source)) == ("purchase_not_evaluated", "财政部令第102号 第20条 †")


@pytest.mark.parametrize(("method", "status"), [(m, s) for m in Method for s in PurchaseStatus])
def test_what_waits_for_an_approver_is_filtered_so_whichever_method(method: Method, status: PurchaseStatus) -> None:
    asks = {PurchaseEvent.APPROVE, PurchaseEvent.AWARD}
    waits = any((method, status, event) in rules.TRANSITIONS for event in asks)
    assert ((method, status) in GROUPS["waiting"][1]) == waits


def test_every_way_under_way_is_in_one_of_the_other_groups() -> None:
    reached = {(method, end) for (method, _, _), end in rules.TRANSITIONS.items()}
    grouped = [way for key, (_, ways) in GROUPS.items() if key != "open" for way in ways]
    assert reached <= set(grouped)
    assert len(grouped) == len(set(grouped))
