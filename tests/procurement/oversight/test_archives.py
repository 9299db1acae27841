"""The archive of a purchase: every record in order, every audit event proven, every change of a byte found."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.core import database, merkle
from app.core.access import Role
from app.core.audit_chain import seal
from app.core.errors import NotFound
from procurement.oversight.archives.cli import archive, faults_of
from procurement.oversight.archives.service import BATCHES, EVENTS, purchase_archive
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.deliveries.test_closing_file import delivered


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_the_way_of_each_leaf_leads_to_the_root_and_no_other_leafs_does(
    leaves: list[bytes], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    steps = merkle.path(leaves, place)
    assert merkle.root_by(leaves[place], steps) == merkle.root(leaves)
    other = data.draw(st.binary(min_size=32, max_size=32))
    assert (merkle.root_by(other, steps) == merkle.root(leaves)) == (other == leaves[place])


UNSEALED = "SELECT (SELECT count(*) FROM audit_event) - (SELECT count(*) FROM audit_seal)"


async def sealed() -> None:
    """Seal every event; a transaction of another database on the same server holds the last ones back until it ends."""
    for _ in range(200):
        await seal(everything=True)
        if not await database.fetch_value(
            "SELECT (SELECT count(*) FROM audit_event) - (SELECT count(*) FROM audit_seal)"
        ):
            return
        await asyncio.sleep(0.1)
    pytest.fail("the audit events could not be sealed")


async def taken(folder: Path, units: int = 2) -> tuple[Path, str]:
    """An archive on disk, of a purchase with delivered units, its audit events sealed."""
    here, contract, _ = await delivered(units)
    await sealed()
    reference = await database.fetch_value(
        "SELECT p.reference FROM purchase p JOIN contract c ON c.purchase_id = p.id WHERE c.reference = $1", contract
    )
    file = folder / "archive.zip"
    file.write_bytes(await purchase_archive(here.who.officer, reference))
    return file, str(reference)


async def test_an_archive_holds_records_in_order_and_proves_each_event(db: None, tmp_path: Path) -> None:
    file, reference = await taken(tmp_path)
    with zipfile.ZipFile(file) as kept:
        names = kept.namelist()
        records = [name for name in names if name.startswith("records/")]
        assert records == sorted(records)
        sections = [name.removeprefix("records/")[3:].removesuffix(".jsonl") for name in records]
        assert [one for one in ("purchase", "approvals", "contract", "payment-terms", "orders", "judgements", "claims",
                                "unit-payments") if one not in sections] == []  # fmt: skip
        purchase = json.loads(kept.read("records/01-purchase.jsonl"))
        assert purchase["reference"] == reference
        events = [json.loads(line) for line in kept.read(EVENTS).splitlines()]
    actions = [event["action"] for event in events]
    assert actions[0] == "purchase.requested"
    assert {"contract.signed", "village_order.placed", "village_order.accepted", "claim.accrued"} <= set(actions)
    assert all(event["batch"] for event in events)
    assert any(event["steps"] for event in events)  # an event that is alone in its batch is its root: no steps
    assert faults_of(file) == []
    assert CliRunner().invoke(archive, ["verify", str(file)]).output == "sound\n"


def rewritten(file: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The archive with one member changed, its list of hashes put right as a forger would."""
    from procurement.deliveries.closing_file.packing import MANIFEST, packed

    with zipfile.ZipFile(file) as kept:
        members = {name: kept.read(name) for name in kept.namelist() if name != MANIFEST}
    members[member] = change(members[member])
    forged = file.with_name("forged.zip")
    forged.write_bytes(packed(members))
    return forged


@pytest.mark.parametrize(
    ("member", "old", "new", "told"),
    [
        (EVENTS, b'"village_order.placed"', b'"village_order.cancel"', "content was changed"),
        (EVENTS, b'"actor_kind":"session"', b'"actor_kind":"system"', "is not in batch"),
        (BATCHES, b'"event_count":', b'"event_count":1', "hash does not fit"),
    ],
)
async def test_a_forged_event_or_batch_is_found_although_the_list_of_hashes_is_right(
    db: None, tmp_path: Path, member: str, old: bytes, new: bytes, told: str
) -> None:
    file, _ = await taken(tmp_path, 1)
    forged = rewritten(file, member, lambda content: content.replace(old, new, 1))
    [fault] = faults_of(forged)
    assert told in fault
    assert CliRunner().invoke(archive, ["verify", str(forged)]).exit_code == 1


async def test_a_changed_or_missing_member_is_found(db: None, tmp_path: Path) -> None:
    file, _ = await taken(tmp_path, 1)
    with zipfile.ZipFile(file) as kept:
        members = {name: kept.read(name) for name in kept.namelist()}
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as written:
        for name, content in members.items():
            if name != "workload.csv":
                written.writestr(name, content + b"x" if name == "records/01-purchase.jsonl" else content)
        written.writestr("extra.txt", b"")
    assert set(faults_of(broken)) == {
        "extra.txt: not listed",
        "workload.csv: missing",
        "records/01-purchase.jsonl: changed",
    }


async def test_who_neither_makes_nor_watches_a_purchase_gets_no_archive(db: None, tmp_path: Path) -> None:
    _, reference = await taken(tmp_path, 1)
    with pytest.raises(NotFound):
        await purchase_archive(await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT), reference)
    supervisor = await buying.person_as(Role.SUPERVISOR)
    async with client(supervisor) as http:
        given = await http.get(f"/buying/purchases/{reference}/archive.zip")
        assert zipfile.ZipFile(io.BytesIO(given.content)).testzip() is None
        assert "archive.zip" in (await http.get(f"/buying/purchases/{reference}")).text
    noted = await database.fetch_value(
        "SELECT actor_id FROM audit_event WHERE action = 'purchase.archived' ORDER BY id DESC LIMIT 1"
    )
    assert noted == supervisor.actor
