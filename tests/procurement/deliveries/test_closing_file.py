"""The closing file: one document with its contents and page numbers, and every original as it was handed in."""

import hashlib
import io
import time
import zipfile
from collections.abc import Callable

import pytest
from PIL import Image
from pypdf import PdfReader

from app.core import clock, database
from app.core.access import ANONYMOUS, Role
from app.core.errors import NotFound
from procurement.claims.accrual import accrue
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.closing_file import service
from procurement.deliveries.closing_file.packing import MANIFEST, packed
from procurement.deliveries.closing_file.queries import Satisfaction, dossier
from procurement.deliveries.proofs.parties import register_proofs
from procurement.deliveries.proofs.rules import LogEntry, Moment, ProofKind
from procurement.deliveries.proofs.service import Upload, hand_in, write_log
from procurement.deliveries.rules import Finding
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.counting import counting
from tests.procurement.deliveries.test_orders import Ground, ground

STATEMENTS = 12


def photo(shade: int, side: int = 640) -> bytes:
    """A photograph of one colour, told from others by it."""
    kept = io.BytesIO()
    Image.new("RGB", (side, side * 3 // 4), (shade, 110, 107)).save(kept, "JPEG")
    return kept.getvalue()


async def delivered(units: int, taken: Callable[[int], bytes] = photo) -> tuple[Ground, str, dict[str, list[bytes]]]:
    """A contract with delivered units whose proofs are real files; all but the last unit are accepted."""
    register_proofs()
    here = await ground(villages=units, units=2, quantity=units)
    orders = await buying.delivered_orders(here.contract, here.codes, proofs=False)
    references = [
        row["reference"]
        for row in await database.fetch("SELECT reference FROM village_order WHERE id = ANY($1) ORDER BY id", orders)
    ]
    files: dict[str, list[bytes]] = {}
    with clock.travelled_to(buying.soon() + (buying.soon(1) - buying.soon(0)) / 4):
        for number, reference in enumerate(references):
            files[reference] = [taken(number * 2 % 250), taken(number * 2 % 250 + 1)]
            for kind, content in zip((ProofKind.SIGN_IN_SHEET, ProofKind.PHOTO), files[reference], strict=True):
                moment = Moment(clock.now(), "文化礼堂")
                await hand_in(here.who.provider, reference, kind, moment, [Upload(f"{kind}.jpg", content)])
            entry = LogEntry("农民工讨薪", 40, "没有合同怎么要工资", "下周回访")
            await write_log(here.who.provider, reference, entry)
        good = Finding(True, 40, 5, "讲得清楚")
        if verdicts := [Verdict(order, good) for order in orders[:-1]]:
            await accept_deliveries(here.who.acceptor, verdicts)
        await accrue(clock.now())
    reference = await database.fetch_value("SELECT reference FROM contract WHERE id = $1", here.contract)
    return here, str(reference), files


async def test_the_document_has_all_its_chapters_with_page_numbers_and_tells_what_is_open(db: None) -> None:
    here, reference, _ = await delivered(3)
    reader = PdfReader(io.BytesIO(await service.closing_document(here.who.provider, reference)))
    pages = [page.extract_text() for page in reader.pages]
    text = "".join(pages).replace("\n", "")
    chapters = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert [chapter[0] for chapter in chapters] == list("一二三四五六七八")
    contents = pages[1]
    for chapter in chapters:
        assert chapter in contents
    for said in ("农民工讨薪", "讲得清楚", "文化礼堂", "下周回访", "待验收", "¥600", reference):
        assert said in text, said
    images = sum(len(page.images) for page in reader.pages)
    assert images >= 6
    note = await database.fetch_one("SELECT actor_id FROM audit_event WHERE action = 'contract.closing_file'")
    assert note == {"actor_id": here.who.provider.actor}


async def test_the_bundle_holds_every_original_byte_for_byte_and_its_list_of_hashes_is_right(db: None) -> None:
    here, reference, files = await delivered(2)
    bundle = zipfile.ZipFile(io.BytesIO(await service.closing_bundle(here.who.officer, reference)))
    names = bundle.namelist()
    assert names[:3] == ["closing-file.pdf", f"{reference}.pdf", "workload.csv"]
    assert names[-1] == MANIFEST
    for order, originals in files.items():
        kept = [bundle.read(name) for name in names if name.startswith(f"originals/{order}/")]
        # a camera's position was taken out before a file was kept: what was kept is what is handed out
        assert [Image.open(io.BytesIO(one)).size for one in kept] == [
            Image.open(io.BytesIO(one)).size for one in originals
        ]
    for line in bundle.read(MANIFEST).decode().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256(bundle.read(name)).hexdigest() == digest
    listed = await database.fetch("SELECT encode(sha256, 'hex') AS digest FROM proof")
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(bundle.read("closing-file.pdf"))).pages
    ).replace("\n", "")
    assert all(row["digest"][:16] in text for row in listed)


async def test_only_the_parties_and_those_who_watch_get_it(db: None) -> None:
    here, reference, _ = await delivered(1)
    other = await buying.person_as(Role.PROVIDER, None, await buying.organization())
    with pytest.raises(NotFound):
        await service.closing_bundle(other, reference)
    for person in (here.who.officer, here.who.provider, here.who.acceptor, await buying.person_as(Role.SUPERVISOR)):
        async with client(person) as http:
            shown = await http.get(f"/contracts/{reference}/closing")
            assert shown.status_code == 200
            assert "还有 1 次服务待验收" in shown.text
    async with client(here.who.provider) as http:
        assert "/closing" in (await http.get(f"/contracts/{reference}")).text
        given = await http.get(f"/contracts/{reference}/closing.zip")
        assert given.headers["content-type"] == "application/zip"
        assert "no-store" in given.headers["cache-control"]
    async with client(ANONYMOUS) as http:
        assert (await http.get(f"/contracts/{reference}/closing.pdf")).status_code == 303
        assert "/closing" not in (await http.get(f"/contracts/{reference}")).text


@pytest.mark.parametrize("units", [1, 4])
async def test_the_dossier_costs_the_same_few_statements_however_many_units(
    db: None, monkeypatch: pytest.MonkeyPatch, units: int
) -> None:
    here, reference, _ = await delivered(units)
    asked: list[str] = []
    for name in ("fetch", "fetch_one"):
        monkeypatch.setattr(database, name, counting(getattr(database, name), asked))
    assert len((await dossier(here.who.provider, reference)).units) == units
    assert len(asked) == STATEMENTS


def test_a_mean_is_told_only_where_enough_people_spoke() -> None:
    assert Satisfaction({5: 3, 4: 1, 3: 0, 2: 0, 1: 0}, (), 5).mean is None
    assert Satisfaction({5: 3, 4: 1, 3: 0, 2: 0, 1: 1}, (), 5).mean == 4.0
    assert Satisfaction({5: 0, 4: 0, 3: 0, 2: 0, 1: 0}, (), 0).mean is None


def test_the_same_files_make_the_same_bundle() -> None:
    members = {"a.txt": b"a", "b.jpg": photo(1)}
    first = packed(members)
    time.sleep(0.01)
    assert packed(members) == first
