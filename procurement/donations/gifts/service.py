"""Beginning a gift: written down here first, then its page is opened at the payment service."""

import hashlib
import re
from dataclasses import dataclass

import msgspec

from app.core import audit, clock, database, vault
from app.core.access import Permission, system_principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.money import written
from app.core.text import N_, Message
from procurement.blocks import require
from procurement.donations.choosing import gateway
from procurement.donations.funds import queries as funds
from procurement.donations.funds.queries import FundView
from procurement.donations.gifts import links
from procurement.donations.payments import Checkout, CheckoutState, CheckoutWish, GatewayRefused

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PROGRAM = system_principal(Permission.DONATION_MANAGE)


class FundPaused(DomainError):
    """Finance takes no gifts for the fund at the moment."""

    code, status, message = "fund_paused", 409, N_("这个基金暂停接受捐赠。")


class GiftFormUsed(DomainError):
    """The form was sent before, with another content or to its end."""

    code, status, message = "gift_form_used", 409, N_("这张表已经提交过。请核对后再提交一次。")


@dataclass(frozen=True, slots=True)
class NewGift:
    """A gift as a donor asks for it; ``once`` is the form's own key, which makes sending it again harmless."""

    fund_code: str
    amount_minor: int
    monthly: bool
    once: str
    name: str = ""  # empty: anonymous
    email: str = ""
    locale: str = "zh"


@dataclass(frozen=True, slots=True)
class Begun:
    """A gift that waits to be paid: at which address, and the donor's own page here."""

    reference: str
    checkout_url: str
    page_url: str


async def begin_gift(new: NewGift) -> Begun:
    """Write the gift down and open its page at the payment service.

    Where that does not answer, the same form may be sent again: the same key opens the same page.
    """
    service = gateway()
    fund = await funds.fund(new.fund_code)
    _require_open(fund)
    _require_sound(fund, new)
    gift = await _written(fund, new)
    public_id = gift["public_id"]
    if gift["checkout_id"] is not None:
        return Begun(gift["reference"], await _reopened(gift["checkout_id"]), links.url(public_id))
    wish = CheckoutWish(
        public_id, fund.name_en or fund.name_zh if new.locale == "en" else fund.name_zh, new.amount_minor,
        fund.currency, new.monthly, links.url(public_id), f"{links.url(public_id)}?back=1", new.locale, new.email,
    )  # fmt: skip
    try:
        opened = await service.open_checkout(wish, _key(new))
    except GatewayRefused:
        await database.execute("UPDATE gift SET status = 'failed' WHERE id = $1 AND status = 'started'", gift["id"])
        raise
    await _note(gift["id"], opened)
    return Begun(gift["reference"], opened.url, links.url(public_id))


def _require_open(fund: FundView) -> None:
    require(list(fund.blocks))
    if fund.paused_at is not None:
        raise FundPaused


def _require_sound(fund: FundView, new: NewGift) -> None:
    faults = {}
    if not fund.minimum_minor <= new.amount_minor <= fund.maximum_minor:
        limits = {
            "least": written(fund.minimum_minor, fund.currency),
            "most": written(fund.maximum_minor, fund.currency),
        }
        faults["amount"] = Message(N_("每次捐赠在 %(least)s 到 %(most)s 之间。"), limits)
    if new.email and not EMAIL.fullmatch(new.email):
        faults["email"] = Message(N_("请填写有效的电子邮箱。"))
    if new.monthly and not new.email:
        faults["email"] = Message(N_("每月捐赠请留电子邮箱，感谢函和停止捐赠的链接会发到这里。"))
    if faults:
        raise InvalidInput(faults)


async def _written(fund: FundView, new: NewGift) -> database.Row:
    """Write donor, gift and attempt in one transaction, or find them again by the form's key."""
    digest = hashlib.sha256(msgspec.json.encode(new)).digest()
    async with transaction():
        known = await database.fetch_one(_KNOWN, _key(new))
        if known is not None:
            return _same(known, digest)
        now = clock.now()
        donor_id = await _donor(new)
        of_gift = {
            "fund_id": fund.id,
            "donor_id": donor_id,
            "amount_minor": new.amount_minor,
            "currency": fund.currency,
            "status": "started",
            "started_at": now,
        }
        if new.monthly:
            of_gift["plan_id"] = await database.insert_row("gift_plan", of_gift)
        gift_id = await database.insert_row("gift", of_gift)
        async with database.refusing({"gateway_attempt_once": GiftFormUsed}):
            await database.insert_row(
                "gateway_attempt",
                {
                    "key": _key(new),
                    "purpose": "checkout",
                    "subject_id": gift_id,
                    "request_sha256": digest,
                    "made_at": now,
                },
            )
        await audit.record(PROGRAM, "gift.started", "gift", gift_id, monthly=new.monthly)
        made = await database.fetch_one(_MADE, gift_id)
        if made is None:
            raise NotFound
        return made


async def _donor(new: NewGift) -> int:
    """Write down who gives, sealed with a key of the donor's own."""
    key = await vault.new_subject_key()
    return await database.insert_row(
        "donor",
        {
            "subject_key_id": key.id,
            "name_sealed": key.seal(new.name) if new.name else None,
            "email_sealed": key.seal(new.email) if new.email else None,
            "locale": new.locale,
            "stated_at": clock.now(),
        },
    )


def _same(known: database.Row, digest: bytes) -> database.Row:
    if known["request_sha256"] != digest or known["status"] != "started":
        raise GiftFormUsed
    return known


async def _reopened(checkout_id: str) -> str:
    found = await gateway().checkout(checkout_id)
    if found.state is not CheckoutState.OPEN:
        raise GiftFormUsed
    return found.url


async def _note(gift_id: int, opened: Checkout) -> None:
    await database.execute(
        "UPDATE gift SET checkout_id = $2 WHERE id = $1 AND checkout_id IS DISTINCT FROM $2", gift_id, opened.id
    )


def _key(new: NewGift) -> str:
    return f"checkout:{new.once}"


_MADE = "SELECT id, public_id, reference, checkout_id FROM gift WHERE id = $1"
_KNOWN = """
SELECT gift.id, gift.public_id, gift.reference, gift.checkout_id, gift.status, a.request_sha256
FROM gateway_attempt a JOIN gift ON gift.id = a.subject_id WHERE a.key = $1
"""
