"""Who waits for a run is said once, and each claim that is barred from it says why by the same word everywhere."""

import re
from pathlib import Path

import pytest

from app.core import database, vault
from procurement.claims.disputes.service import raise_dispute
from procurement.settlement import queries, service
from procurement.settlement.planning import queries as planning
from procurement.settlement.rules import LeftOut
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.procurement.offers.bidding import as_owner
from tests.refusals import refused

PERIOD = settled_work.PERIOD
PROCUREMENT = Path(__file__).resolve().parents[3] / "procurement"
SAID_AGAIN = re.compile(r"status IN \('approved', 'returned_by_bank'\)")


async def _official(money: settled_work.Money) -> None:
    await database.execute("UPDATE person SET public_official = true WHERE id = $1", money.desk.payees[0])


async def _shares(money: settled_work.Money) -> None:
    """Let the first payee share an account with somebody whom nobody owes anything."""
    other = await work.person("Other")
    await database.execute(
        "UPDATE person SET bank_account_digest = $2 WHERE id = ANY ($1)",
        [money.desk.payees[0], other], vault.digest("bank/6222"),
    )  # fmt: skip


async def _disputes(money: settled_work.Money) -> None:
    for one in money.own:
        await raise_dispute(money.payee, one, "金额不对")


BARS = {LeftOut.OFFICIAL: _official, LeftOut.SHARED_ACCOUNT: _shares, LeftOut.DISPUTED: _disputes}


@pytest.mark.parametrize("reason", list(BARS))
async def test_preview_run_and_first_in_line_leave_the_same_claims_out_for_the_same_reason(
    db: None, reason: LeftOut
) -> None:
    money = await settled_work.approved(people=2, shifts=2)
    await BARS[reason](money)
    fitting = await planning.fitting(money.desk.clerk, work.DISTRICT, *PERIOD, None)
    assert (fitting.claims, fitting.total_fen, fitting.left_claims) == (2, 50_000, 0)
    with pytest.raises(service.CapTooSmall, match="250"):
        await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "short", 24_999)
    batch = await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "whole")
    assert (batch.claim_count, batch.total_fen) == (fitting.claims, fitting.total_fen)
    shown = await planning.left_out(await queries.batch_page(money.desk.clerk, batch.reference))
    assert [(one.reason, one.claims, one.total_fen) for one in shown] == [(reason, 2, 50_000)]


async def test_a_reason_that_nobody_knows_is_not_written_down(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch
    await refused(
        "settlement_left_out_reason",
        """INSERT INTO settlement_left_out (batch_id, claim_id, reason, line_number, amount_fen)
           SELECT $1, min(id), 'because', 1, 1 FROM claim""",
        money.batch.id,
    )


def test_no_statement_says_again_who_waits() -> None:
    again = [str(path) for path in PROCUREMENT.rglob("*.py") if SAID_AGAIN.search(path.read_text("utf-8"))]
    assert again == []


async def test_a_new_source_of_entries_says_where_it_belongs_in_one_line_of_data(db: None) -> None:
    money = await settled_work.computed()
    claim = (await settled_work.claim_ids())[0]
    place = await database.fetch_value("SELECT place_id FROM claim WHERE id = $1", claim)
    of_entry = "SELECT place_of_entry($1, $2)"
    assert await database.fetch_value(of_entry, "claim", claim) == place
    assert money.batch
    assert await database.fetch_value(of_entry, "settlement_batch", money.batch.id) is None
    await as_owner(
        "CALL add_ledger_source('settlement_batch', 'SELECT place_id FROM settlement_batch WHERE id = of_id')"
    )
    district = await database.fetch_value("SELECT place_id FROM settlement_batch")
    assert await database.fetch_value(of_entry, "settlement_batch", money.batch.id) == district
    assert await database.fetch_value(of_entry, "claim", claim) == place
    await refused("append_only", "DELETE FROM ledger_source")
