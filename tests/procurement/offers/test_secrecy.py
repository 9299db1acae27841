"""Before the deadline a quotation is nowhere in the clear: not in the database, its dump, the log, the files."""

import asyncio
import contextlib
import logging
import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from app.attachments.store import store
from app.core import clock, database, embedded
from app.core.access import Role
from app.core.settings import settings
from procurement.offers.openings.service import unlock
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.offers import bidding

MARKER = "标记MARKER8842117"
PRICE = 47_391
FILE = f"报价说明 {MARKER} 单价473.91".encode()


async def _dump() -> bytes:
    """Return everything that the owner of the database sees, as a backup would."""
    name = await database.fetch_value("SELECT current_database()")
    command = [str(embedded.tool_path("pg_dump")), "--inserts", f"--dbname={embedded.dsn(embedded.OWNER_ROLE, name)}"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    return bytes(done.stdout)


def _files() -> bytes:
    """Return what lies beside the database, whose own files come and go with other tests (`_dump` reads those)."""
    texts = []
    for parent, folders, names in os.walk(settings().data_dir):
        folders[:] = [name for name in folders if name != "postgres"]
        for name in names:
            path = Path(parent, name)
            with contextlib.suppress(FileNotFoundError):  # taken away by another test between the listing and here
                if path.is_file():
                    texts.append(path.read_bytes())
    return b"".join(texts)


def _traces(text: bytes) -> int:
    """Count words and prices; a price may occur elsewhere (a coordinate), so dumps are compared with an earlier one."""
    words = sum(text.count(word) for word in (MARKER.encode(), MARKER.encode().hex().encode(), b"473.91"))
    return words + len(re.findall(rb"(?<![0-9a-f])%d(?![0-9a-f])" % PRICE, text))


async def test_nothing_of_a_quotation_can_be_read_before_it_is_opened(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    here = await bidding.invited()
    before = _traces(await _dump())
    said = {"words_zh": f"免费加一场 {MARKER}", "controlled_by": MARKER, "legal_representative": MARKER}
    await bidding.quote(here, 0, PRICE, **said, file_name="报价.txt", file_content=FILE)
    assert _traces(await _dump()) == before
    assert _traces(_files()) == 0
    assert _traces(caplog.text.encode()) == 0
    for number, price in ((1, 51_000), (2, 52_000)):
        await bidding.quote(here, number, price)
    await bidding.passed(here)
    await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    assert _traces(await _dump()) == before  # one keeper's shares say nothing
    await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))
    assert _traces(await _dump()) > before
    sha256 = await database.fetch_value("SELECT sha256 FROM attachment WHERE owner_type = 'opened_quotation'")
    assert await store().get(sha256) == FILE


async def test_the_page_hands_a_quotation_in_without_leaving_a_trace(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    here = await bidding.invited()
    before, kept = _traces(await _dump()), _traces(_files())
    path = f"/my/quotations/{await bidding.invitation_of(here, 0)}"
    form = {"unit_price_fen": "473.91", "product": here.suppliers[0].product, "met": ["1", "2"], "words_zh": MARKER,
            "legal_representative": MARKER}  # fmt: skip
    async with client(here.suppliers[0].member) as http:
        sent = await http.post(path, data=form, files={"attached": ("报价.txt", FILE)})
        assert sent.status_code == 303
        receipt = (await http.get(path)).text
        refused = await http.post(path, data=form | {"unit_price_fen": "9999"})
    assert refused.status_code == 422
    sha256 = await database.fetch_value("SELECT ciphertext_sha256 FROM sealed_quotation")
    assert sha256.hex()[:32] in receipt
    assert MARKER not in receipt
    assert _traces(await _dump()) == before
    assert _traces(_files()) == kept
    assert _traces(caplog.text.encode()) == 0


async def test_before_the_deadline_nobody_else_learns_whether_anybody_answered(db: None) -> None:
    """The officer's, a keeper's, a rival's and the public's pages are the same before and after a quotation arrives."""
    here = await bidding.invited()
    reference = await database.fetch_value("SELECT reference FROM purchase WHERE id = $1", here.purchase_id)
    rival = f"/my/quotations/{await bidding.invitation_of(here, 1)}"
    looks = (
        (here.officer, f"/buying/quotations/{reference}"),
        (here.officer, f"/buying/purchases/{reference}"),
        (here.keepers[0], f"/buying/quotations/{reference}"),
        (await buying.person_as(Role.SUPERVISOR, buying.CITY), f"/buying/quotations/{reference}"),
        (here.suppliers[1].member, rival),
        (here.suppliers[1].member, "/my/quotations"),
        (here.suppliers[1].member, f"/api/v1/quotations/{rival.split('/')[-1]}"),
    )

    async def seen() -> list[str]:
        texts = []
        with clock.travelled_to(clock.now().replace(microsecond=0) + timedelta(0)):
            for person, path in looks:
                async with client(person) as http:
                    answer = await http.get(path)
                assert answer.status_code == 200, path
                texts.append(_steady(answer.text))
        return texts

    before = await seen()
    await bidding.quote(here, 0, PRICE)
    assert await seen() == before


def _steady(text: str) -> str:
    """Leave out what changes with every request: tokens, the countdown and the audit history."""
    text = re.sub(r'<section class="card[^"]*" id="history".*?</section>', "", text, flags=re.S)
    return re.sub(r'value="[\w-]{20,}"|nonce="[^"]+"|<span class="countdown">.*?</span>', "", text, flags=re.S)
