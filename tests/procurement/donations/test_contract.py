"""Stripe's own library against a server that plays Stripe (localstripe), and our demonstration beside it."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import SimpleQueue
from uuid import uuid4

import httpx
import msgspec
import pytest
import stripe

from app.core.settings import Settings
from procurement.donations import choosing
from procurement.donations.events.rules import Subject, SubjectKind, subject_of
from procurement.donations.fake import acting
from procurement.donations.gateway import StripeGateway
from procurement.donations.payments import CheckoutWish, GatewayRefused, GatewayUnavailable, PaymentState, RefundState
from procurement.donations.signatures import is_genuine, signed
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE

KEY, SECRET, BODY = "sk_test_contract", "whsec_contract", b'{"id":"evt_1","object":"event","type":"x"}'
SERVER = "from localstripe.server import app; import aiohttp.web as w; w.run_app(app, host='127.0.0.1', port={port})"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve localstripe on this machine alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(port=port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": "/nonexistent"},
    )  # fmt: skip
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def test_our_signatures_are_stripes_and_stripes_are_ours() -> None:
    now = int(time.time())
    assert stripe.WebhookSignature.verify_header(BODY, signed(BODY, SECRET, now), SECRET, 300)
    theirs = stripe.WebhookSignature.generate_signature_header(BODY.decode(), SECRET, now)
    assert is_genuine(BODY, theirs, SECRET, now)
    assert is_genuine(BODY, f"{theirs},v0=old,v1=other", SECRET, now)


@pytest.mark.parametrize(
    ("body", "header", "secret", "late"),
    [
        (BODY + b" ", "", SECRET, 0), (BODY, "", "whsec_other", 0), (BODY, "", SECRET, 301), (BODY, "", SECRET, -301),
        (BODY, "v1=abc", SECRET, 0), (BODY, "t=1,t=2,v1=x", SECRET, 0), (BODY, "nonsense", SECRET, 0),
        (BODY, "", "", 0),
    ],
)  # fmt: skip
def test_what_is_changed_old_or_not_signed_is_not_genuine(body: bytes, header: str, secret: str, late: int) -> None:
    now = int(time.time())
    assert not is_genuine(body, header or signed(BODY, SECRET, now), secret, now + late)


def _intent(address: str, amount: int) -> str:
    client = stripe.StripeClient(KEY, base_addresses={"api": address}).v1
    method = client.payment_methods.create(
        {"type": "card", "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123"}}
    )
    made = client.payment_intents.create({"amount": amount, "currency": "cny", "payment_method": method.id})
    return client.payment_intents.confirm(made.id).id


async def test_the_library_reads_intents_and_refunds_as_we_take_them(address: str) -> None:
    gateway = StripeGateway(KEY, SECRET, address)
    ours = uuid4()
    intent = _intent(address, 10_000)
    made = await gateway.refund(intent, 4_000, ours, "key")
    assert (made.amount_minor, made.state, made.ours) == (4_000, RefundState.SUCCEEDED, ours)


def test_a_webhook_that_the_server_signs_is_genuine_and_names_its_payment(address: str) -> None:
    came: SimpleQueue[tuple[bytes, str]] = SimpleQueue()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.put((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        hook = {"url": f"http://127.0.0.1:{server.server_port}/", "secret": SECRET,
                "events": ["payment_intent.succeeded"]}  # fmt: skip
        httpx.post(f"{address}/_config/webhooks/ours", json=hook, auth=(KEY, "")).raise_for_status()
        intent = _intent(address, 10_000)
        body, header = came.get(timeout=60)
        while intent.encode() not in body:  # what other tests paid comes as well, late
            body, header = came.get(timeout=60)
        server.shutdown()
        thread.join()
    assert is_genuine(body, header, SECRET, int(time.time()))
    assert not is_genuine(body.replace(b"10000", b"90000"), header, SECRET, int(time.time()))
    told = msgspec.json.decode(body)
    assert told["livemode"] is False
    assert subject_of(told["type"], told["data"]["object"]) == Subject(SubjectKind.PAYMENT, intent)


async def test_what_the_server_does_not_know_is_refused_and_what_is_away_is_unavailable(address: str) -> None:
    with pytest.raises(GatewayRefused):
        await StripeGateway(KEY, SECRET, address).refund("pi_missing", 1, uuid4(), "key")
    gateway = StripeGateway(KEY, SECRET, "http://127.0.0.1:9")
    gateway._client = stripe.StripeClient(KEY, base_addresses={"api": "http://127.0.0.1:9"}, max_network_retries=0)
    with pytest.raises(GatewayUnavailable):
        await gateway.checkout("cs_1")


async def test_the_demonstration_keeps_keys_and_refuses_over_refunds(db: None) -> None:
    await giving.desk()
    wish = CheckoutWish(uuid4(), "t", 10_000, "CNY", False, "http://x/y", "http://x/z", "zh")
    first, again = [await STRIPE.open_checkout(wish, "one") for _ in range(2)]
    assert first.id == again.id != (await STRIPE.open_checkout(wish, "two")).id
    with pytest.raises(GatewayRefused, match="idempotency_error"):
        await STRIPE.open_checkout(CheckoutWish(uuid4(), "t", 1, "CNY", False, "x", "x", "zh"), "one")
    payment = await acting.pay(STRIPE, first.id)
    assert (await STRIPE.payment(payment)).state is PaymentState.SUCCEEDED
    refund = await STRIPE.refund(payment, 6_000, uuid4(), "refund")
    with pytest.raises(GatewayRefused, match="charge_already_refunded"):
        await STRIPE.refund(payment, 4_001, uuid4(), "more")
    assert refund.state is RefundState.SUCCEEDED


def test_an_event_names_what_to_read_again() -> None:
    parent = {"subscription_details": {"subscription": "sub_1"}}
    for kind, about, subject in (
        ("checkout.session.completed", {"id": "cs_1"}, Subject(SubjectKind.CHECKOUT, "cs_1")),
        ("payment_intent.succeeded", {"id": "pi_1"}, Subject(SubjectKind.PAYMENT, "pi_1")),
        ("charge.dispute.created", {"id": "du_1", "payment_intent": "pi_1"}, Subject(SubjectKind.PAYMENT, "pi_1")),
        ("refund.failed", {"id": "re_1", "payment_intent": {"id": "pi_1"}}, Subject(SubjectKind.PAYMENT, "pi_1")),
        ("invoice.paid", {"id": "in_1", "parent": parent}, Subject(SubjectKind.PLAN, "sub_1")),
        ("customer.subscription.deleted", {"id": "sub_1"}, Subject(SubjectKind.PLAN, "sub_1")),
        ("charge.updated", {"id": "ch_1", "payment_intent": None}, Subject(SubjectKind.NONE)),
        ("payout.paid", {"id": "po_1"}, Subject(SubjectKind.NONE)),
    ):
        assert subject_of(kind, about) == subject


@pytest.mark.parametrize(
    ("mode", "key", "secret", "refusal"),
    [
        ("production", "", "", choosing.GiftsNotSetUp),
        ("production", "sk_test_1", "whsec_1", choosing.KeyMisplaced),
        ("production", "sk_live_1", "whsec_1", None),
        ("production", "sk_live_1", "", choosing.KeyMisplaced),
        ("demo", "sk_live_1", "whsec_1", choosing.KeyMisplaced),
        ("demo", "rk_live_1", "whsec_1", choosing.KeyMisplaced),
        ("demo", "sk_test_1", "whsec_1", None),
        ("demo", "", "", None),
    ],
)
def test_a_key_is_used_where_it_belongs_only(mode: str, key: str, secret: str, refusal: type | None) -> None:
    given = Settings(mode=mode, stripe_key=key, stripe_secret=secret)  # type: ignore[arg-type]
    assert choosing.refusal_of(given) is refusal
