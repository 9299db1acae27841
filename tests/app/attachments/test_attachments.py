"""Files: which are taken, where they lie, who gets them."""

import asyncio
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest

from app.attachments import owners, queries, service, store
from app.attachments.controllers import download as download_handler
from app.attachments.owners import register_owner
from app.attachments.rules import (
    DOCX,
    MAX_BYTES,
    XLSX,
    FileEmpty,
    FileKindRefused,
    FileTooLarge,
    clean_name,
    media_type,
)
from app.attachments.store import PIECE, ContentMissing, FolderStore
from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from tests.app.accounts.people import account, acting, use_roles
from tests.app.web.client import client

PDF = b"%PDF-1.7\nbody"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[FolderStore]:
    """Keep the test's files in a folder of its own."""
    use_roles()
    kept, known = FolderStore(tmp_path / "attachments"), dict(owners._owners)
    store.register_store(kept)
    yield kept
    store._registered.clear()
    owners._owners.clear()
    owners._owners.update(known)


def workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return buffer.getvalue()


async def attached(principal: Principal, name: str = "papers.pdf", content: bytes = PDF) -> str:
    kept = await service.keep(name, content)
    async with database.transaction():
        return str(await service.attach(principal, kept, "product", 7))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.png", PNG, "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("a.txt", "说明".encode(), "text/plain"),
        ("a.csv", b"a,b\n1,2\n", "text/csv"),
        ("a.xlsx", workbook(), XLSX),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml"), DOCX),
    ],
)
def test_a_kind_on_the_list_is_told_by_its_bytes(name: str, content: bytes, kind: str) -> None:
    assert media_type(content, name) == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PNG),
        ("a.png", PDF),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.exe", b"MZ\x90\x00"),
        ("a.pdf", b"<script>alert(1)</script>"),
        ("a.txt", b"text\x00with zero"),
        ("a.txt", b"\xff\xfe\x41\x00"),
        ("a.zip", archive("anything")),
        ("a.docx", archive("anything")),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.xlsx", archive("[Content_Types].xml", "word/document.xml")),
        ("pdf", PDF),
        ("a.pdf.exe", PDF),
    ],
)
def test_anything_else_is_refused_whatever_its_name_says(name: str, content: bytes) -> None:
    with pytest.raises(FileKindRefused):
        media_type(content, name)


def test_an_empty_and_a_too_large_file_are_refused() -> None:
    with pytest.raises(FileEmpty):
        media_type(b"", "a.txt")
    assert media_type(b"a" * MAX_BYTES, "a.txt") == "text/plain"
    with pytest.raises(FileTooLarge):
        media_type(b"a" * (MAX_BYTES + 1), "a.txt")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\papers\\合同 一.pdf", "合同 一.pdf"),
        ('a"b\r\nset-cookie: x.pdf', "a_bset-cookie_ x.pdf"),
        ("...", "file"),
        ("\u202efdp.exe", "fdp.exe"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_a_name_loses_its_path_and_what_breaks_a_header(given: str, kept: str) -> None:
    assert clean_name(given) == kept


async def test_content_lies_under_its_hash_two_folders_deep_and_only_once(folder: FolderStore) -> None:
    sha256 = await folder.put(PDF)
    assert sha256 == hashlib.sha256(PDF).digest()
    written = folder.path(sha256)
    assert written.relative_to(folder.root).parts == (sha256.hex()[:2], sha256.hex()[2:4], sha256.hex())
    before = written.stat().st_mtime_ns
    assert await folder.put(PDF) == sha256
    assert written.stat().st_mtime_ns == before
    assert await folder.get(sha256) == PDF


async def test_a_crash_while_writing_leaves_nothing_under_the_hash(
    folder: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def power_cut(handle: int) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError, match="power cut"):
        await folder.put(PDF)
    monkeypatch.setattr(os, "fsync", real)
    assert not folder.path(hashlib.sha256(PDF).digest()).exists()
    with pytest.raises(ContentMissing):
        await folder.get(hashlib.sha256(PDF).digest())
    assert [path for path in folder.root.rglob("*") if path.is_file()] == []


async def test_damaged_content_is_noticed_instead_of_handed_out(folder: FolderStore) -> None:
    sha256 = await folder.put(PDF)
    folder.path(sha256).write_bytes(b"%PDF-1.7\nbodx")
    with pytest.raises(ContentMissing, match="damaged"):
        await folder.get(sha256)


async def test_a_large_file_is_kept_and_handed_out_in_pieces(folder: FolderStore, tmp_path: Path) -> None:
    written = tmp_path / "large"
    written.write_bytes(PDF * (PIECE // 5))
    sha256 = await folder.put_file(written)
    assert await folder.put_file(written) == sha256 == hashlib.sha256(written.read_bytes()).digest()
    pieces = [piece async for piece in await folder.pieces(sha256)]
    assert (len(pieces) > 1, b"".join(pieces)) == (True, written.read_bytes())
    folder.path(sha256).write_bytes(PDF)
    with pytest.raises(ContentMissing, match="damaged"):
        await folder.pieces(sha256)
    with pytest.raises(ContentMissing, match="is not in"):
        await folder.pieces(hashlib.sha256(PDF).digest())


async def test_parallel_writes_of_one_content_all_succeed(folder: FolderStore) -> None:
    hashes = await asyncio.gather(*(folder.put(PDF * 1000) for _ in range(8)))
    assert len(set(hashes)) == 1
    assert len([path for path in folder.root.rglob("*") if path.is_file()]) == 1


async def test_bytes_come_before_the_transaction_and_the_row_inside_it(db: None) -> None:
    who = await acting(await account())
    async with database.transaction():
        with pytest.raises(RuntimeError, match="before the transaction"):
            await service.keep("a.pdf", PDF)
    kept = await service.keep("a.pdf", PDF)
    with pytest.raises(RuntimeError, match="into the transaction"):
        await service.attach(who, kept, "product", 7)


async def test_the_things_permission_decides_who_reads_its_files(db: None) -> None:
    mine, other = await acting(await account()), await acting(await account())

    async def can_read(principal: Principal, owner_id: int) -> bool:
        return principal.account_id == mine.account_id and owner_id == 7

    public_id = await attached(mine)
    for who in (mine, other):
        with pytest.raises(NotFound):
            await queries.download(who, queries.UUID(public_id))
    register_owner("product", can_read)
    assert (await queries.download(mine, queries.UUID(public_id))).content == PDF
    with pytest.raises(NotFound):
        await queries.download(other, queries.UUID(public_id))
    with pytest.raises(NotFound):
        await queries.download(mine, uuid4())
    assert [file.file_name for file in await queries.files_of("product", 7)] == ["papers.pdf"]
    event = await database.fetch_one("SELECT detail FROM audit_event WHERE action = 'attachment.added'")
    assert event is not None
    assert "papers" not in event["detail"]


async def test_a_file_is_sent_for_saving_and_never_for_display(db: None) -> None:
    who = await acting(await account())

    async def anybody(principal: Principal, owner_id: int) -> bool:
        return principal.signed_in

    register_owner("product", anybody)
    public_id = await attached(who, "合同.txt", b"<script>alert(1)</script>")
    async with client(who, handlers=[download_handler]) as http:
        answer = await http.get(f"/attachments/{public_id}")
    assert answer.status_code == 200
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%90%88%E5%90%8C.txt"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    async with client(handlers=[download_handler]) as http:
        assert (await http.get(f"/attachments/{public_id}")).status_code == 404
        assert (await http.get("/attachments/not-an-id")).status_code == 404
