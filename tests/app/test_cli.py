"""The command line: every command explains itself, tells refusals in one line, and does what it says."""

import asyncio
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.cli import main
from app.core import embedded, key_rotation, vault
from app.core.settings import PROJECT, documented
from app.operations.doctor import masked
from tests.app.command_line import Installation
from tests.app.core.audit_world import as_owner, seal_all, write_events


@pytest.fixture
def house(database_name: str, tmp_path: Path) -> Installation:
    return Installation(database_name, tmp_path)


def every_command(command: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from every_command(below, (*path, name))


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(main, [*path, "--help"])
    assert told.exit_code == 0
    words = told.output.split("\n\n")[1]
    assert words.strip(), "a command says what it does"


def test_the_commands_of_operation_are_there() -> None:
    assert {"serve", "worker", "doctor", "db", "jobs", "audit", "keys"} <= set(main.commands)


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(main, ["--version"]).output.startswith("fahui, version ")


def test_an_unreachable_database_is_told_in_one_line(house: Installation) -> None:
    house.changed["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    told = house.fahui("audit", "verify")
    assert told.exit_code == 1
    assert told.output.startswith("Error: ")
    assert len(told.output.splitlines()) == 1


def test_the_doctor_finds_a_healthy_house_and_says_what_is_wrong_with_a_sick_one(house: Installation) -> None:
    assert house.fahui("keys", "create").exit_code == 0
    healthy = house.fahui("doctor")
    assert healthy.exit_code == 0, healthy.output
    assert all(row["variable"] in healthy.output for row in documented())
    house.key_file.chmod(0o644)
    sick = house.fahui("doctor")
    assert sick.exit_code == 1
    assert "FAIL key file: others may read" in sick.output


def test_the_doctor_names_a_role_that_could_change_the_schema(house: Installation) -> None:
    house.changed["DATABASE_URL"] = embedded.dsn(embedded.OWNER_ROLE, house.database_name)
    assert "FAIL application role" in house.fahui("doctor").output


def test_the_doctor_names_a_schema_that_is_out_of_date(house: Installation) -> None:
    async def forget_a_migration() -> None:
        async with as_owner(house.database_name) as owner:
            await owner.execute(
                "DELETE FROM migration WHERE id = (SELECT max(id) FROM migration WHERE app_name = 'procurement')"
            )

    asyncio.run(forget_a_migration())
    assert "FAIL schema: 1 migrations are due; run `fahui db upgrade`" in house.fahui("doctor").output


def test_the_doctor_names_lost_keys(house: Installation) -> None:
    house.fahui("keys", "create")
    house.connected(vault.new_subject_key)
    house.key_file.write_text(house.key_file.read_text().replace("k1", "k9"))
    assert "FAIL master keys: the key file lacks k1" in house.fahui("doctor").output


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("postgresql://fahui:s3cret@db.example/fahui", "user=fahui password=*** dbname=fahui host=db.example"),
        ("postgresql://fahui@db.example/fahui", "postgresql://fahui@db.example/fahui"),
        ("/var/lib/fahui", "/var/lib/fahui"),
        ("", ""),
    ],
)
def test_passwords_are_masked(value: str, shown: str) -> None:
    assert sorted(masked(value).split()) == sorted(shown.split())


def test_jobs_are_listed_and_run_by_hand(house: Installation) -> None:
    listed = house.fahui("jobs", "list")
    assert listed.exit_code == 0, listed.output
    assert "seal_audit" in listed.output
    ran = house.fahui("jobs", "run", "seal_audit")
    assert (ran.exit_code, ran.output) == (0, 'seal_audit: succeeded {"sealed": 0}\n')
    refused = house.fahui("jobs", "run", "nothing_of_this_name")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert "nothing_of_this_name" in refused.output


def test_verification_names_what_was_tampered_with(house: Installation) -> None:
    async def sealed_then_changed() -> None:
        await write_events(3)
        await seal_all()
        async with as_owner(house.database_name) as owner:
            await owner.execute("UPDATE audit_event SET object_id = 77 WHERE id = 2")

    house.connected(sealed_then_changed)
    told = house.fahui("audit", "verify")
    assert told.exit_code == 1
    assert "FAULT batch 1, event 2: its content does not fit its hash" in told.output


def test_keys_are_made_once_and_private(house: Installation) -> None:
    assert house.fahui("keys", "create").exit_code == 0
    assert stat.S_IMODE(house.key_file.stat().st_mode) == 0o600
    again = house.fahui("keys", "create")
    assert again.exit_code == 1
    assert "exists already" in again.output


def test_rotated_keys_open_what_was_sealed_before(house: Installation) -> None:
    house.fahui("keys", "create")
    key_id, sealed = house.connected(seal_a_phone)
    first = house.fahui("keys", "rotate")
    assert first.output == "The master key is k2 now; 1 personal keys were sealed anew.\n"
    assert house.connected(lambda: opened(key_id, sealed)) == "13800001111"
    second = house.fahui("keys", "rotate", "--destroy-old")
    assert second.output.endswith("Destroyed: k1, k2.\n")
    assert house.connected(lambda: opened(key_id, sealed)) == "13800001111"
    assert stat.S_IMODE(house.key_file.stat().st_mode) == 0o600


def test_old_keys_are_not_destroyed_while_they_are_needed(house: Installation) -> None:
    house.fahui("keys", "create")
    house.connected(seal_a_phone)
    stored = json.loads(house.key_file.read_text())
    stored["keys"]["k2"], stored["current"] = stored["keys"]["k1"], "k2"
    house.key_file.write_text(json.dumps(stored))
    with pytest.raises(key_rotation.KeysStillUsed):
        house.connected(key_rotation.destroy_old)


def test_a_running_process_follows_a_rotation_made_by_another(house: Installation) -> None:
    house.fahui("keys", "create")
    key_id, sealed = house.connected(seal_a_phone)

    async def rotated_elsewhere() -> str:
        remembered = vault._masters()
        await key_rotation.rotate()
        vault._masters.cache_clear()
        vault._masters().update(remembered)  # what a process has in mind that did not rotate itself
        return await opened(key_id, sealed)

    assert house.connected(rotated_elsewhere) == "13800001111"


async def seal_a_phone() -> tuple[int, bytes]:
    key = await vault.new_subject_key()
    return key.id, key.seal("13800001111")


async def opened(key_id: int, sealed: bytes) -> str:
    return (await vault.subject_key(key_id)).open(sealed)


def test_the_settings_table_of_the_documents_is_the_programs_own() -> None:
    lines = (PROJECT / "docs" / "operations.md").read_text().splitlines()
    rows = [
        tuple(cell.strip().strip("`") for cell in line.split("|")[1:-1]) for line in lines if line.startswith("| `")
    ]
    settings_rows = [row for row in rows if len(row) == 3 and row[0].isupper()]
    assert settings_rows == [(row["variable"], row["default"], row["help"]) for row in documented()]
