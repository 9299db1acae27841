"""Where the bytes lie: by their hash, written once, below FAHUI_DATA_DIR or in an object store."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import obstore
from obstore.store import from_url

from app.core.settings import settings

PIECE = 1 << 20
"""Large contents are read and written a mebibyte at a time."""


class ContentMissing(RuntimeError):
    """The database knows a file that the store does not have, or has damaged: a backup must bring it back."""


class Store(Protocol):
    """Keeps contents by SHA-256; the same content twice is one object."""

    address: str

    async def put(self, content: bytes) -> bytes:
        """Keep the content durably and return its hash."""
        ...

    async def get(self, sha256: bytes) -> bytes:
        """Return the content, or raise ContentMissing."""
        ...

    async def put_file(self, path: Path) -> bytes:
        """Keep a file's content durably without reading it as a whole, and return its hash."""
        ...

    async def pieces(self, sha256: bytes) -> AsyncIterator[bytes]:
        """Return the content in pieces, or raise ContentMissing before the first; damage never ends a whole content."""
        ...


class FolderStore:
    """The store of one machine: two levels of folders, a temporary name, then an atomic rename."""

    def __init__(self, root: Path) -> None:
        """Keep files below ``root``."""
        self.root, self.address = root, str(root)

    async def put(self, content: bytes) -> bytes:
        """Write the content unless it is there."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, sha256: bytes) -> bytes:
        """Read the content and check that it is what its name says."""
        content = await asyncio.to_thread(self._get, sha256)
        return checked(content, sha256)

    async def put_file(self, path: Path) -> bytes:
        """Copy the file unless its content is there."""
        return await asyncio.to_thread(self._put_file, path)

    async def pieces(self, sha256: bytes) -> AsyncIterator[bytes]:
        """Check the whole content and then hand it out."""
        path = self.path(sha256)
        if not path.exists():
            raise ContentMissing(f"{sha256.hex()} is not in {self.root}")
        if await asyncio.to_thread(_sha256_of, path) != sha256:
            raise ContentMissing(f"{sha256.hex()} is damaged")
        return _read(path)

    def path(self, sha256: bytes) -> Path:
        """Return where a content lies."""
        name = sha256.hex()
        return self.root / name[:2] / name[2:4] / name

    def _put(self, content: bytes) -> bytes:
        return self._write(hashlib.sha256(content).digest(), [content])

    def _put_file(self, path: Path) -> bytes:
        return self._write(_sha256_of(path), _in_pieces(path))

    def _write(self, sha256: bytes, pieces: Iterable[bytes]) -> bytes:
        final = self.path(sha256)
        if final.exists():
            return sha256
        final.parent.mkdir(parents=True, exist_ok=True)
        # Half-written files keep a name that nothing asks for; a crash leaves no file under a hash it is not.
        draft = final.with_name(f".{uuid4().hex}.part")
        try:
            with draft.open("xb") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(final)
        finally:
            draft.unlink(missing_ok=True)
        self._sync_folder(final.parent)
        return sha256

    def _get(self, sha256: bytes) -> bytes:
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise ContentMissing(f"{sha256.hex()} is not in {self.root}") from None

    def _sync_folder(self, folder: Path) -> None:
        """Make the new names durable, up to the root: a rename is not until its folder is written."""
        for each in (folder, folder.parent, self.root):
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class BucketStore:
    """The store of several machines: a bucket that speaks S3, named by FAHUI_STORE_URL.

    Where it is and who may enter comes from the usual AWS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY (AWS_ALLOW_HTTP=true for one without TLS on the own network).
    """

    def __init__(self, address: str) -> None:
        """Keep files in ``address``, such as ``s3://bucket/folder``."""
        self.address = address
        self.bucket = from_url(address)

    async def put(self, content: bytes) -> bytes:
        """Write the content unless it is there; the bucket decides, so that two writers do not meet."""
        sha256 = hashlib.sha256(content).digest()
        with contextlib.suppress(obstore.exceptions.AlreadyExistsError):
            await self.bucket.put_async(self.path(sha256), content, mode="create")
        return sha256

    async def get(self, sha256: bytes) -> bytes:
        """Read the content and check that it is what its name says."""
        try:
            found = await self.bucket.get_async(self.path(sha256))
        except FileNotFoundError:
            raise ContentMissing(f"{sha256.hex()} is not in {self.address}") from None
        return checked(bytes(await found.bytes_async()), sha256)

    async def put_file(self, path: Path) -> bytes:
        """Send the file in parts unless its content is there; who sends it at the same time sends the same."""
        sha256 = await asyncio.to_thread(_sha256_of, path)
        try:
            await self.bucket.head_async(self.path(sha256))
        except FileNotFoundError:
            await self.bucket.put_async(self.path(sha256), path, chunk_size=8 * PIECE, max_concurrency=2)
        return sha256

    async def pieces(self, sha256: bytes) -> AsyncIterator[bytes]:
        """Hand the content out as it comes; the last piece is kept back until the whole has its hash."""
        try:
            found = await self.bucket.get_async(self.path(sha256))
        except FileNotFoundError:
            raise ContentMissing(f"{sha256.hex()} is not in {self.address}") from None
        return _verified((bytes(piece) async for piece in found.stream(min_chunk_size=PIECE)), sha256)

    def path(self, sha256: bytes) -> str:
        """Return the key of a content."""
        return f"{sha256.hex()[:2]}/{sha256.hex()}"


def checked(content: bytes, sha256: bytes) -> bytes:
    """Return the content, or refuse bytes that are not what their name says."""
    if hashlib.sha256(content).digest() != sha256:
        raise ContentMissing(f"{sha256.hex()} is damaged")
    return content


def _in_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _sha256_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


async def _read(path: Path) -> AsyncIterator[bytes]:
    pieces = _in_pieces(path)
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece


async def _verified(pieces: AsyncIterator[bytes], sha256: bytes) -> AsyncIterator[bytes]:
    digest, kept = hashlib.sha256(), b""
    async for piece in pieces:
        if kept:
            yield kept
        digest.update(piece)
        kept = piece
    if digest.digest() != sha256:
        raise ContentMissing(f"{sha256.hex()} is damaged")
    yield kept


async def reachable(kept: Store) -> str:
    """Write a line, read it back, and return where the store is; raise what keeps it from answering."""
    await kept.get(await kept.put(b"written by fahui doctor"))
    return kept.address


_registered: list[Store] = []


def register_store(store: Store) -> None:
    """Name another store than the data folder's."""
    _registered[:] = [store]


def store() -> Store:
    """Return the store in force: the one registered, or else what the settings name."""
    return _registered[0] if _registered else _named_by_the_settings()


@cache
def _named_by_the_settings() -> Store:
    if settings().store_url:
        return BucketStore(settings().store_url)
    return FolderStore(settings().data_dir / "attachments")
