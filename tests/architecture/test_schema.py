"""The schema as the server has it: what the house rules ask of it, and what the table classes say of it."""

from pathlib import Path

from piccolo.table import Table

from app.core import database, embedded, migrations
from piccolo_conf import APP_REGISTRY

ROOT = Path(__file__).resolve().parents[2]
IGNORED_COLUMNS = {"search"}  # a tsvector stays out of the table classes
OURS = "c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'procrastinate%' AND c.relname <> 'migration'"


async def test_every_primary_key_is_an_identity_column(db: None) -> None:
    keyed = await database.fetch(
        f"""SELECT c.relname, a.attidentity FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind = 'r' AND {OURS} AND a.attname = 'id'"""
    )
    assert {row["attidentity"] for row in keyed} == {b"a"}


async def test_every_foreign_key_is_indexed_and_restricts(db: None) -> None:
    loose = await database.fetch(
        f"""SELECT con.conname FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid
            WHERE con.contype = 'f' AND {OURS} AND (con.confdeltype <> 'r' OR NOT EXISTS (
                SELECT 1 FROM pg_index i WHERE i.indrelid = con.conrelid AND i.indkey[0] = con.conkey[1]))"""
    )
    assert [row["conname"] for row in loose] == []


async def test_money_is_whole_fen_and_no_column_is_a_float_or_numeric(db: None) -> None:
    wrong = await database.fetch(
        f"""SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            JOIN pg_type t ON t.oid = a.atttypid
            WHERE c.relkind = 'r' AND {OURS} AND a.attnum > 0 AND NOT a.attisdropped AND (
                a.attname LIKE '%\\_fen' AND t.typname <> 'int8'
                OR t.typname IN ('float4', 'float8', 'numeric', 'money')
                   AND c.relname NOT IN ('place', 'law_rule', 'law_rule_proposal'))"""
    )
    assert [dict(row) for row in wrong] == []


def tables() -> list[type[Table]]:
    """Return every table class of the program."""
    return [table for app in APP_REGISTRY.app_configs.values() for table in app.table_classes]


async def test_the_table_classes_say_what_the_catalogue_says(db: None) -> None:
    rows = await database.fetch(
        f"""SELECT c.relname, a.attname, NOT a.attnotnull AS nullable FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind = 'r' AND {OURS} AND a.attnum > 0 AND NOT a.attisdropped"""
    )
    catalogue: dict[str, dict[str, bool]] = {}
    for row in rows:
        catalogue.setdefault(row["relname"], {})[row["attname"]] = row["nullable"]
    wrong = []
    for table in tables():
        stored = catalogue.get(table._meta.tablename, {})
        for column in table._meta.columns:
            name = column._meta.db_column_name
            if name not in stored:
                wrong.append(f"{table._meta.tablename}.{name} is not in the database")
            elif stored[name] != column._meta.null:
                wrong.append(f"{table._meta.tablename}.{name} is {'' if stored[name] else 'not '}nullable")
    assert wrong == []


async def test_upgrading_twice_or_twice_at_once_is_upgrading_once(database_name: str) -> None:
    dsn = embedded.dsn(embedded.OWNER_ROLE, database_name)
    await migrations.upgrade(dsn)
    await database.connect(dsn)
    try:
        ran = await database.fetch("SELECT app_name, count(*) FROM migration GROUP BY app_name")
    finally:
        await database.disconnect()
    files = {app: len(list((ROOT / folder).glob("piccolo_migrations/*_2*.py"))) for app, folder in FOLDERS.items()}
    assert {row["app_name"]: row["count"] for row in ran} == files


FOLDERS = {"app": "app/core", "marketplace": "marketplace", "volunteers": "volunteers", "procurement": "procurement"}


async def test_every_append_only_table_refuses_change_and_truncation(db: None) -> None:
    names = await database.fetch(
        """SELECT c.relname, array_agg(t.tgname::text ORDER BY t.tgname) AS triggers
           FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
           WHERE t.tgname LIKE 'append_only%' AND t.tgenabled <> 'D' GROUP BY c.relname"""
    )
    assert {"audit_event", "ledger_posting", "ledger_transaction", "attendance", "fact"} <= {
        r["relname"] for r in names
    }
    assert {tuple(row["triggers"]) for row in names} == {("append_only", "append_only_truncate")}


def test_the_files_of_a_schema_are_all_run() -> None:
    for folder in FOLDERS.values():
        run = "".join(path.read_text() for path in (ROOT / folder / "piccolo_migrations").glob("*_2*.py"))
        for script in (ROOT / folder / "piccolo_migrations").glob("*.sql"):
            assert f'"{script.name}"' in run, f"{script} is never run"
