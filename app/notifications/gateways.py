"""The way out to phones and mailboxes: one Protocol per kind, and the demonstration's stand-in for both."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.core import clock, database
from app.core.errors import DomainError
from app.core.settings import settings
from app.core.text import N_
from app.notifications.rules import Channel


class GatewayMissing(DomainError):
    """Production has no gateway for a channel; its messages wait in the queue."""

    code, status = "gateway_missing", 503
    message = N_("短信或邮件通道尚未配置（%(channel)s），消息已排队，暂时发不出去。请联系系统管理员。")


class DeliveryRefused(Exception):
    """The gateway answered that it did not send; ``permanent`` when trying again is useless."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        """Keep a short code; never the recipient or the text."""
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a gateway gets it; ``reference`` is the same at every attempt."""

    id: int
    reference: UUID
    channel: Channel
    recipient: str
    body: str


class Gateway(Protocol):
    """Sends one message, or raises.

    ``DeliveryRefused`` means that it was surely not sent; any other exception leaves that open.
    """

    deduplicates: bool
    """Whether the provider drops a second message with the same reference."""

    async def send(self, message: Outgoing) -> None:
        """Hand the message over."""
        ...


class SmsGateway(Gateway, Protocol):
    """A gateway whose recipients are mainland mobile numbers."""


class EmailGateway(Gateway, Protocol):
    """A gateway whose recipients are e-mail addresses."""


class DemoGateway:
    """Keeps what would have been sent, for the page /demo/outbox; exists in demo and test mode only."""

    deduplicates = True

    async def send(self, message: Outgoing) -> None:
        """Write the message where the page reads it, once."""
        await database.execute(
            """INSERT INTO demo_delivery (notification_id, channel, recipient, body, delivered_at)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (notification_id) DO NOTHING""",
            *(message.id, message.channel.value, message.recipient, message.body, clock.now()),
        )


_registered: dict[Channel, Gateway] = {}


def register_sms(gateway: SmsGateway) -> None:
    """Name the gateway for text messages."""
    _registered[Channel.SMS] = gateway


def register_email(gateway: EmailGateway) -> None:
    """Name the gateway for e-mail."""
    _registered[Channel.EMAIL] = gateway


def forget_registered() -> None:
    """Go back to the mode's own gateways."""
    _registered.clear()


def gateway_for(channel: Channel) -> Gateway:
    """Return the gateway of a channel; in demo and test mode there always is one."""
    if channel in _registered:
        return _registered[channel]
    if settings().mode == "production":
        raise GatewayMissing(channel=channel.value)
    return DemoGateway()


def open_channels() -> list[Channel]:
    """Return the outgoing channels that can send."""
    outgoing = (Channel.SMS, Channel.EMAIL)
    return [channel for channel in outgoing if channel in _registered or settings().mode != "production"]


def closed_channels() -> list[Channel]:
    """Return the outgoing channels that cannot send, for the doctor to name."""
    return [channel for channel in (Channel.SMS, Channel.EMAIL) if channel not in open_channels()]
