"""Reading how places stand: by district or town, one by one; which rules there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.core import clock, database
from app.core.errors import NotFound
from app.core.text import Words
from marketplace.places.rules import LEVEL_BY_LENGTH
from volunteers.assignments.rules import Compensation, Kind
from volunteers.coverage.rules import COLOURS, Colour, Every, Level, Rhythm, State
from volunteers.coverage.status import STATUS
from volunteers.people.credentials.rules import CredentialKind

PlaceKey = tuple[int, str]
"""Where a place stands in the list: the rank of its state, its code."""
RANKS: Sequence[State] = (
    *(State.OVERDUE, State.DUE, State.UNCONFIRMED, State.ASKED, State.LATE, State.TIME, State.COMING, State.SEEN),
)
"""The worst first."""


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as pages show it; ``place_code`` is where it holds."""

    id: int
    public_id: UUID
    place_code: str
    place_zh: str
    place_en: str
    level: Level
    credentials_any: tuple[CredentialKind, ...]
    kind: Kind | None
    rhythm: Rhythm
    minutes: int
    alert_days: int
    lead_days: int
    compensation: Compensation
    insured: bool
    valid_from: date
    valid_until: date | None
    document: str
    reason: str
    stated_by_id: int
    stated_by: str
    stated_at: datetime
    ending_reason: str
    ended_by: str

    def in_force(self, day: date) -> bool:
        """Tell whether it promises anything on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class AreaStatus:
    """How the places of a district or town stand, in numbers."""

    code: str
    name_zh: str
    name_en: str
    places: int
    red: int
    amber: int
    green: int
    seen: int
    earliest_due: date | None


@dataclass(frozen=True, slots=True)
class PlaceStatus:
    """How one place stands: its last confirmed visit, by when the next is due, what is planned."""

    id: int
    code: str
    name_zh: str
    name_en: str
    town_zh: str
    town_en: str
    last_visit: date | None
    due: date
    coming_at: datetime | None
    unconfirmed_at: datetime | None
    asked_at: datetime | None
    open_at: datetime | None
    state: State

    @property
    def colour(self) -> Colour:
        """Return the colour of its state."""
        return COLOURS[self.state]

    @property
    def days_ago(self) -> int | None:
        """Return how long ago the last visit was; None where there was none."""
        return (clock.today() - self.last_visit).days if self.last_visit else None

    @property
    def key(self) -> PlaceKey:
        """Return where it stands in the list."""
        return RANKS.index(self.state), self.code


_RULES = """
SELECT r.id, r.public_id, held.code AS place_code, held.name_zh AS place_zh, held.name_en AS place_en, r.level,
       r.credentials_any, r.kind, r.every, r.days, r.minutes, r.alert_days, r.lead_days, r.compensation, r.insured,
       r.valid_from, least(r.valid_until, x.last_day) AS valid_until, r.document, r.reason,
       r.stated_by AS stated_by_id, who.display_name AS stated_by, r.stated_at, coalesce(x.reason, '') AS ending_reason,
       coalesce(ender.display_name, '') AS ended_by
FROM coverage_rule r JOIN place held ON held.id = r.place_id JOIN account who ON who.id = r.stated_by
LEFT JOIN coverage_ending x ON x.rule_id = r.id LEFT JOIN account ender ON ender.id = x.ended_by
"""
_AREAS = f"""{STATUS}
SELECT area.code, area.name_zh, area.name_en, counted.places, counted.red, counted.amber, counted.green, counted.seen,
       counted.earliest_due
FROM (SELECT left(status.code, $4) AS code, count(*)::integer AS places,
             (count(*) FILTER (WHERE state = ANY ($5)))::integer AS red,
             (count(*) FILTER (WHERE state = ANY ($6)))::integer AS amber,
             (count(*) FILTER (WHERE state = ANY ($7)))::integer AS green,
             (count(*) FILTER (WHERE state = 'seen'))::integer AS seen,
             min(due) FILTER (WHERE state = ANY ($5)) AS earliest_due
      FROM status GROUP BY 1) AS counted
