"""What a quotation says, and the bytes that are sealed of it."""

from uuid import UUID

import msgspec


class Attached(msgspec.Struct, frozen=True):
    """A file that travels inside the sealed text."""

    file_name: str
    content: bytes


class Quotation(msgspec.Struct, frozen=True):
    """A supplier's price for a unit of one of its products, with its words and declarations."""

    unit_price_fen: int
    product_id: int
    product_version: int
    met: list[int]  # positions of the requirements that the supplier undertakes
    legal_representative: str
    controlled_by: str = ""
    words_zh: str = ""
    attached: Attached | None = None


def written(quotation: Quotation) -> bytes:
    """Return the bytes to seal."""
    return msgspec.msgpack.encode(quotation)


def read(plain: bytes) -> Quotation:
    """Return what was sealed; raises msgspec.DecodeError for other bytes."""
    return msgspec.msgpack.decode(plain, type=Quotation)


def context_of(invitation: UUID) -> bytes:
    """Return what an envelope is bound to: the one invitation that it answers."""
    return b"fahui quotation v1/" + invitation.bytes
