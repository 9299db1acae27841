"""What people type about quotations."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from app.web.fields import Yuan
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.offers.rules import Ground

Lines = Annotated[str, msgspec.Meta(max_length=4000, extra={"input": "textarea"})]
Words = Annotated[str, msgspec.Meta(max_length=2000, extra={"input": "textarea"})]
Name = Annotated[str, msgspec.Meta(max_length=60)]
Passphrase = Annotated[str, msgspec.Meta(max_length=200)]


class WishForm(msgspec.Struct):
    """A purchase to ask for by quotations; one requirement a line."""

    purpose_zh: Annotated[str, msgspec.Meta(max_length=200)]
    category: Category
    unit: Unit
    quantity: int
    ceiling_fen: Yuan
    place_code: Annotated[str, msgspec.Meta(max_length=12)]
    line: Annotated[str, msgspec.Meta(max_length=20)]
    starts_on: date
    ends_on: date
    requirements: Lines


class InviteForm(msgspec.Struct):
    """Whom to invite, who keeps the key, until when."""

    deadline: datetime
    needed: int
    organizations: list[UUID] = []
    keepers: list[UUID] = []


class UnlockForm(msgspec.Struct):
    """A keeper's passphrase."""

    passphrase: Passphrase


class KeyForm(msgspec.Struct):
    """A new key's passphrase, twice."""

    passphrase: Passphrase
    repeated: Passphrase


class SetAsideForm(msgspec.Struct):
    """Why a quotation does not count."""

    quotation: UUID
    ground: Ground
    reason: Annotated[str, msgspec.Meta(max_length=500)]


class ProposeForm(msgspec.Struct):
    """Whom the meeting proposes; one participant a line."""

    proposed: UUID
    held_on: date
    participants: Lines
    reasons: Words = ""


class QuotationForm(msgspec.Struct):
    """A supplier's quotation; the file travels beside."""

    unit_price_fen: Yuan
    product: Annotated[str, msgspec.Meta(max_length=20)]
    legal_representative: Name
    controlled_by: Name = ""
    met: list[int] = []
    words_zh: Words = ""
    attached: str = ""
