"""What people call a thing by: six digits, and more when there are more than a million of its kind."""

import asyncpg

from app.core import clock, database, embedded

_KINDS = """
SELECT substr(relname, length('reference_') + 1) AS kind FROM pg_class
WHERE relkind = 'S' AND starts_with(relname, 'reference_')
"""


async def _next_number(kind: str, number: int) -> None:
    """Have the next reference of the kind bear this number; only the owner may."""
    name = await database.fetch_value("SELECT current_database()")
    owner = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, name))
    try:
        await owner.execute(f"SELECT setval('reference_{kind}', {number}, false)")
    finally:
        await owner.close()


async def test_no_reference_of_any_kind_loses_a_digit_after_the_last_of_six(db: None) -> None:
    kinds = {row["kind"] for row in await database.fetch(_KINDS)}
    assert {"bt", "aj", "dd", "rw"} <= kinds
    for kind in kinds:
        await _next_number(kind, 999_999)
        written = [await database.fetch_value("SELECT next_reference($1)", kind) for _ in range(3)]
        begins = f"{kind.upper()}-{clock.today().year}-"
        assert written == [begins + number for number in ("999999", "1000000", "1000001")]


async def test_a_small_number_is_written_with_six_digits(db: None) -> None:
    assert await database.fetch_value("SELECT written_reference('bt', 2026, 7)") == "BT-2026-000007"
