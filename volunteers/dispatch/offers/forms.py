"""What somebody says to an offer."""

import msgspec

from volunteers.dispatch.offers.rules import NoReason


class DeclineForm(msgspec.Struct):
    """A no, with a word why if they want to say."""

    reason: NoReason | None = None
