"""What earlier claims used of the caps for a person's period and for one matter."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from app.core import database
from procurement.tariffs.engine.kinds import Period, Scope
from procurement.tariffs.engine.model import Cap, TariffSet

LOCK = 7_301_030
"""One accrual at a time where a cap looks at other claims; the second waits and counts what the first wrote."""
Key = tuple[str, int, str]
_LIVING = "c.status NOT IN ('rejected', 'reversed') AND c.tariff_set_id IS NOT NULL"


def counted(tariff: TariffSet) -> tuple[Cap, ...]:
    """Return the caps that look at other claims."""
    return tuple(cap for cap in tariff.caps if cap.scope in (Scope.MATTER, Scope.PAYEE_PERIOD))


def period_of(period: Period, day: date) -> tuple[date, date]:
    """Return the first day of the period a day lies in, and the first after it."""
    if period is Period.YEAR:
        return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    if period is Period.QUARTER:
        first = date(day.year, day.month - (day.month - 1) % 3, 1)
        return first, (first + timedelta(days=93)).replace(day=1)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


class Used:
    """What is used of each cap, while one run prices one piece of work after another."""

    def __init__(self) -> None:
        """Know nothing yet; ``of`` asks the database once for each person and period, or matter."""
        self._fen: dict[Key, int] = defaultdict(int)
        self._asked: set[Key] = set()

    async def of(
        self, tariff: TariffSet, item: str, person_id: int, day: date, matter: str = "", but_case: int = 0
    ) -> dict[str, int]:
        """Return the fen used by cap id, for work of this item, person, day and matter; claims of one case left out."""
        used = {}
        for cap in _concerning(tariff, item, matter):
            key = _key(cap, person_id, day, matter)
            if key not in self._asked:
                self._asked.add(key)
                self._fen[key] += await _stored(cap, person_id, day, matter, but_case)
            used[cap.id] = self._fen[key]
        return used

    def take(self, tariff: TariffSet, item: str, person_id: int, day: date, matter: str, fen: int) -> None:
        """Count what a piece of work of this run takes."""
        for cap in _concerning(tariff, item, matter):
            self._fen[_key(cap, person_id, day, matter)] += fen


async def one_at_a_time(tariffs: Collection[TariffSet]) -> None:
    """Wait for another accrual, if a cap of a set looks at other claims; until the end of the transaction."""
    if any(counted(tariff) for tariff in tariffs):
        await database.execute("SELECT pg_advisory_xact_lock($1)", LOCK)


def _concerning(tariff: TariffSet, item: str, matter: str) -> list[Cap]:
    caps = (cap for cap in counted(tariff) if not cap.items or item in cap.items)
    return [cap for cap in caps if cap.scope is Scope.PAYEE_PERIOD or matter]


def _key(cap: Cap, person_id: int, day: date, matter: str) -> Key:
    if cap.scope is Scope.MATTER:
        return cap.id, 0, matter
    return cap.id, person_id, period_of(cap.period, day)[0].isoformat()


async def _stored(cap: Cap, person_id: int, day: date, matter: str, but_case: int) -> int:
    items = list(cap.items)
    if cap.scope is Scope.MATTER:
        sql = f"""SELECT coalesce(sum(c.amount_fen), 0)::bigint
                  FROM claim c JOIN closed_case k ON k.id = c.closed_case_id
                  WHERE {_LIVING} AND k.matter = $1 AND ($2::text[] = '{{}}' OR c.item = ANY ($2))
                    AND k.id <> $3"""
        return int(await database.fetch_value(sql, matter, items, but_case))
    first, end = period_of(cap.period, day)
    sql = f"""SELECT coalesce(sum(c.amount_fen), 0)::bigint FROM claim c
              WHERE {_LIVING} AND c.person_id = $1 AND c.service_day >= $2 AND c.service_day < $3
                AND ($4::text[] = '{{}}' OR c.item = ANY ($4)) AND coalesce(c.closed_case_id, 0) <> $5"""
    return int(await database.fetch_value(sql, person_id, first, end, items, but_case or -1))
