"""A closed batch computed anew a year later, after tariffs have changed, is the same to the byte."""

import json
from datetime import UTC, date, datetime

import pytest

from app.core import clock
from procurement.settlement import service
from procurement.settlement.recompute.service import recompute
from procurement.tariffs import service as tariffs
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.procurement.offers.bidding import as_owner

NEXT_YEAR = datetime(2027, 11, 29, 2, tzinfo=UTC)


async def paid() -> str:
    """Pay two people for two shifts each; return the batch's reference."""
    money = await settled_work.paid()
    assert money.batch
    return money.batch.reference


async def test_a_batch_is_the_same_bytes_a_year_and_a_new_tariff_later(db: None) -> None:
    money = await settled_work.paid()
    assert money.batch
    before = await recompute(money.batch.reference)
    assert before.same, (before.stored, before.anew, before.faults)
    with clock.travelled_to(NEXT_YEAR):
        await dearer_tariff(money)
        after = await recompute(money.batch.reference)
    assert after.same
    assert after.anew == before.anew


async def dearer_tariff(money: settled_work.Money) -> None:
    """Publish a successor that pays ten times as much from next year on; it ends the set that priced the batch."""
    later = json.loads(tariffs.seed_documents()[0].replace(b'"250.00"', b'"2500.00"'))
    later |= {"id": "next_year", "from": "2027-01-01"}
    new = await tariffs.draft_tariff(money.desk.claims, json.dumps(later).encode())
    assert await tariffs.publish_tariff(money.desk.clerk, new) == date(2026, 12, 31)


async def test_a_tampered_tariff_is_found(db: None) -> None:
    reference = await paid()
    await as_owner("UPDATE tariff_set SET body = replace(body::text, '250', '251')::jsonb")
    found = await recompute(reference)
    assert found.stored != found.anew
    assert [fault for fault in found.faults if "does not have its hash" in fault]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE claim SET trace = '[]'",
        "UPDATE settlement_item SET amount_fen = amount_fen + 1",
        "UPDATE settlement_payment SET amount_fen = amount_fen - 1",
        "UPDATE settlement_batch SET input_sha256 = sha256('other')",
        "UPDATE settlement_payment SET bank_name = 'another bank'",
    ],
)
async def test_a_tampered_batch_is_not_the_one_computed_anew(db: None, tampering: str) -> None:
    reference = await paid()
    await as_owner(tampering)
    assert not (await recompute(reference)).same


async def test_a_capped_batch_is_computed_anew_with_its_cap(db: None) -> None:
    money = await settled_work.approved()
    batch = await service.compute_batch(money.desk.clerk, work.DISTRICT, *settled_work.PERIOD, "capped", 60_000)
    assert batch.claim_count == 2
    assert (await recompute(batch.reference)).same
