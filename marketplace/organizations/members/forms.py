"""What an owner types about members."""

from typing import Annotated

import msgspec

from marketplace.organizations.members.rules import Duty


class InviteForm(msgspec.Struct):
    """Whom to invite; without a number the link is handed on by the owner."""

    duty: Duty = Duty.EDITOR
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""


class DutyForm(msgspec.Struct):
    """What a member is to do."""

    duty: Duty
