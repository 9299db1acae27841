"""What an answer carries: policy, cache rules, request id; and how a failure looks from outside."""

import json
import logging
from typing import Any
from uuid import uuid4

import pytest
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from app.web import headers, policy_reports
from app.web.guards import public, requires, signed_in
from app.web.pages import own_path, page, see_other
from app.web.routes import api, html
from tests.app.web.client import client, somebody

POLICY = (
    "default-src 'self'; img-src 'self' data:; form-action 'self' https://checkout.stripe.com; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class ShelfIsFull(DomainError):
    code, status, message = "shelf_is_full", 409, N_("书架满了，还差 %(missing)s 本。")


@get("/refuse", guards=[public])
async def refuse() -> None:
    raise ShelfIsFull(missing=3)


@get("/wrong-fields", guards=[public])
async def wrong_fields() -> None:
    raise InvalidInput({"title": Message(N_("请填写这一项。"))})


@get("/crash", guards=[public])
async def crash() -> None:
    raise RuntimeError("secret 13812345678")


@get("/numbers/{number:int}", guards=[public])
async def number(number: FromPath[int], factor: FromQuery[int] = 1) -> Response[str]:
    return Response(str(number * factor))


@get("/mine", guards=[signed_in])
async def mine() -> Response[str]:
    return Response("mine")


@get("/review", guards=[requires(Permission.PRODUCT_REVIEW)])
async def review() -> Response[str]:
    return Response("review")


@post("/leave", guards=[public], opt={"csrf_exempt": True})
async def leave() -> Response[Any]:
    return see_other("/target", N_("书架满了，还差 %(missing)s 本。"), missing=2)


HANDLERS = [html(refuse, wrong_fields, crash, number, mine, review, leave), api("test", refuse)]


@pytest.mark.parametrize("path", ["/_components", "/no-such-page", "/healthz", "/api/v1/nothing", "/crash"])
async def test_every_answer_carries_the_strict_policy_and_a_request_id(path: str) -> None:
    async with client(handlers=HANDLERS) as http:
        answer = await http.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(POLICY)
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) >= 8
    assert answer.headers["x-request-id"] in answer.text or answer.status_code < 500


