"""A write counts only with the token of a page of ours; a bearer token never rides on cookies."""

from typing import Any

import pytest
from litestar import Request, Response, post

from app.web.guards import CurrentPrincipal, public, signed_in
from app.web.routes import api, html
from tests.app.web.client import TOKEN, client, somebody

written: list[str] = []


@post("/write", guards=[signed_in])
async def write(request: Request[Any, Any, Any]) -> Response[str]:
    written.append((await request.form()).get("name", ""))
    return Response("written")


@post("/hook", guards=[public], opt={"csrf_exempt": True})
async def hook() -> Response[str]:
    return Response("taken")


@post("/ask", guards=[public])
async def ask() -> Response[str]:
    return Response("asked")


@post("/things", guards=[signed_in])
async def things(principal: CurrentPrincipal) -> dict[str, str]:
    return {"kind": principal.kind}


HANDLERS = [html(write, hook, ask), api("test", things)]


@pytest.mark.parametrize("token", [None, "", "another", TOKEN[:-1], "\u00e9"])
async def test_a_form_without_the_sessions_token_is_refused(token: str | None) -> None:
    written.clear()
    fields = {"name": "x"} if token is None else {"name": "x", "_csrf_token": token}
    async with client(somebody(), handlers=HANDLERS, form_token=False) as http:
        answer = await http.post("/write", data=fields)
    assert answer.status_code == 403
    assert "页面停留太久" in answer.text
    assert written == []


async def test_the_token_counts_in_the_form_and_in_the_header() -> None:
    written.clear()
    async with client(somebody(), handlers=HANDLERS, form_token=False) as http:
        in_form = await http.post("/write", data={"name": "a", "_csrf_token": TOKEN})
        in_header = await http.post("/write", data={"name": "b"}, headers={"x-csrftoken": TOKEN})
        in_upload = await http.post("/write", data={"name": "c", "_csrf_token": TOKEN}, files={"f": ("a.txt", b"x")})
    assert [in_form.status_code, in_header.status_code, in_upload.status_code] == [201, 201, 201]
    assert written == ["a", "b", "c"]


async def test_an_anonymous_visitor_gets_a_token_with_the_form_and_only_that_one_counts() -> None:
    async with client(handlers=HANDLERS) as http:
        assert (await http.post("/ask", data={})).status_code == 403
        assert (await http.post("/ask", data={"_csrf_token": ""})).status_code == 403
        shown = await http.get("/_components")
        token = http.cookies["fahui_csrf"]
        assert f'value="{token}"' in shown.text
        assert shown.headers["cache-control"] == "private, no-store"
        assert (await http.post("/ask", data={"_csrf_token": token + "x"})).status_code == 403
        assert (await http.post("/ask", data={"_csrf_token": token})).status_code == 201


async def test_a_public_page_without_a_form_sets_no_cookie() -> None:
    async with client(handlers=HANDLERS) as http:
        assert "set-cookie" not in (await http.get("/api/docs")).headers


async def test_a_bearer_request_needs_no_token_and_is_blind_to_cookies() -> None:
    async with client(somebody(), handlers=HANDLERS, form_token=False) as http:
        by_token = await http.post("/api/v1/things", headers={"authorization": "Bearer bearer-word"})
        wrong = await http.post("/api/v1/things", headers={"authorization": "Bearer stolen"})
        basic = await http.post("/api/v1/things", headers={"authorization": "Basic Zm9vOmJhcg=="})
        by_cookie = await http.post("/api/v1/things")
    assert by_token.status_code == 201
    assert wrong.status_code == 401
    assert basic.status_code == 401
    assert by_cookie.status_code == 403


async def test_a_signed_hook_is_exempt_by_its_own_word() -> None:
    async with client(handlers=HANDLERS) as http:
        assert (await http.post("/hook", content=b"{}")).status_code == 201
