"""Reading ratings: the page behind a code, one's own, the station's, and the figures that everybody may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from volunteers.certificates.rules import read_code
from volunteers.people.queries import person_id_of
from volunteers.thanks.rules import PUBLIC_DAYS, Figures, ThanksStatus, ratable
from volunteers.thanks.service import browser_sha256

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RatedShift:
    """The shift behind a code; nobody's name."""

    id: int
    code: str
    title_zh: str
    title_en: str
    station_zh: str
    station_en: str
    place_zh: str
    place_en: str
    starts: datetime
    ends: datetime
    worked: bool

    @property
    def ratable(self) -> bool:
        """Tell whether it takes ratings now."""
        return ratable(self.starts, self.ends, self.worked, clock.now())


@dataclass(frozen=True, slots=True)
class Said:
    """What this browser has said so far."""

    stars: int
    words: str | None


@dataclass(frozen=True, slots=True)
class Thanks:
    """One thanks as the person who worked sees it."""

    public_id: UUID
    stars: int
    words: str
    said_at: datetime
    reference: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class StationThanks:
    """One thanks as the station sees it, with the last decision about it."""

    id: int
    public_id: UUID
    status: ThanksStatus
    stars: int
    words: str
    said_at: datetime
    reference: str
    title_zh: str
    title_en: str
    reason: str


_BY_CODE = """
SELECT a.id, a.thanks_code AS code, a.title_zh, a.title_en, station.name_zh AS station_zh,
       station.name_en AS station_en, place.name_zh AS place_zh, place.name_en AS place_en, a.starts, a.ends,
       a.status IN ('open', 'closed') AND EXISTS (
           SELECT FROM sign_up s WHERE s.assignment_id = a.id AND s.status IN ('confirmed', 'checked_in', 'completed')
       ) AS worked
FROM assignment a JOIN station ON station.id = a.station_id JOIN place ON place.id = a.place_id
"""
_FIGURES = "SELECT count(*)::integer AS count, coalesce(sum(r.stars), 0)::integer AS total FROM shift_rating r"
_THANKS = """
SELECT t.public_id, r.stars, t.words, t.said_at, a.reference, a.title_zh, a.title_en
FROM shift_thanks t JOIN shift_rating r ON r.id = t.rating_id JOIN assignment a ON a.id = r.assignment_id
"""
_STATION = """
SELECT t.id, t.public_id, t.status, r.stars, t.words, t.said_at, a.reference, a.title_zh, a.title_en,
       coalesce((SELECT m.reason FROM thanks_moderation m WHERE m.thanks_id = t.id ORDER BY m.id DESC LIMIT 1),
                '') AS reason
FROM shift_thanks t JOIN shift_rating r ON r.id = t.rating_id JOIN assignment a ON a.id = r.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE place.code LIKE ANY ($1) AND ($2::text IS NULL OR t.status = $2) AND ($3::bigint IS NULL OR t.id < $3)
ORDER BY t.id DESC LIMIT $4
"""
_BY_STARS = """
SELECT r.stars, count(*)::integer AS count FROM shift_rating r JOIN assignment a ON a.id = r.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE place.code LIKE ANY ($1) AND r.rated_at > $2 GROUP BY 1
"""
_OWN = """
SELECT FROM sign_up s WHERE s.assignment_id = r.assignment_id AND s.person_id = $1
  AND s.status IN ('confirmed', 'checked_in', 'completed')
"""


async def by_code(code: str) -> RatedShift | None:
    """Return the shift that a code stands for, however it was typed."""
    row = await database.fetch_one(f"{_BY_CODE} WHERE a.thanks_code = $1", read_code(code))
    return RatedShift(**row) if row else None


async def of_assignment(assignment_id: int) -> RatedShift | None:
    """Return a shift with its code, for its station and for those on it."""
    row = await database.fetch_one(f"{_BY_CODE} WHERE a.id = $1", assignment_id)
    return RatedShift(**row) if row else None


async def of_own_sign_up(principal: Principal, sign_up_id: int) -> RatedShift | None:
    """Return the shift of one's own sign-up with its code."""
    row = await database.fetch_one(
        f"""{_BY_CODE} JOIN sign_up own ON own.assignment_id = a.id JOIN person me ON me.id = own.person_id
            WHERE own.id = $1 AND me.account_id = $2""",
        *(sign_up_id, principal.account_id),
    )
    return RatedShift(**row) if row else None


async def said_by(assignment_id: int, browser: str | None) -> Said | None:
    """Return what a browser has said about a shift."""
    if browser is None:
        return None
    row = await database.fetch_one(
        """SELECT r.stars, t.words FROM shift_rating r LEFT JOIN shift_thanks t ON t.rating_id = r.id
           WHERE r.assignment_id = $1 AND r.browser_sha256 = $2""",
        *(assignment_id, browser_sha256(assignment_id, browser)),
    )
    return Said(**row) if row else None


async def shift_figures(assignment_id: int) -> Figures:
    """Return the ratings of one shift."""
    return _figures(await database.fetch_one(f"{_FIGURES} WHERE r.assignment_id = $1", assignment_id))


async def shift_thanks(assignment_id: int) -> Sequence[Thanks]:
    """Return the words about one shift that are shown, the newest first."""
    rows = await database.fetch(
        f"{_THANKS} WHERE r.assignment_id = $1 AND t.status = 'shown' ORDER BY t.id DESC LIMIT $2",
        *(assignment_id, MOST_SHOWN),
    )
    return [Thanks(**row) for row in rows]


async def my_figures(principal: Principal) -> Figures:
    """Return the ratings of the shifts that the person worked."""
    person_id = await person_id_of(principal)
    return _figures(await database.fetch_one(f"{_FIGURES} WHERE EXISTS ({_OWN})", person_id))


async def my_thanks(principal: Principal, limit: int = MOST_SHOWN) -> list[Thanks]:
    """Return the words about the person's shifts that are shown, the newest first."""
    person_id = await person_id_of(principal)
    rows = await database.fetch(
        f"{_THANKS} WHERE t.status = 'shown' AND EXISTS ({_OWN}) ORDER BY t.id DESC LIMIT $2", person_id, limit
    )
    return [Thanks(**row) for row in rows]


async def station_thanks(
    principal: Principal, status: ThanksStatus | None, before: int | None, limit: int
) -> list[StationThanks]:
    """Return the words about the shifts of one's stations, the newest first."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    rows = await database.fetch(_STATION, scope.like_patterns(), status, before, limit)
    return [StationThanks(**{**row, "status": ThanksStatus(row["status"])}) for row in rows]


async def station_stars(principal: Principal) -> dict[int, int]:
    """Return how often each number of stars was given at one's stations within a year."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    rows = await database.fetch(_BY_STARS, scope.like_patterns(), clock.now() - PUBLIC_DAYS)
    return {row["stars"]: row["count"] for row in rows}


async def public_figures(place_code: str) -> Figures | None:
    """Return the ratings of a year at a place and below it; None while they are too few to be public."""
    found = _figures(
        await database.fetch_one(
            f"""{_FIGURES} JOIN assignment a ON a.id = r.assignment_id JOIN place ON place.id = a.place_id
                WHERE place.code LIKE $1 || '%' AND r.rated_at > $2""",
            *(place_code, clock.now() - PUBLIC_DAYS),
        )
    )
    return found if found.public else None


def _figures(row: database.Row | None) -> Figures:
    return Figures(row["count"], row["total"]) if row else Figures(0, 0)