async def test_a_request_id_of_the_proxy_is_kept_and_a_hostile_one_replaced() -> None:
    async with client(handlers=HANDLERS) as http:
        kept = await http.get("/healthz", headers={"x-request-id": "proxy-12345678"})
        replaced = await http.get("/healthz", headers={"x-request-id": "x<script>alert(1)</script>"})
    assert kept.headers["x-request-id"] == "proxy-12345678"
    assert "<" not in replaced.headers["x-request-id"]


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/refuse", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("/refuse", "*/*", "text/html"),
        ("/refuse", "application/json", "application/problem+json"),
        ("/refuse", "application/problem+json", "application/problem+json"),
        ("/refuse", "application/json, text/html", "text/html"),
        ("/api/v1/refuse", "text/html", "application/problem+json"),
    ],
)
async def test_a_refusal_is_a_page_or_problem_json_by_what_the_caller_accepts(
    path: str, accept: str, kind: str
) -> None:
    async with client(handlers=HANDLERS) as http:
        answer = await http.get(path, headers={"accept": accept})
    assert answer.status_code == 409
    assert answer.headers["content-type"].startswith(kind)
    assert "还差 3 本" in answer.text


async def test_problem_json_names_code_status_request_and_wrong_fields() -> None:
    async with client(handlers=HANDLERS) as http:
        body = (await http.get("/wrong-fields", headers={"accept": "application/json"})).json()
    assert (body["status"], body["code"]) == (422, "invalid_input")
    assert body["fields"] == [{"field": "title", "message": "请填写这一项。"}]
    assert body["request_id"]


async def test_an_unknown_address_is_a_page_in_the_readers_language() -> None:
    async with client(handlers=HANDLERS) as http:
        answer = await http.get("/nothing?lang=en")
    assert answer.status_code == 404
    assert "There is no such page here" in answer.text


async def test_a_wrong_method_and_a_wrong_parameter_are_refused_politely() -> None:
    async with client(handlers=HANDLERS) as http:
        method = await http.post("/refuse")
        parameter = await http.get("/numbers/2", params={"factor": "many"})
    assert (method.status_code, parameter.status_code) == (405, 400)
    assert "不支持这种操作" in method.text
    assert "请求有误" in parameter.text


async def test_whoever_reads_an_address_that_only_takes_forms_is_led_to_the_page_with_the_form() -> None:
    async with client() as http:
        answer = await http.get(f"/mediator-posts/{uuid4()}/end?lang=en")
        program = await http.get(f"/mediator-posts/{uuid4()}/end", headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/mediator-posts?lang=en")
    assert program.status_code == 405


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_a_crash_tells_nothing_but_its_number(accept: str, caplog: pytest.LogCaptureFixture) -> None:
    async with client(handlers=HANDLERS) as http:
        answer = await http.get("/crash", headers={"accept": accept})
    assert answer.status_code == 500
    assert "13812345678" not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["x-request-id"] in answer.text


async def test_when_the_source_of_principals_fails_the_visitor_gets_an_error_page() -> None:
    from app.web import principal

    class Broken:
        async def visitor(self, _session_token: str | None, _bearer: str | None) -> Any:
            raise ConnectionRefusedError

    async with client(somebody(), handlers=HANDLERS) as http:
        principal.register(Broken())
        answer = await http.get("/mine")
    assert answer.status_code == 503
    assert "暂时不可用" in answer.text


async def test_guards_send_strangers_to_sign_in_and_refuse_those_without_the_permission() -> None:
    async with client(handlers=HANDLERS) as http:
        stranger = await http.get("/review?page=2")
        program = await http.get("/review", headers={"accept": "application/json"})
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/sign-in?next=/review%3Fpage%3D2")
    assert program.status_code == 401
    async with client(somebody(), handlers=HANDLERS) as http:
        assert (await http.get("/mine")).status_code == 200
        assert (await http.get("/review")).status_code == 403
    async with client(somebody(Permission.PRODUCT_REVIEW), handlers=HANDLERS) as http:
        assert (await http.get("/review")).text == "review"


async def test_personal_pages_are_never_kept_by_caches_and_public_ones_are_revalidated() -> None:
    async with client(handlers=HANDLERS) as http:
        assert (await http.get("/numbers/1")).headers["cache-control"] == "no-cache"
    async with client(somebody(), handlers=HANDLERS) as http:
        answer = await http.get("/mine")
    assert answer.headers["cache-control"] == "private, no-store"
    assert {"Cookie", "Accept-Language"} <= set(answer.headers["vary"].split(", "))


async def test_a_write_redirects_with_303_and_its_sentence_is_shown_once() -> None:
    async with client(handlers=HANDLERS) as http:
        answer = await http.post("/leave")
        assert (answer.status_code, answer.headers["location"]) == (303, "/target")
        shown, again = await http.get("/_components"), await http.get("/_components")
    assert "还差 2 本" in shown.text
    assert "还差 2 本" not in again.text


@pytest.mark.parametrize(
    "cookie", ["", "!!!", "W10", "eyJ4IjoxfQ", "W1siZG9uZSIsIiUoeClzIix7fV1d", "W1siZG9uZSIsMSx7fV1d"]
)
async def test_a_forged_or_damaged_flash_cookie_changes_nothing(cookie: str) -> None:
    async with client(handlers=HANDLERS) as http:
        answer = await http.get("/_components", headers={"cookie": f"fahui_flash={cookie}"})
    assert answer.status_code == 200


async def test_reports_of_the_content_policy_are_counted_without_queries(caplog: pytest.LogCaptureFixture) -> None:
    before = policy_reports.counted.get("style-src-attr", 0)
    old = {"csp-report": {"effective-directive": "style-src-attr", "document-uri": "http://x/page?name=Wang"}}
    new = [{"type": "csp-violation", "body": {"effectiveDirective": "style-src-attr", "documentURL": "http://x/p?q=1"}}]
    caplog.set_level(logging.INFO)
    async with client(handlers=HANDLERS) as http:
        for body in (old, new, {"csp-report": 7}, [1], "text"):
            answer = await http.post(headers.REPORTS, content=json.dumps(body))
            assert answer.status_code == 204
        assert (await http.post(headers.REPORTS, content=b"\xff not json")).status_code == 204
    assert policy_reports.counted["style-src-attr"] == before + 2
    assert "Wang" not in caplog.text


@pytest.mark.parametrize(
    ("wanted", "followed"),
    [("/a?b=1", "/a?b=1"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/"),
     (None, "/"), ("", "/"), ("/a\r\nSet-Cookie: x=1", "/"), ("javascript:alert(1)", "/")],
)  # fmt: skip
def test_a_redirect_never_leaves_the_site(wanted: str | None, followed: str) -> None:
    assert own_path(wanted) == followed


async def test_a_page_escapes_what_people_wrote() -> None:
    @get("/shout", guards=[public])
    async def shout() -> Response[str]:
        return await page("app/error.html", refusal=_Refusal("<script>alert(1)</script>"))

    async with client(handlers=[html(shout)]) as http:
        answer = await http.get("/shout")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


class _Refusal:
    def __init__(self, title: str) -> None:
        self.title, self.status, self.detail, self.fields = title, 404, Message("x"), {}
