"""Contracts: the text is the terms, two parties sign, what was reserved is committed, and nothing changes after."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotPermitted, SamePersonRefused, TransitionRefused
from procurement.blocks import Blocked, Figure, Source
from procurement.contracts import rules, service
from procurement.contracts.rules import Limits, Offered
from procurement.contracts.service import ContractOffer
from procurement.contracts.text import Terms, contract_text, text_sha256
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.purchases.test_purchases import bound, status_of
from tests.refusals import refused

TODAY = date(2026, 11, 22)
LIMITS = Limits(
    Figure(1, Source("财政部令第102号", "第24条", verified=False)), Figure(30, Source("政府采购法", "第46条"))
)
TERMS = Terms(
    "HT-2026-000001", "CG-2026-000001", "KJ-2026-000001", "西湖区", "西湖普法中心", "52330000MJ00000000",
    "CP-2026-000001", 3, "民法典讲座", "讲解", "满意", "律师", "预约、授课", "elderly", "lecture", 90, 12, 60_050,
    date(2026, 12, 1), date(2027, 5, 31),
)  # fmt: skip


def found(blocks: list) -> list[tuple[str, str]]:
    return [(block.code, str(block.source)) for block in blocks]


@pytest.mark.parametrize(
    ("offered", "last_day", "expected"),
    [
        (Offered(TODAY, date(2027, 11, 22)), TODAY, []),
        (Offered(TODAY, date(2027, 11, 23)), TODAY, [("contract_term", "财政部令第102号 第24条 †")]),
        (Offered(TODAY, TODAY), TODAY, [("contract_dates", "本平台规则 合同的期限")]),
        (Offered(date(2026, 1, 1), date(2026, 11, 21)), TODAY, [("contract_dates", "本平台规则 合同的期限")]),
        (Offered(TODAY, date(2027, 1, 1)), TODAY + timedelta(days=1), []),
        (
            Offered(TODAY, date(2027, 1, 1)),
            TODAY - timedelta(days=1),
            [("contract_signed_too_late", "政府采购法 第46条")],
        ),
    ],
)
def test_each_guard_of_a_contract_names_its_source(
    offered: Offered, last_day: date, expected: list[tuple[str, str]]
) -> None:
    assert found(rules.offer_blocks(offered, last_day, LIMITS, TODAY)) == expected


def test_the_text_says_every_term_and_is_the_same_for_the_same_terms() -> None:
    text = contract_text(TERMS)
    for said in (
        "HT-2026-000001",
        "西湖区司法局",
        "52330000MJ00000000",
        "第 3 版",
        "12 场",
        "老年人",
        "600.50",
        "7206.00",
        "2027-05-31",
    ):
        assert said in text
    assert "$" not in text
    assert contract_text(TERMS) == text
    assert text_sha256(text) == hashlib.sha256(text.encode()).digest()


NAMED = ("unit", "target_group", "method")  # values of an enum


@pytest.mark.parametrize("name", [name for name in Terms.__dataclass_fields__ if name not in NAMED])
def test_every_term_changes_the_text(name: str) -> None:
    value = getattr(TERMS, name)
    other = value + timedelta(days=1) if isinstance(value, date) else value + type(value)(1)
    assert contract_text(replace(TERMS, **{name: other})) != contract_text(TERMS)


def test_a_contract_after_quotations_speaks_of_no_framework() -> None:
    text = contract_text(replace(TERMS, method="quotation", framework=""))
    assert "框架协议" not in text
    assert "三家比价" in text


def test_a_contract_after_a_tender_speaks_of_no_framework() -> None:
    text = contract_text(replace(TERMS, method="tender", framework=""))
    assert "框架协议" not in text
    assert "政采云" in text
    assert "$" not in text


async def test_a_contract_pins_version_and_price_and_binds_with_the_second_signature(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.approved_purchase(organization, who)
    today = clock.today()
    [contract_id] = await service.offer_contracts(
        who.officer, [ContractOffer(purchase_id, today, today + timedelta(days=365))]
    )
    assert (await status_of(purchase_id), await bound(purchase_id)) == ("ordered", (600_000, 0, 0))
    await service.sign_contracts(who.provider, [contract_id])
    assert (await status_of(purchase_id), await bound(purchase_id)) == ("contracted", (0, 600_000, 0))
    row = await database.fetch_one("SELECT * FROM contract WHERE id = $1", contract_id)
    assert row is not None
    assert (row["product_version"], row["unit_price_fen"], row["quantity"]) == (1, 60_000, 10)
    assert row["text_sha256"] == text_sha256(row["body_zh"])
    assert row["reference"] in row["body_zh"]
    assert (row["signed_by_buyer"], row["signed_by_provider"]) == (who.officer.actor, who.provider.actor)


async def test_only_the_contract_s_provider_signs_and_never_the_buyer_s_signer(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.approved_purchase(organization, who)
    today = clock.today()
    [contract_id] = await service.offer_contracts(
        who.officer, [ContractOffer(purchase_id, today, today + timedelta(days=30))]
    )
    stranger = await buying.person_as(Role.PROVIDER, None, await buying.organization())
    with pytest.raises(NotPermitted):
        await service.sign_contracts(stranger, [contract_id])
    with pytest.raises(NotPermitted):
        await service.sign_contracts(who.officer, [contract_id])
    both = buying.acting(who.officer.actor, Role.PROVIDER, None, organization)
    with pytest.raises(SamePersonRefused):
        await service.sign_contracts(both, [contract_id])
    assert await bound(purchase_id) == (600_000, 0, 0)


async def test_a_contract_is_signed_within_thirty_days_of_the_approval(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.approved_purchase(organization, who)
    today = clock.today()
    [contract_id] = await service.offer_contracts(
        who.officer, [ContractOffer(purchase_id, today, today + timedelta(days=300))]
    )
    with clock.travelled_to(clock.now() + timedelta(days=45)), pytest.raises(Blocked, match="政府采购法 第46条"):
        await service.sign_contracts(who.provider, [contract_id])


async def test_a_provider_who_turns_down_frees_the_money(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.approved_purchase(organization, who)
    today = clock.today()
    [contract_id] = await service.offer_contracts(
        who.officer, [ContractOffer(purchase_id, today, today + timedelta(days=30))]
    )
    with pytest.raises(InvalidInput):
        await service.decline_contract(who.provider, contract_id, "")
    await service.decline_contract(who.provider, contract_id, "人手不足")
    assert (await status_of(purchase_id), await bound(purchase_id)) == ("cancelled", (0, 0, 0))
    with pytest.raises(TransitionRefused):
        await service.sign_contracts(who.provider, [contract_id])


async def test_an_unapproved_purchase_has_no_contract(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.reserved_purchase(organization, who)
    today = clock.today()
    with pytest.raises(TransitionRefused):
        await service.offer_contracts(who.officer, [ContractOffer(purchase_id, today, today + timedelta(days=30))])


CHANGES = [
    ("quantity = 11", "contract_is_frozen"),
    ("unit_price_fen = 1", "contract_is_frozen"),
    ("product_version = 2", "contract_is_frozen"),
    ("ends_on = ends_on + 1", "contract_is_frozen"),
    ("body_zh = 'x', text_sha256 = sha256('x')", "contract_is_frozen"),
    ("signed_by_provider = signed_by_buyer", "contract_is_frozen"),
    ("signed_at = now()", "contract_is_frozen"),
    ("ordered = 1", "contract_is_counted"),
    ("accepted = 1", "contract_is_counted"),
    ("text_sha256 = sha256('x')", "contract_text_is_hashed"),
]


async def test_raw_sql_cannot_change_what_was_signed(db: None) -> None:
    organization = await buying.organization()
    contract_id = await buying.signed_contract(organization, await buying.people(organization))
    for change, constraint in CHANGES:
        await refused(constraint, f"UPDATE contract SET {change} WHERE id = $1", contract_id)


async def test_two_members_sign_at_once_and_the_money_is_committed_once(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    committed = 0
    for _ in range(rounds(3, 100)):
        purchase_id = await buying.approved_purchase(organization, who)
        today = clock.today()
        offer = ContractOffer(purchase_id, today, today + timedelta(days=30))
        [contract_id] = await service.offer_contracts(who.officer, [offer])
        members = [await buying.person_as(Role.PROVIDER, None, organization) for _ in range(5)]
        outcomes = await asyncio.gather(
            *(service.sign_contracts(member, [contract_id]) for member in members),
            service.decline_contract(who.provider, contract_id, "同时"),
            return_exceptions=True,
        )
        assert sum(outcome is None for outcome in outcomes) == 1
        assert sum(isinstance(outcome, TransitionRefused) for outcome in outcomes) == 5, outcomes
        committed += 600_000 * (await status_of(purchase_id) == "contracted")
        assert await bound(purchase_id) == (0, committed, 0)
