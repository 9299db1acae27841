"""How long a message may be, how often one may write, and what arrives on a telephone."""

from collections.abc import Mapping

from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message

LONGEST = 300
MOST_A_DAY = 5
"""Messages about one shift on one day; the office's own rule, kept by the database."""

SAID = N_("%(station)s关于%(when)s“%(title)s”：%(body)s")


class TooManyMessages(DomainError):
    """People are not flooded."""

    code, status = "too_many_messages", 429
    message = N_("今天已就这个任务发了 5 条，明天再发。急事请直接打电话。")


class SaidAlready(DomainError):
    """A second click sends nothing."""

    code, status, message = "said_already", 409, N_("今天已经发过同样的话，没有再发。")


class NobodyToTell(DomainError):
    """Nobody has a seat."""

    code, status, message = "nobody_to_tell", 409, N_("还没有人报名，没有人会收到。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "shift_message_rate": TooManyMessages,
    "shift_message_said_once": SaidAlready,
}


def checked(body: str) -> str:
    """Return a message as it is sent, or refuse one that says nothing or too much."""
    said = body.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST:
        raise InvalidInput({"body": Message(N_("请写要说的话，最多 300 字。"))})
    return said
