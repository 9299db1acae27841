"""Looking rules up: at the case's own date, the nearest jurisdiction first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core import clock, database
from app.core.calendar import Calendar
from app.core.database import Row
from app.core.settings import settings
from app.rulebook.rules import CITY, NATIONAL, Lawbook, Rule, RuleMissing, relied_on


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the officer's page lists it."""

    rule: Rule
    verified_by_name: str | None
    in_force: bool
    proposed: bool = False  # another figure waits for a second person


async def rule(key: str, *, on: date, jurisdiction: str = CITY) -> Rule:
    """Return the rule in force on the day of the case; refuse one that may not be relied on."""
    return (await rules_on([key], on=on, jurisdiction=jurisdiction))[key]


async def rules_on(keys: Sequence[str], *, on: date, jurisdiction: str = CITY) -> dict[str, Rule]:
    """Return several rules in force on a day in one statement; refuse if one is missing or not verified.

    A district's rule goes before the city's, the city's before the province's, and that before the nation's.
    """
    return _relied_on(await database.fetch(_IN_FORCE, list(keys), on, jurisdiction, NATIONAL), keys, on)


async def rules_and_days(
    keys: Sequence[str], *, on: date, jurisdiction: str = CITY
) -> tuple[dict[str, Rule], Calendar]:
    """Return rules as `rules_on` does, with the calendar that their periods are counted by, in one statement."""
    rows = await database.fetch(_WITH_DAYS, list(keys), on, jurisdiction, NATIONAL)
    found = _relied_on(rows, keys, on)
    return found, Calendar(dict(zip(rows[0]["days"], rows[0]["worked"], strict=True)) if rows else {})


async def lawbook(*prefixes: str) -> Lawbook:
    """Return every row whose key begins with one of the prefixes, past and future ones too, all rows without any.

    Nothing is refused: who lets a row decide about somebody asks ``relied_on`` first.
    """
    rows = await database.fetch(
        f"""SELECT {_COLUMNS} FROM law_rule
             WHERE $1 = '{{}}'::text[] OR EXISTS (SELECT FROM unnest($1::text[]) AS p WHERE starts_with(rule_key, p))
             ORDER BY rule_key, effective_from""",
        list(prefixes),
    )
    return Lawbook.of(_rule(row) for row in rows)


def rely_on(rules: Iterable[Rule]) -> None:
    """Refuse to decide by a row that nobody has confirmed; only the demonstration goes on with it."""
    demonstration = settings().mode != "production"
    for row in rules:
        relied_on(row, demonstration=demonstration)


def _relied_on(rows: Sequence[Row], keys: Sequence[str], on: date) -> dict[str, Rule]:
    found = {row["rule_key"]: _rule(row) for row in rows}
    for key in keys:
        if key not in found:
            raise RuleMissing(key=key, on=on.isoformat())
    asked = {key: found[key] for key in keys}
    rely_on(asked.values())
    return asked


class Shown(StrEnum):
    """Which rows of the rulebook are asked for."""

    ALL = "all"
    UNVERIFIED = "unverified"  # in force or to come, and confirmed by nobody
    PROPOSED = "proposed"  # replaced as soon as a second person confirms it


async def rulebook(today: date, shown: Shown = Shown.ALL, words: str = "") -> list[RuleRow]:
    """Return rules with their history, in the order of keys, for the officer's page."""
    rows = await database.fetch(
        f"""SELECT {_COLUMNS}, account.display_name AS verified_by_name,
                   EXISTS (SELECT FROM law_rule_proposal p
                           WHERE p.law_rule_id = law_rule.id AND p.status = 'proposed') AS proposed
              FROM law_rule LEFT JOIN account ON account.id = law_rule.verified_by
             WHERE ($1 <> 'unverified' OR {_UNVERIFIED})
               AND ($2 = '' OR strpos(lower(concat_ws(' ', note_zh, note_en, document, article, rule_key)), $2) > 0)
             ORDER BY rule_key, jurisdiction, effective_from DESC""",
        shown.value,
        words.strip().lower(),
        today,
    )
    return [
        RuleRow(_rule(row), row["verified_by_name"], _rule(row).begun(today), row["proposed"])
        for row in rows
        if row["proposed"] or shown is not Shown.PROPOSED
    ]


async def history(rule: Rule) -> list[Rule]:
    """Return every row of a figure at its place, the newest first."""
    rows = await database.fetch(
        f"SELECT {_COLUMNS} FROM law_rule WHERE rule_key = $1 AND jurisdiction = $2 ORDER BY effective_from DESC",
        *(rule.key, rule.jurisdiction),
    )
    return [_rule(row) for row in rows]


async def rule_by_id(rule_id: int) -> Rule | None:
    """Return one row of the rulebook."""
    row = await database.fetch_one(f"SELECT {_COLUMNS} FROM law_rule WHERE id = $1", rule_id)
    return _rule(row) if row else None


async def unverified_count() -> int:
    """Count the figures that hold or will hold and that nobody has confirmed."""
    count: int = await database.fetch_value(
        f"SELECT count(*) FROM law_rule WHERE {_UNVERIFIED.replace('$3', '$1')}", clock.today()
    )
    return count


def _rule(row: Row) -> Rule:
    return Rule(
        id=row["id"],
        key=row["rule_key"],
        document=row["document"],
        article=row["article"],
        value=row["value"],
        unit=row["unit"],
        jurisdiction=row["jurisdiction"],
        effective_from=row["effective_from"],
        effective_to=row["effective_to"],
        note_zh=row["note_zh"],
        note_en=row["note_en"],
        text_read=row["text_read"],
        verified_by=row["verified_by"],
    )


_COLUMNS = """law_rule.id, rule_key, document, article, value, unit, jurisdiction, effective_from, effective_to,
       note_zh, note_en, text_read, verified_by"""

_UNVERIFIED = "NOT text_read AND verified_by IS NULL AND (effective_to IS NULL OR effective_to > $3)"
_IN_FORCE = f"""
SELECT DISTINCT ON (rule_key) {_COLUMNS} FROM law_rule
 WHERE rule_key = ANY($1) AND effective_from <= $2 AND (effective_to IS NULL OR effective_to > $2)
   AND (jurisdiction = $4 OR starts_with($3, jurisdiction))
 ORDER BY rule_key, jurisdiction = $4, length(jurisdiction) DESC"""
_WITH_DAYS = f"""
SELECT in_force.*, ARRAY(SELECT day FROM working_day_exception ORDER BY day) AS days,
       ARRAY(SELECT working FROM working_day_exception ORDER BY day) AS worked
FROM ({_IN_FORCE}) AS in_force"""
