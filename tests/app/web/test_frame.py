"""The smaller parts of the frame: cursors, static files, cookies, health, versions, templates, guards."""

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Response, get

from app.core.access import Permission
from app.core.errors import EditConflict
from app.core.settings import settings
from app.web import api, cookies, guards, health, sessions, static, template_check
from app.web.guards import public
from app.web.pagination import BadCursor, decode_cursor, encode_cursor, page_size, sliced
from app.web.routes import html
from tests.app.web.client import client, whole_application


def test_a_list_is_read_to_its_end_by_cursors_without_gap_or_repetition() -> None:
    rows = list(range(100, 0, -1))
    seen: list[int] = []
    cursor = None
    for _ in range(20):
        after = decode_cursor(cursor, int)
        rest = [row for row in rows if after is None or row < after]
        part = sliced(rest[: 7 + 1], key=lambda row: row, size=7)
        seen += part.items
        cursor = part.next_cursor
        if cursor is None:
            break
    assert seen == rows


def test_a_cursor_keeps_the_type_of_its_key() -> None:
    key = (datetime(2026, 11, 12, 1, tzinfo=UTC), 7)
    assert decode_cursor(encode_cursor(key), tuple[datetime, int]) == key


@pytest.mark.parametrize(
    "cursor", ["!", "abc", "IiI", encode_cursor("text"), encode_cursor([1, 2]), "\u00e9", "A" * 5000]
)
def test_a_cursor_not_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor, int)


def test_the_size_of_a_page_stays_within_limits() -> None:
    assert [page_size(asked) for asked in (None, 0, -5, 20, 10_000)] == [50, 1, 1, 20, 200]


async def test_a_static_file_is_kept_for_a_year_under_the_hash_of_its_content() -> None:
    address = static.asset("site.css")
    async with client() as http:
        packed = await http.get(address)
        plain = await http.get(address, headers={"accept-encoding": "identity"})
        other = await http.get(address.replace(static.assets()["site.css"].fingerprint, "0" * 12))
        escape = await http.get(f"/static/{'0' * 12}/../../app/core/settings.py")
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-encoding"] == "gzip"
    assert "set-cookie" not in packed.headers
    assert plain.content == packed.content == gzip.decompress(static.assets()["site.css"].compressed)
    assert (other.status_code, escape.status_code) == (404, 404)


def test_the_address_of_a_file_follows_its_content() -> None:
    one, two = static._asset("a.css", b"a{}"), static._asset("a.css", b"b{}")
    assert one.fingerprint != two.fingerprint
    with pytest.raises(LookupError, match=r"app\.assets"):
        static.asset("vendor/nothing.js")


async def test_a_page_names_only_static_files_that_exist() -> None:
    async with client() as http:
        text = (await http.get("/_components")).text
        for address in set(re.findall(r'(?:href|src)="(/static/[^"#]+)', text)):
            assert (await http.get(address)).status_code == 200, address


def test_cookies_are_httponly_lax_and_behind_https_secure_and_bound_to_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = cookies.session("t", 60)
    assert plain == "fahui_session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"
    monkeypatch.setattr(cookies, "secure", lambda: True)
    for cookie in (cookies.session("t", 60), cookies.csrf("t"), cookies.language("en"), cookies.flash("x")):
        assert cookie.startswith("__Host-fahui_")
        assert cookie.endswith("; Secure")
        assert "HttpOnly; SameSite=Lax" in cookie
        assert "Domain" not in cookie
    assert cookies.read("fahui_session=planted; __Host-fahui_session=own") == {"fahui_session": "own"}


def test_https_is_known_from_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAHUI_BASE_URL", "https://fahui.example")
    settings.cache_clear()
    try:
        assert cookies.secure()
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert not cookies.secure()


def test_a_damaged_cookie_header_is_no_cookies() -> None:
    assert cookies.read("fahui_session") == {}
    assert cookies.read("\x00=;;;=,") == {}


