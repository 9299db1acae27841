"""Refusals that a person can act on; the text is rendered at the edge only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.text import N_, Message


@dataclass(frozen=True, slots=True)
class Ground:
    """One rule that a refusal rests on: where it stands, since when, what it compared, and what would clear it."""

    code: str
    reason: Message
    remedy: Message
    document: Message
    article: Message
    since: date | None
    value: Message
    verified: bool


class DomainError(Exception):
    """A use case refused. Subclasses set ``code``, ``status`` and ``message`` (a Chinese msgid)."""

    code = "refused"
    status = 409
    message = N_("这个操作现在不能做。")
    grounds: tuple[Ground, ...] = ()

    def __init__(self, fields: dict[str, Message] | None = None, **values: Any) -> None:
        """Keep the values of the message's places and, for forms, one message per field."""
        super().__init__(self.code)
        self.values = values
        self.fields = fields or {}

    def text(self) -> Message:
        """Return the message with its values, ready for the edge."""
        return Message(self.message, self.values)

    def __str__(self) -> str:
        """Return code and Chinese text, for logs and the command line."""
        return f"{self.code}: {self.text()}"


class NotFound(DomainError):
    """There is no such thing, or not for this person: the two look the same from outside."""

    code, status, message = "not_found", 404, N_("没有找到。请检查链接，或从首页重新进入。")


class NotPermitted(DomainError):
    """The person is known but may not do this."""

    code, status, message = "not_permitted", 403, N_("你的账号没有这项权限。需要时请联系本单位管理员。")


class NotSignedIn(DomainError):
    """The action needs an account."""

    code, status, message = "not_signed_in", 401, N_("请先登录。")


class InvalidInput(DomainError):
    """The form is wrong in the named fields."""

    code, status, message = "invalid_input", 422, N_("有内容需要修改，请看标出的位置。")


class NothingTicked(DomainError):
    """A decision about several things at once names none of them."""

    code, status, message = "nothing_ticked", 422, N_("还没有勾选。请先勾选至少一项。")


class EditConflict(DomainError):
    """Somebody else changed the thing since it was read."""

    code, status, message = "edit_conflict", 409, N_("这条内容刚被别人改过。请刷新后再改。")


class TransitionRefused(DomainError):
    """The thing is in a state from which this event leads nowhere; ``event`` is named where it has a name."""

    code, status = "transition_refused", 409
    message = N_("当前状态是“%(status)s”，不能进行“%(event)s”。")
    without_event = N_("现在的状态是“%(status)s”，不能再这样做。请刷新后再看。")

    def text(self) -> Message:
        """Return the message with the names it was given."""
        return Message(self.message if "event" in self.values else self.without_event, self.values)


class SamePersonRefused(DomainError):
    """Separation of duties: two steps of one matter need two people."""

    code, status, message = "same_person", 409, N_("这一步必须由另一个人来做（不相容岗位分离）。")
