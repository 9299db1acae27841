"""Instances and plans survive writing and reading, plain and gzipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.volunteers.dispatch.engine.weeks import plan, row
from volunteers.dispatch.engine import files
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.instance import InstanceFaults, Travel


@pytest.mark.parametrize("name", ["week.json", "week.json.gz"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    instance = generate("town", 1)
    files.write(tmp_path / name, instance)
    files.write(tmp_path / f"plan-{name}", plan(row("S1", "V1")))
    assert files.read_instance(tmp_path / name) == instance
    assert files.read_plan(tmp_path / f"plan-{name}") == plan(row("S1", "V1"))
    assert (tmp_path / name).read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")


def test_the_same_value_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.json.gz", "b.json.gz"):
        files.write(tmp_path / name, generate("town", 1))
    assert (tmp_path / "a.json.gz").read_bytes() == (tmp_path / "b.json.gz").read_bytes()


def test_known_ways_are_written_only_where_there_are_any() -> None:
    plain = generate("town", 1)
    assert b'"travel"' not in files.encode(plain)
    one, other = plain.places[0].id, plain.places[1].id
    known = replace(plain, travel=(Travel(one, other, 40),))
    assert f'"travel":[{{"from":"{one}","to":"{other}","minutes":40}}]'.encode() in files.encode(known)
    assert files.decode_instance(files.encode(known)) == known


def test_other_keys_of_a_plan_are_ignored() -> None:
    content = b'{"format": "dispatch-plan/1", "instance": "week", "assignments": [], "author": "somebody"}'
    assert files.decode_plan(content) == plan()


def test_what_is_no_plan_is_refused() -> None:
    with pytest.raises(InstanceFaults) as refused:
        files.decode_plan(b'{"format": "dispatch-plan/1", "instance": "week", "assignments": [{"shift": 1}, {}]}')
    assert len(refused.value.faults) == 2