async def test_signing_in_sends_a_session_cookie_and_drops_the_anonymous_token() -> None:
    @get("/in", guards=[public])
    async def sign_in() -> Response[str]:
        sessions.start("new-token", 3600)
        return Response("in")

    @get("/out", guards=[public])
    async def sign_out() -> Response[str]:
        sessions.end()
        return Response("out")

    async with client(handlers=[html(sign_in, sign_out)]) as http:
        entered = (await http.get("/in")).headers.get_list("set-cookie")
        left = (await http.get("/out")).headers.get_list("set-cookie")
    assert any(cookie.startswith("fahui_session=new-token;") and "Max-Age=3600" in cookie for cookie in entered)
    assert any(cookie.startswith("fahui_csrf=;") and "Max-Age=0" in cookie for cookie in entered)
    assert any(cookie.startswith("fahui_session=;") and "Max-Age=0" in cookie for cookie in left)


async def test_readiness_needs_the_database_and_the_whole_schema(db: None) -> None:
    async with client(handlers=[]) as http:
        assert (await http.get("/healthz")).json() == {"status": "ok"}
        assert (await http.get("/readyz")).status_code == 200
        ids = health.required_migrations()
        assert {app for app, _ in ids} >= {"app", "marketplace", "volunteers", "procurement"}


async def test_a_database_behind_the_program_is_not_ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = health.required_migrations()
    monkeypatch.setattr(health, "required_migrations", lambda: shipped | {("app", "2099-01-01T00:00:00:000000")})
    async with client(handlers=[]) as http:
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "schema out of date"})


async def test_without_a_database_the_process_lives_but_is_not_ready() -> None:
    async with client(handlers=[]) as http:
        assert (await http.get("/healthz")).status_code == 200
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database unreachable"})


def test_an_edit_names_the_version_it_was_made_from() -> None:
    def request(value: str | None) -> Any:
        headers = httpx.Headers({} if value is None else {"if-match": value})
        return type("Request", (), {"headers": headers})()

    assert api.expected_version(request('"7"')) == 7
    assert api.expected_version(request('W/"8"')) == 8
    with pytest.raises(api.VersionRequired):
        api.expected_version(request(None))
    with pytest.raises(EditConflict):
        api.expected_version(request('"abc"'))
    with pytest.raises(EditConflict):
        api.check_version(3, 2)
    api.check_version(2, 2)
    assert api.versioned({"a": 1}, 5).headers["ETag"] == '"5"'


def test_every_template_compiles_and_keeps_to_the_policy() -> None:
    assert template_check.faults() == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<p style='color: red'>x</p>", "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a onclick="x()">x</a>', "inline handler"),
        ("{{ x|safe }}", "|safe"),
        ("{% if %}", "Expected"),
        ('{% extends "layouts/none.html" %}', "no template layouts/none.html"),
        ('{{ icon("no-such-icon") }}', "no icon no-such-icon"),
    ],
)
def test_the_check_of_templates_finds_what_is_forbidden(
    text: str, fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(template_check, "FOLDER", tmp_path)
    (tmp_path / "a.html").write_text(text)
    assert any(fault in found for found in template_check.faults())


def test_every_route_names_its_guard() -> None:
    for route in whole_application().routes:
        for handler in getattr(route, "route_handlers", []):
            if handler.fn.__module__.startswith("litestar") or "OPTIONS" in handler.http_methods:
                continue
            assert guards.access_of(handler) is not None, f"{route.path} names no guard"


def test_an_access_is_read_from_its_guard() -> None:
    @get("/a", guards=[guards.requires(Permission.PRODUCT_REVIEW)])
    async def guarded() -> None: ...

    @get("/b")
    async def open_by_mistake() -> None: ...

    from litestar import Litestar

    app = Litestar([guarded, open_by_mistake], openapi_config=None)
    found = {route.path: guards.access_of(route.route_handlers[0]) for route in app.routes}  # type: ignore[union-attr]
    assert found["/a"] == guards.Access(permissions=frozenset({Permission.PRODUCT_REVIEW}))
    assert found["/b"] is None
