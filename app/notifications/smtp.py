"""E-mail through the city's own mail server (RFC 5321), over TLS."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from app.core.settings import settings
from app.notifications.gateways import DeliveryRefused, Outgoing, register_email

TIMEOUT_SECONDS = 8  # ends before the delivery's own patience does
PORTS = {"smtp": 587, "smtps": 465}


class SmtpGateway:
    """Hands each message to the server named as ``smtps://user:password@host`` or ``smtp://…`` (STARTTLS).

    A mail server does not drop what it got twice, but the Message-ID stays the same, so that mailboxes can.
    """

    deduplicates = False

    def __init__(self, address: str, sender: str, *, tls: ssl.SSLContext | None = None) -> None:
        """Keep where to send and whose name the letters bear; ``tls`` replaces the system's trusted authorities."""
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname or "@" not in sender:
            raise ValueError("FAHUI_SMTP_URL is smtp://… or smtps://…, FAHUI_MAIL_FROM an e-mail address")
        self.host, self.port = parts.hostname, parts.port or PORTS[parts.scheme]
        self.at_once = parts.scheme == "smtps"
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender = sender
        self.tls = tls or ssl.create_default_context()

    async def send(self, message: Outgoing) -> None:
        """Send one letter; a refusal by the server is surely no delivery, a lost connection leaves that open."""
        try:
            await asyncio.to_thread(self._send, self._letter(message))
        except smtplib.SMTPRecipientsRefused as refusal:
            code, _ = next(iter(refusal.recipients.values()))
            raise DeliveryRefused(f"smtp {code}", permanent=code >= 500) from None
        except smtplib.SMTPResponseException as refusal:
            raise DeliveryRefused(f"smtp {refusal.smtp_code}", permanent=refusal.smtp_code >= 500) from None

    def _letter(self, message: Outgoing) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, message.recipient
        letter["Subject"] = message.body.splitlines()[0][:70]
        letter["Date"] = formatdate()
        letter["Message-ID"] = f"<{message.reference}@{self.sender.rsplit('@', 1)[1].rstrip('>')}>"
        letter.set_content(message.body)
        return letter

    def _send(self, letter: EmailMessage) -> None:
        try:
            server = self._connection()
        except OSError as failure:  # nobody has got anything yet
            raise DeliveryRefused(f"smtp {type(failure).__name__}") from None
        with server:
            if not self.at_once:
                server.starttls(context=self.tls)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(letter)

    def _connection(self) -> smtplib.SMTP:
        if self.at_once:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=self.tls)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)


def register_mail_server() -> None:
    """Have e-mail leave through the server that the settings name, if they name one."""
    if settings().smtp_url:
        register_email(SmtpGateway(settings().smtp_url, settings().mail_from))
