"""Members of an organization: an owner names the others and the account that is paid to; an editor writes.

There is one owner at least, always: the database keeps it, and names the longest-serving member where the last
owner leaves.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_

TOKEN_BYTES = 16
LIFE = timedelta(days=7)
MOST_OPEN = 20
"""How many invitations of one organization may be open: enough for a firm, too few for a mailing."""


class Duty(StrEnum):
    """What a member does."""

    OWNER = "owner"
    EDITOR = "editor"


class InvitationStatus(StrEnum):
    """How an invitation stands; that an open one has run out is a matter of dates."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class InvitationEvent(StrEnum):
    """What happens to an invitation."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[InvitationStatus, InvitationEvent], InvitationStatus] = {
    (InvitationStatus.OPEN, InvitationEvent.ACCEPT): InvitationStatus.ACCEPTED,
    (InvitationStatus.OPEN, InvitationEvent.DECLINE): InvitationStatus.DECLINED,
    (InvitationStatus.OPEN, InvitationEvent.WITHDRAW): InvitationStatus.WITHDRAWN,
}

DUTY_NAMES: Mapping[Duty, str] = {
    Duty.OWNER: N_("负责人：管理成员和对公账号"),
    Duty.EDITOR: N_("编辑：写产品、登记材料、接单"),
}
DUTY_SHORT: Mapping[Duty, str] = {Duty.OWNER: N_("负责人"), Duty.EDITOR: N_("编辑")}
STATUS_NAMES: Mapping[InvitationStatus, str] = {
    InvitationStatus.OPEN: N_("等待接受"),
    InvitationStatus.ACCEPTED: N_("已接受"),
    InvitationStatus.DECLINED: N_("已谢绝"),
    InvitationStatus.WITHDRAWN: N_("已收回"),
}


class NotAnOwner(DomainError):
    """Members are named by an owner."""

    code, status = "not_an_owner", 409
    message = N_("只有本单位的负责人可以这样做。请联系负责人。")


class LastOwner(DomainError):
    """An organization is never without an owner."""

    code, status = "last_owner", 409
    message = N_("这是最后一位负责人。请先指定另一位成员为负责人。")


class InvitationOver(DomainError):
    """The link no longer works."""

    code, status = "invitation_over", 409
    message = N_("这个邀请已经用过、收回或过期。请让负责人重新发一个。")


class InvitedAnother(DomainError):
    """The link was sent to another number."""

    code, status = "invited_another", 409
    message = N_("这个邀请是发给另一个手机号的。请用收到短信的手机号登录，或让负责人重新邀请。")


class MemberAlready(DomainError):
    """Nobody joins twice."""

    code, status, message = "member_already", 409, N_("你已经是本单位的成员。")


class TooManyInvitations(DomainError):
    """Open invitations are few."""

    code, status = "too_many_invitations", 409
    message = N_("等待接受的邀请已有 %(most)s 个，请先收回不用的。")


def new_token() -> str:
    """Return the secret part of a link; only its hash is kept."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_sha256(token: str) -> bytes:
    """Return the hash by which a link is found again."""
    return hashlib.sha256(token.encode()).digest()


def is_live(status: InvitationStatus, expires_at: datetime, now: datetime) -> bool:
    """Tell whether an invitation may still be answered."""
    return status is InvitationStatus.OPEN and now < expires_at
