"""How many searches one person keeps, and what one is called."""

from app.core.errors import DomainError
from app.core.text import N_

MOST = 20
LONGEST_NAME = 40


class TooManySearches(DomainError):
    """The slots of a person are all taken; the database has no more."""

    code, status = "too_many_saved_searches", 409
    message = N_("最多存 20 个搜索。请先删掉一个不用的。")


class NothingAsked(DomainError):
    """A search that asks for nothing would be told about every product."""

    code, status = "nothing_asked", 422
    message = N_("这个搜索没有任何条件。请先填一个词或选一个条件，再存下来。")


def free_slot(taken: set[int]) -> int:
    """Return the lowest slot that is free, or refuse."""
    for slot in range(1, MOST + 1):
        if slot not in taken:
            return slot
    raise TooManySearches
