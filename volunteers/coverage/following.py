"""Whether the map has changed since somebody looked: asked every few seconds by whoever has it open, answered cheaply.

A version is two words. The first moves with every recorded event, day and few minutes, and is read from an index; only
when it has moved is the second worked out, which says how every place stands. Whatever changes how a place stands is
recorded in the same transaction.
"""

from dataclasses import dataclass
from datetime import timedelta

from app.core import clock, database
from volunteers.coverage.queries import RuleView
from volunteers.coverage.status import STATUS

LATE_COMMITS = 500
"""Among so many numbers of events, one that is committed after a later one is noticed."""
TIME_MOVES = timedelta(minutes=5)
"""How often a visit may pass from ahead to over without anything being recorded."""
REMEMBERED = 200
_HEAD = """
SELECT concat_ws('-', current_database(), max(id), count(*)) FROM audit_event
WHERE id > (SELECT coalesce(max(id), 0) FROM audit_event) - $1
"""
_STANDING = f"""{STATUS}
SELECT md5(coalesce(string_agg(concat_ws(' ', code, state, due, last_visit, coming_at, unconfirmed_at, asked_at,
                                         open_at), ',' ORDER BY code), '')) FROM status
"""
_standing: dict[tuple[int, str], tuple[str, str]] = {}
"""By rule and place: the first word and what was worked out at it, for everybody who looks at the same."""


@dataclass(frozen=True, slots=True)
class Version:
    """What somebody has seen, or what there is; ``standing`` is empty where it was not worked out."""

    head: str
    standing: str = ""

    def __str__(self) -> str:
        """Return it as a tag of the page."""
        return f"{self.head}.{self.standing}"

    @classmethod
    def read(cls, text: str) -> "Version":
        """Return what a tag says."""
        head, _, standing = text.rpartition(".")
        return cls(head, standing)


async def head_now() -> Version:
    """Return the first word alone: what a page is shown with."""
    recorded = await database.fetch_value(_HEAD, LATE_COMMITS)
    stretch = int(clock.now().timestamp() // TIME_MOVES.total_seconds())
    return Version(f"{recorded}-{stretch}")


async def version_now(rule: RuleView, area: str, head: Version) -> Version:
    """Return both words for a rule and a place, worked out once for all who look."""
    key = rule.id, area
    if key not in _standing or _standing[key][0] != head.head:
        standing = await database.fetch_value(_STANDING, rule.id, clock.now(), area)
        if len(_standing) >= REMEMBERED:
            _standing.clear()
        _standing[key] = head.head, standing
    return Version(*_standing[key])
