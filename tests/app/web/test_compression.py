"""Who gets pages compressed, and who does not."""

import gzip

import httpx

from tests.app.accounts.people import account, acting, use_roles
from tests.app.web.client import client

PAGE = "/privacy"


async def _raw(visitor: httpx.AsyncClient, path: str, **headers: str) -> tuple[httpx.Headers, bytes]:
    async with visitor.stream("GET", path, headers={"accept-encoding": "gzip", **headers}) as answer:
        return answer.headers, b"".join([part async for part in answer.aiter_raw()])


async def test_a_stranger_gets_the_page_compressed_and_caches_are_told(db: None) -> None:
    async with client() as visitor:
        headers, body = await _raw(visitor, PAGE)
        plain = (await visitor.get(PAGE, headers={"accept-encoding": "identity"})).content
    assert headers["content-encoding"] == "gzip"
    assert "accept-encoding" in headers["vary"].lower()
    assert int(headers["content-length"]) == len(body) < len(plain) / 2
    assert gzip.decompress(body).startswith(b"<!doctype html>")


async def test_a_page_with_a_secret_in_it_is_not_compressed(db: None) -> None:
    use_roles()
    async with client() as visitor:
        headers, _ = await _raw(visitor, PAGE, cookie="fahui_csrf=token")
        assert "content-encoding" not in headers
    async with client(await acting(await account())) as signed_in:
        headers, _ = await _raw(signed_in, PAGE)
        assert "content-encoding" not in headers
