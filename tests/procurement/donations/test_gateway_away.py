"""A payment service that is away, refuses, or is somebody else: the error is honest, and nothing is lost."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from stripe._http_client import HTTPClient

from app.core import clock, database
from app.core.errors import DomainError
from app.core.settings import Settings
from procurement.donations import choosing
from procurement.donations import gateway as stripes
from procurement.donations.events.service import handle_waiting
from procurement.donations.fake import acting, events, objects
from procurement.donations.fake.gateway import SECRET
from procurement.donations.gateway import StripeGateway
from procurement.donations.jobs import follow_gifts
from procurement.donations.payments import CheckoutWish, GatewayKeyRefused, GatewayRefused, GatewayUnavailable
from procurement.donations.reconciliation.service import reconcile
from procurement.donations.refunds.service import NewRefund, decide_refund, propose_refund
from procurement.donations.rules import RefundStatus
from procurement.donations.signatures import signed
from tests.app.web.client import client
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE, Away

WISH = CheckoutWish(uuid4(), "t", 10_000, "CNY", False, "http://x/y", "http://x/z", "zh")
SESSION = {"id": "cs_1", "object": "checkout.session", "url": "https://pay", "status": "open", "payment_intent": None,
           "subscription": None, "metadata": {}}  # fmt: skip


class Refusing(Away):
    """The payment service while it refuses."""

    async def unanswered(self, *_: Any) -> Any:
        """Refuse."""
        raise GatewayRefused(reason="amount_too_small")


@contextmanager
def served(*answers: tuple[int, Any], silent: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Serve some answers one after the other, or none at all; yield the address and the keys that came."""
    keys: list[str] = []
    left, over = list(answers), threading.Event()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            keys.append(self.headers.get("Idempotency-Key", ""))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if silent:
                over.wait()
                return
            status, body = left.pop(0) if len(left) > 1 else left[0]
            content = body if isinstance(body, bytes) else msgspec.json.encode(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", keys
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the library try again at once."""
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(HTTPClient, "MAX_DELAY", 0)


def error(kind: str, code: str = "") -> dict[str, Any]:
    return {"error": {"type": kind, "code": code or None, "message": "no"}}


@pytest.mark.parametrize(
    ("status", "body", "refusal"),
    [
        (500, error("api_error"), GatewayUnavailable),
        (503, b"<html>busy</html>", GatewayUnavailable),
        (200, b"not json", GatewayUnavailable),
        (429, error("rate_limit_error", "lock_timeout"), GatewayUnavailable),
        (401, error("invalid_request_error"), GatewayKeyRefused),
        (403, error("invalid_request_error", "more_permissions_required"), GatewayKeyRefused),
        (400, error("invalid_request_error", "amount_too_small"), GatewayRefused),
        (402, error("card_error", "card_declined"), GatewayRefused),
        (404, error("invalid_request_error", "resource_missing"), GatewayRefused),
    ],
)
async def test_what_surely_was_not_done_is_told_from_what_nobody_knows(
    status: int, body: Any, refusal: type[DomainError]
) -> None:
    with served((status, body)) as (address, _), pytest.raises(DomainError) as caught:
        await StripeGateway("sk_test_1", "whsec_1", address).open_checkout(WISH, "key")
    assert type(caught.value) is refusal


async def test_no_answer_in_time_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripes, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(stripes, "RETRIES", 1)
    with served(silent=True) as (address, keys), pytest.raises(GatewayUnavailable):
        await StripeGateway("sk_test_1", "whsec_1", address).open_checkout(WISH, "key")
    assert keys == ["key", "key"]


async def test_a_write_whose_answer_failed_is_repeated_with_the_same_key() -> None:
    with served((500, error("api_error")), (200, SESSION)) as (address, keys):
        made = await StripeGateway("sk_test_1", "whsec_1", address).open_checkout(WISH, "ours")
    assert (made.id, keys) == ("cs_1", ["ours", "ours"])


def form(once: str, amount: str = "88") -> dict[str, str]:
    return {"once": once, "rhythm": "once", "amount": amount, "name": "李明", "email": "li@example.org"}


async def test_a_donor_whose_form_was_not_answered_sends_it_again_and_gives_once(db: None) -> None:
    desk = await giving.desk()
    once = uuid4().hex
    async with client(desk.clerk) as http:
        with giving.paid_through(Away()):
            told = await http.post("/funds/legal-aid/give", data=form(once))
        assert told.status_code == 503
        assert "支付平台暂时没有响应" in told.text
        assert f'value="{once}"' in told.text
        assert 'value="李明"' in told.text
        first = await http.post("/funds/legal-aid/give", data=form(once))
        again = await http.post("/funds/legal-aid/give", data=form(once))
    assert (first.status_code, again.headers["location"]) == (303, first.headers["location"])
    assert await database.fetch_value("SELECT count(*) FROM gift") == 1
    assert len(await objects.listed("checkout")) == 1


async def test_a_donor_who_was_refused_gets_the_form_back_with_a_new_key(db: None) -> None:
    desk = await giving.desk()
    once = uuid4().hex
    async with client(desk.clerk) as http:
        with giving.paid_through(Refusing()):
            told = await http.post("/funds/legal-aid/give", data=form(once))
        assert told.status_code == 409
        assert "amount_too_small" in told.text
        fresh = re.search(r'name="once" value="([^"]+)"', told.text).group(1)
        assert fresh != once
        assert (await http.post("/funds/legal-aid/give", data=form(fresh))).status_code == 303
    assert await database.fetch_value("SELECT array_agg(status ORDER BY id) FROM gift") == ["failed", "started"]


async def test_an_approved_refund_that_is_not_answered_stands_and_is_sent_later(db: None) -> None:
    desk = await giving.desk()
    payment = await giving.given(10_000)
    asked = await propose_refund(desk.clerk, NewRefund(await giving.reference_of(payment), 4_000, "x"))
    with giving.paid_through(Away()):
        assert await decide_refund(desk.approver, asked, approve=True) is RefundStatus.APPROVED
        assert (await follow_gifts(clock.now()))["refunds_unanswered"] == 1
    assert (await follow_gifts(clock.now()))["refunds"] == 1
    assert await database.fetch_value("SELECT status FROM gift_refund") == "succeeded"
    assert len(await objects.listed("refund", payment_intent=payment)) == 1


async def test_a_refund_is_not_given_up_because_our_key_was_refused(db: None) -> None:
    class KeyRefused(Away):
        refusal = GatewayKeyRefused

    desk = await giving.desk()
    reference = await giving.reference_of(await giving.given(10_000))
    asked = await propose_refund(desk.clerk, NewRefund(reference, 4_000, "x"))
    with giving.paid_through(KeyRefused()):
        assert await decide_refund(desk.approver, asked, approve=True) is RefundStatus.APPROVED
    await follow_gifts(clock.now())
    assert await database.fetch_value("SELECT status FROM gift_refund") == "succeeded"


async def test_an_event_that_could_not_be_handled_is_tried_again_later_and_later(db: None) -> None:
    await giving.desk()
    await acting.pay(STRIPE, await giving.asked(10_000))
    with giving.paid_through(Away()):
        await giving.deliver()
        assert await database.fetch_value("SELECT array_agg(DISTINCT error) FROM gateway_event") == [
            "gateway_unavailable"
        ]
        assert await handle_waiting() == {"handled": 0, "failed": 0}  # too soon
        with clock.travelled_to(clock.now() + timedelta(minutes=1)):
            assert await handle_waiting() == {"handled": 0, "failed": 2}
    with clock.travelled_to(clock.now() + timedelta(minutes=1)):
        assert await handle_waiting() == {"handled": 0, "failed": 0}  # a second try waits longer
    with clock.travelled_to(clock.now() + timedelta(minutes=2)):
        assert await handle_waiting() == {"handled": 2, "failed": 0}
    assert await database.fetch_value("SELECT status FROM gift") == "given"


async def at_the_door(body: bytes, header: str) -> int:
    async with client() as http:
        answer = await http.post("/webhooks/donations", content=body, headers={"stripe-signature": header})
    return answer.status_code


async def test_the_door_takes_what_is_signed_for_us_now_and_nothing_else(db: None) -> None:
    await giving.desk()
    await acting.pay(STRIPE, await giving.asked(10_000))
    event = (await events.unsent())[0]
    body, now = events.body_of(event), int(clock.now().timestamp())
    live = body.replace(b'"livemode":false', b'"livemode":true')
    thin = b'{"id":"evt_1","object":"v2.core.event","type":"v1.x","livemode":false,"related_object":{"id":"cs_1"}}'
    for refused, header in (
        (body, ""), (body, "t=1,v1=00"), (body, signed(body, "whsec_other", now)),
        (body, signed(body, SECRET, now - 301)), (body + b" ", signed(body, SECRET, now)),
        (live, signed(live, SECRET, now)), (thin, signed(thin, SECRET, now)), (b"", signed(b"", SECRET, now)),
        (b"[]", signed(b"[]", SECRET, now)),
    ):  # fmt: skip
        assert await at_the_door(refused, header) == 400
    assert await database.fetch_value("SELECT count(*) FROM gateway_event") == 0
    other = body.replace(b'"object":"event"', b'"object":"event","api_version":"2031-01-01.unheard"')
    assert await at_the_door(other, signed(other, SECRET, now)) == 200
    assert await database.fetch_value("SELECT status FROM gift") == "given"


@pytest.mark.parametrize(("mode", "key"), [("production", "sk_test_1"), ("demo", "sk_live_1"), ("production", "")])
async def test_with_the_wrong_key_or_none_pages_say_so_and_the_door_is_shut(
    db: None, monkeypatch: pytest.MonkeyPatch, mode: str, key: str
) -> None:
    await giving.desk()
    given = Settings(mode=mode, stripe_key=key, stripe_secret="whsec_1")  # type: ignore[arg-type]
    monkeypatch.setattr(choosing, "settings", lambda: given)
    async with client() as http:
        said = (await http.get("/funds/legal-aid/give")).text
    assert ("捐赠收款已停用" if key else "还没有开通捐赠收款") in said
    assert "去付款" not in said
    body = b"{}"
    assert await at_the_door(body, signed(body, "whsec_1", int(clock.now().timestamp()))) == 503
    assert await follow_gifts(clock.now()) == {}


async def test_one_object_that_the_service_no_longer_knows_holds_up_no_other(db: None) -> None:
    await giving.desk()
    lost = await giving.asked(10_000, monthly=True)
    await acting.pay(STRIPE, lost)
    await giving.deliver()
    await database.execute("DELETE FROM demo_gateway_object WHERE kind IN ('plan', 'payment')")
    await giving.asked(12_000)
    await acting.pay(STRIPE, (await objects.listed("checkout"))[-1]["id"])
    later = clock.now() + timedelta(hours=1)
    with clock.travelled_to(later):
        await reconcile(later)
    assert await database.fetch_value("SELECT count(*) FROM gift WHERE status = 'given'") == 2


async def test_a_look_at_the_books_that_is_not_answered_changes_nothing_and_is_made_again(db: None) -> None:
    await giving.desk()
    await acting.pay(STRIPE, await giving.asked(10_000))
    with giving.paid_through(Away()), pytest.raises(GatewayUnavailable):
        await reconcile(clock.now())
    assert await giving.ledger() == []
    assert (await reconcile(clock.now())).missed == 1
