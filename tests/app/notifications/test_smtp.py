"""E-mail handed to a real mail server over TLS, on the loopback."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.notifications.gateways import DeliveryRefused, Outgoing
from app.notifications.rules import Channel
from app.notifications.smtp import SmtpGateway
from app.operations.doctor import masked
from tests.ports import free_port

SENDER = "fahui@example.gov.cn"
RIGHT, KNOWN = "se%40cret", LoginPassword(b"house", b"se@cret")


@dataclass
class Mailbox:
    """What the server took; recipients at ``full`` are refused as told."""

    letters: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_RCPT(self, _server: object, _session: object, envelope: Envelope, to: str, _: list[str]) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.answer

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@dataclass
class Server:
    """A mail server that insists on TLS and a password, and a client's trust in it."""

    mailbox: Mailbox
    port: int
    trust: ssl.SSLContext

    def gateway(self, password: str = RIGHT) -> SmtpGateway:
        return SmtpGateway(f"smtp://house:{password}@localhost:{self.port}", SENDER, tls=self.trust)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run the server with a certificate of its own."""
    papers = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers)
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="localhost",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=lambda *given: AuthResult(success=given[-1] == KNOWN, handled=False),
    )
    controller.start()
    yield Server(mailbox, controller.port, ssl.create_default_context(cafile=str(papers)))
    controller.stop()


def certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start - timedelta(days=1))
        .not_valid_after(start + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "server.pem"
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


def letter() -> Outgoing:
    return Outgoing(7, uuid4(), Channel.EMAIL, "reader@example.org", "明天 9:30 在文晖街道值班。\n请带上证件。")


async def test_a_letter_arrives_whole_with_a_subject_and_the_same_id_at_each_attempt(server: Server) -> None:
    sent = letter()
    await server.gateway().send(sent)
    await server.gateway().send(sent)
    first, second = server.mailbox.letters
    assert first["to"] == "reader@example.org"
    assert first["from"] == SENDER
    assert first["subject"] == "明天 9:30 在文晖街道值班。"
    assert first.get_content().splitlines() == sent.body.splitlines()
    assert first["message-id"] == second["message-id"] == f"<{sent.reference}@example.gov.cn>"


@pytest.mark.parametrize(("answer", "permanent"), [("550 no such mailbox", True), ("452 full", False)])
async def test_a_refused_recipient_is_surely_not_sent(server: Server, answer: str, permanent: bool) -> None:
    server.mailbox.answer = answer
    with pytest.raises(DeliveryRefused) as refused:
        await server.gateway().send(letter())
    assert (refused.value.reason, refused.value.permanent) == (f"smtp {answer[:3]}", permanent)
    assert server.mailbox.letters == []


async def test_a_wrong_password_or_no_server_is_a_refusal_without_the_address_in_it(server: Server) -> None:
    with pytest.raises(DeliveryRefused, match="smtp 535"):
        await server.gateway(password="other").send(letter())
    nobody = SmtpGateway("smtp://localhost:9", SENDER, tls=server.trust)
    with pytest.raises(DeliveryRefused, match="smtp ConnectionRefusedError"):
        await nobody.send(letter())


async def test_a_server_that_nobody_trusts_gets_no_letter(server: Server) -> None:
    stranger = SmtpGateway(f"smtp://house:se%40cret@localhost:{server.port}", SENDER)
    with pytest.raises(ssl.SSLCertVerificationError):
        await stranger.send(letter())
    assert server.mailbox.letters == []


@pytest.mark.parametrize("address", ["http://mail.example.org", "smtp://", "mail.example.org"])
def test_an_address_that_is_none_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="FAHUI_SMTP_URL"):
        SmtpGateway(address, SENDER)


def test_the_doctor_shows_no_password() -> None:
    assert masked("smtps://house:se%40cret@mail.example.org:465") == "smtps://house:***@mail.example.org:465"