JOIN place area ON area.code = counted.code ORDER BY area.code
"""
_PLACES = f"""{STATUS}
SELECT status.id, status.code, p.name_zh, p.name_en, coalesce(town.name_zh, '') AS town_zh,
       coalesce(town.name_en, '') AS town_en, last_visit, due, coming_at, unconfirmed_at, asked_at, open_at, state
FROM status JOIN place p ON p.id = status.id
LEFT JOIN place town ON town.code = left(status.code, 9) AND town.id <> status.id
WHERE state = ANY ($4) AND ($5::integer IS NULL OR (array_position($7, state) - 1, status.code) > ($5, $6::text))
ORDER BY array_position($7, state), status.code LIMIT $8
"""


def states_of(colour: Colour | None) -> list[str]:
    """Return the states of a colour; of all of them without one."""
    return [state.value for state in State if colour is None or COLOURS[state] is colour]


def part_length(area: str, level: Level) -> int:
    """Return the code length of the parts of a place that are counted: districts, towns, villages."""
    longest = 9 if level is Level.TOWN else 12
    return next((length for length in LEVEL_BY_LENGTH if len(area) < length <= longest), longest)


async def all_rules(area: str = "") -> list[RuleView]:
    """Return the rules that hold in a place or below it, those in force and to come first, then by place."""
    rows = await database.fetch(
        f"""{_RULES} WHERE starts_with(held.code, $1) OR starts_with($1, held.code)
            ORDER BY coalesce(least(r.valid_until, x.last_day) < $2, false), length(held.code), r.id""",
        *(area, clock.today()),
    )
    return [_rule(row) for row in rows]


async def rules_in_force(area: str = "") -> list[RuleView]:
    """Return the rules that promise something today in a place or below it."""
    return [rule for rule in await all_rules(area) if rule.in_force(clock.today())]


async def rule_by_id(public_id: UUID) -> RuleView:
    """Return one rule."""
    row = await database.fetch_one(f"{_RULES} WHERE r.public_id = $1", public_id)
    if row is None:
        raise NotFound
    return _rule(row)


async def areas(rule: RuleView, area: str) -> list[AreaStatus]:
    """Return how the parts of a place stand under a rule."""
    colours = [states_of(colour) for colour in (Colour.RED, Colour.AMBER, Colour.GREEN)]
    rows = await database.fetch(_AREAS, rule.id, clock.now(), area, part_length(area, rule.level), *colours)
    return [AreaStatus(**row) for row in rows]


async def places(
    rule: RuleView, area: str, colour: Colour | None = None, after: PlaceKey | None = None, limit: int | None = None
) -> list[PlaceStatus]:
    """Return how each place stands under a rule, the worst first; ``limit`` None takes all."""
    rows = await database.fetch(
        _PLACES, rule.id, clock.now(), area, states_of(colour), *(after or (None, None)), list(RANKS), limit
    )
    return [PlaceStatus(**{**row, "state": State(row["state"])}) for row in rows]


async def place_status(rule: RuleView, code: str) -> PlaceStatus | None:
    """Return how one place stands; None where the rule does not hold for it."""
    found = await places(rule, code)
    return next((place for place in found if place.code == code), None)


async def places_to_promise(codes: Sequence[str]) -> list[tuple[str, Words]]:
    """Return an officer's places and those directly below, for which they may set a rule, by code."""
    rows = await database.fetch(
        """SELECT code, name_zh, name_en FROM place WHERE code = ANY ($1)
           OR level <> 'village' AND parent_id IN (SELECT id FROM place WHERE code = ANY ($1)) ORDER BY code""",
        list(codes),
    )
    return [(row["code"], Words(row["name_zh"], row["name_en"])) for row in rows]


def _rule(row: dict[str, Any]) -> RuleView:
    rhythm = Rhythm(Every(row.pop("every")), row.pop("days"), row["valid_from"])
    return RuleView(
        **{
            **row,
            "level": Level(row["level"]),
            "credentials_any": tuple(CredentialKind(kind) for kind in row["credentials_any"]),
            "kind": Kind(row["kind"]) if row["kind"] else None,
            "compensation": Compensation(row["compensation"]),
        },
        rhythm=rhythm,
    )
