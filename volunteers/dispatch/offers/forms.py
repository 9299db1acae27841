"""What somebody says to an offer."""

from uuid import UUID

import msgspec

from volunteers.dispatch.offers.rules import NoReason


class DeclineForm(msgspec.Struct):
    """A no, with a word why if they want to say."""

    reason: NoReason | None = None


class AcceptForm(msgspec.Struct):
    """A yes to all that was shown; what is asked meanwhile waits for an answer of its own."""

    offer: list[UUID] = []
