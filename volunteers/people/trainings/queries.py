"""Reading trainings: what there is, what one completed, whom a station may record."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.people.trainings.rules import TrainingStatus


@dataclass(frozen=True, slots=True)
class TrainingView:
    """A training, and the reader's own latest completion of it."""

    reference: str
    title_zh: str
    title_en: str
    purpose_zh: str
    purpose_en: str
    where_zh: str
    where_en: str
    valid_months: int | None
    status: TrainingStatus
    station_zh: str
    station_en: str
    station_phone: str
    station_code: str
    completed_on: date | None
    valid_until: date | None
    asking: int

    def holds(self, today: date) -> bool:
        """Tell whether the reader's completion counts today."""
        return self.completed_on is not None and (self.valid_until is None or self.valid_until >= today)


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody a station may record, with their latest completion."""

    public_id: UUID
    name: str
    home_zh: str
    home_en: str
    completion: UUID | None
    completed_on: date | None
    valid_until: date | None
    recorded_by: str | None
    recorded_at: datetime | None


_TRAINING = """
SELECT t.reference, t.title_zh, t.title_en, t.purpose_zh, t.purpose_en, t.where_zh, t.where_en,
       t.valid_months, t.status,
       station.name_zh AS station_zh, station.name_en AS station_en, station.phone AS station_phone,
       place.code AS station_code, own.completed_on, own.valid_until,
       (SELECT count(DISTINCT a.id) FROM position p JOIN assignment a ON a.id = p.assignment_id
        WHERE p.trainings_all @> ARRAY[t.reference] AND p.trainings_all <> '{}' AND a.status = 'open'
          AND a.starts > $2)::integer AS asking
FROM training t JOIN station ON station.id = t.station_id JOIN place ON place.id = station.place_id
LEFT JOIN LATERAL (
    SELECT c.completed_on, c.valid_until FROM training_completion c JOIN person ON person.id = c.person_id
    WHERE c.training_id = t.id AND person.account_id = $1 AND c.revoked_at IS NULL
    ORDER BY coalesce(c.valid_until, 'infinity') DESC, c.completed_on DESC LIMIT 1) AS own ON true
"""
# Whom a station knows: at home in its places, or signed up with it once.
REACHED = """
FROM person JOIN place home ON home.id = person.home_place_id
WHERE person.status = 'active' AND (home.code LIKE ANY ($1) OR EXISTS (
    SELECT FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
    JOIN place ON place.id = station.place_id WHERE s.person_id = person.id AND place.code LIKE ANY ($1)))
"""
_TRAINEES = f"""
SELECT known.public_id, known.name, known.home_zh, known.home_en, c.public_id AS completion,
       c.completed_on, c.valid_until,
       account.display_name AS recorded_by, c.recorded_at
FROM (SELECT person.id, person.public_id, person.name, home.name_zh AS home_zh, home.name_en AS home_en {REACHED}
        AND person.account_id <> $2 AND ($3 = '' OR person.name LIKE '%' || $3 || '%')
      ORDER BY person.name, person.id) AS known
LEFT JOIN LATERAL (
    SELECT c.* FROM training_completion c JOIN training t ON t.id = c.training_id
    WHERE t.reference = $4 AND c.person_id = known.id AND c.revoked_at IS NULL
    ORDER BY coalesce(c.valid_until, 'infinity') DESC, c.completed_on DESC LIMIT 1) AS c ON true
LEFT JOIN account ON account.id = c.recorded_by
WHERE ($5 AND c.id IS NOT NULL) OR (NOT $5 AND (c.id IS NULL OR c.valid_until < $6))
ORDER BY known.name, known.id LIMIT $7
"""


async def offered(principal: Principal) -> list[TrainingView]:
    """Return the trainings one can take, and those one completed; those that open assignments ask for first."""
    rows = await database.fetch(
        f"{_TRAINING} WHERE t.status = 'offered' OR own.completed_on IS NOT NULL ORDER BY asking DESC, t.reference",
        *(principal.account_id, clock.now()),
    )
    return [_view(row) for row in rows]


async def training(principal: Principal, reference: str) -> TrainingView:
    """Return one training."""
    row = await database.fetch_one(f"{_TRAINING} WHERE t.reference = $3", principal.account_id, clock.now(), reference)
    if row is None:
        raise NotFound
    return _view(row)


async def held_by_stations(principal: Principal) -> list[TrainingView]:
    """Return the trainings of the person's stations, those on offer first."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    rows = await database.fetch(
        f"{_TRAINING} WHERE place.code LIKE ANY ($3) ORDER BY t.status DESC, t.reference DESC LIMIT 200",
        *(principal.account_id, clock.now(), scope.like_patterns()),
    )
    return [_view(row) for row in rows]


async def trainees(
    principal: Principal, reference: str, name: str, *, completed: bool, limit: int = 60
) -> list[Trainee]:
    """Return whom the station may still record, or whom it has; by a part of the name."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    rows = await database.fetch(
        _TRAINEES,
        *(scope.like_patterns(), principal.account_id, name.strip(), reference, completed, clock.today(), limit),
    )
    return [Trainee(**row) for row in rows]


async def names_by_reference(references: list[str] | None = None) -> list[tuple[str, str, str]]:
    """Return reference and titles of what seats may ask for: all on offer, or the ones named."""
    rows = await database.fetch(
        """SELECT reference, title_zh, title_en FROM training
           WHERE CASE WHEN $1::text[] IS NULL THEN status = 'offered' ELSE reference = ANY ($1) END
           ORDER BY reference""",
        references,
    )
    return [(row["reference"], row["title_zh"], row["title_en"]) for row in rows]


def _view(row: database.Row) -> TrainingView:
    return TrainingView(**{**row, "status": TrainingStatus(row["status"])})
