"""Files in a bucket: the S3 protocol spoken with a real server of it, on the loopback."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

from app.attachments.store import PIECE, BucketStore, ContentMissing, reachable

PDF = b"%PDF-1.7\nbody"
LOCATION = b"""<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
<LocationConstraint>us-west-2</LocationConstraint></CreateBucketConfiguration>"""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketStore]:
    """An empty bucket on a server of its own."""
    name = f"house-{uuid4().hex[:12]}"  # the server's state outlives it in this process
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for variable, value in {
        "AWS_ENDPOINT": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-west-2",
        "AWS_ACCESS_KEY_ID": "house",
        "AWS_SECRET_ACCESS_KEY": "key",
    }.items():
        monkeypatch.setenv(variable, value)
    headers = {"content-type": "application/xml"}
    urlopen(Request(f"http://{host}:{port}/{name}", method="PUT", data=LOCATION, headers=headers)).close()
    yield BucketStore(f"s3://{name}/files")
    server.stop()


async def test_content_comes_back_by_its_hash_and_is_one_object_however_often_it_is_written(
    bucket: BucketStore,
) -> None:
    hashes = await asyncio.gather(*(bucket.put(PDF) for _ in range(4)))
    assert set(hashes) == {hashlib.sha256(PDF).digest()}
    assert await bucket.get(hashes[0]) == PDF
    assert [kept["path"] for kept in bucket.bucket.list().collect()] == [bucket.path(hashes[0])]


async def test_what_is_missing_or_damaged_is_noticed_instead_of_handed_out(bucket: BucketStore) -> None:
    with pytest.raises(ContentMissing, match="is not in s3://"):
        await bucket.get(hashlib.sha256(PDF).digest())
    sha256 = await bucket.put(PDF)
    await bucket.bucket.put_async(bucket.path(sha256), b"another")
    with pytest.raises(ContentMissing, match="damaged"):
        await bucket.get(sha256)


async def test_a_large_file_is_kept_and_handed_out_in_pieces(bucket: BucketStore, tmp_path: Path) -> None:
    written = tmp_path / "large"
    written.write_bytes(PDF * (PIECE // 5))
    sha256 = await bucket.put_file(written)
    assert await bucket.put_file(written) == sha256
    pieces = [piece async for piece in await bucket.pieces(sha256)]
    assert (len(pieces) > 1, b"".join(pieces)) == (True, written.read_bytes())
    with pytest.raises(ContentMissing, match="is not in s3://"):
        await bucket.pieces(hashlib.sha256(PDF).digest())
    await bucket.bucket.put_async(bucket.path(sha256), PDF * (PIECE // 4))
    handed_out = []
    with pytest.raises(ContentMissing, match="damaged"):
        async for piece in await bucket.pieces(sha256):
            handed_out.append(piece)
    assert sum(map(len, handed_out)) < len(PDF) * (PIECE // 4)


async def test_the_doctor_tells_a_bucket_that_answers_from_one_that_does_not(bucket: BucketStore) -> None:
    assert await reachable(bucket) == bucket.address
    with pytest.raises(FileNotFoundError, match="NoSuchBucket"):
        await reachable(BucketStore("s3://nobody-has-this/files"))
