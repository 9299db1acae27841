"""A set as JSON: read, written, and known by the sha256 of what it says."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from procurement.tariffs.engine.document import (
    canonical_bytes,
    json_schema,
    read_set,
    sha256_of,
    write_set,
    write_yaml,
)
from procurement.tariffs.engine.exact import shortest
from procurement.tariffs.engine.kinds import Status
from procurement.tariffs.engine.model import Line, TariffSet, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.refusals import TariffUnreadable

SETS = sorted((Path(__file__).parent / "sets").glob("*.json"))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_set_that_is_read_and_written_keeps_its_bytes_and_its_hash(path: Path) -> None:
    data = path.read_bytes()
    assert write_set(read_set(data)) == data
    assert sha256_of(read_set(data)) == sha256_of(read_set(canonical_bytes(read_set(data))))


def test_the_hash_follows_what_a_set_says(tariff: Callable[..., TariffSet], line: Callable[..., Line]) -> None:
    def sha(**values: Any) -> str:
        return sha256_of(tariff(line(per_unit="250", **values)))

    assert sha() == sha()
    assert len(sha()) == 64
    assert sha() != sha(from_=2)
    assert sha() != sha(title_en="Care")
    assert sha256_of(tariff(line(per_unit="250"))) != sha256_of(tariff(line(per_unit="250.01")))


def test_the_hash_ignores_how_a_number_is_written_and_where_the_set_stands(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    plain = tariff(line(per_unit="250"))
    assert sha256_of(plain) == sha256_of(tariff(line(per_unit="250.00"), status=Status.PUBLISHED))
    assert sha256_of(tariff(line(per_unit="0.00"))) == sha256_of(tariff(line()))


def test_the_canonical_bytes_leave_defaults_out_and_sort_their_keys(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    assert canonical_bytes(tariff(line(per_unit="250.50"))) == (
        b'{"family":"test","id":"small","lines":'
        b'[{"id":"care","item":"care","per_unit":"250.5","unit":"day"}],"region":"330100"}'
    )


def test_a_result_carries_the_hash_of_its_set(demo: TariffSet) -> None:
    result = price(demo, Work(item="lecture", units={"lecture": 1}))
    assert (result.fen, result.set_sha256) == (80000, sha256_of(demo))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "truncated"),
        (b"\xff", "utf-8"),
        (b"[]", "object"),
        (b'{"id":"a","region":"r","family":"f"}', "lines"),
        (b'{"id":"a","region":"r","family":"f","lines":[{"id":"b"}]}', "$.lines[0]"),
        (b'{"id":"a","region":"r","family":"f","lines":[],"labor_day":"1"}', "labor_day"),
        (b'{"id":"a","region":"r","family":"f","lines":[],"labour_day":"NaN"}', "labour_day"),
        (
            b'{"id":"a","region":"r","family":"f","lines":[{"id":"a","item":"b","unit":"c","fixed":"1E99"}]}',
            "fixed",
        ),
    ],
)
def test_a_document_that_is_no_set_is_refused_with_what_is_wrong(data: bytes, problem: str) -> None:
    with pytest.raises(TariffUnreadable) as refusal:
        read_set(data)
    assert problem.lower() in str(refusal.value).lower()


@pytest.mark.parametrize(("number", "text"), [("0.00", "0"), ("2.50", "2.5"), ("2E+3", "2000"), (7, "7")])
def test_a_number_has_one_shortest_form(number: Any, text: str) -> None:
    assert shortest(number) == text


def test_the_schema_describes_the_document() -> None:
    schema = json_schema()
    assert {"TariffSet", "Line", "Modifier", "Cap", "Rounding"} <= schema["$defs"].keys()
    assert {"id", "region", "family", "lines"} == set(schema["$defs"]["TariffSet"]["required"])


def test_the_demonstration_set_is_labelled_dated_and_complete(demo: TariffSet) -> None:
    source = {
        "civil": "2000.00",
        "admin": "2000.00",
        "labour_arbitration": "1600.00",
        "crim_investigation": "1200.00",
        "crim_prosecution": "1200.00",
        "crim_trial": "1800.00",
        "crim_trial_capital": "2800.00",
        "non_litigation": "800.00",
        "drafting": "200.00",
        "duty_day": "500.00",
        "duty_half_day": "250.00",
        "desk_half_day": "200.00",
        "hotline_half_day": "200.00",
        "mediation_simple": "50.00",
        "mediation_ordinary": "200.00",
        "mediation_difficult": "500.00",
        "mediation_major": "1000.00",
        "village_adviser": "6000.00",
        "lecture": "800.00",
    }
    assert demo.label_zh == "演示标准（非官方）"
    assert demo.from_.isoformat() == "2026-01-01"
    assert {line.id: line.per_unit for line in demo.lines} == {name: Decimal(amount) for name, amount in source.items()}
    assert all(line.title_zh and line.title_en for line in demo.lines)


def test_the_demonstration_set_prices_each_of_its_lines(demo: TariffSet) -> None:
    for line in demo.lines:
        work = Work(
            item=line.item,
            dimensions=line.dimensions,
            units={line.unit: 1},
            documents=frozenset(line.needs),
        )
        assert price(demo, work).fen == line.per_unit * 100
        assert price(demo, msgspec.structs.replace(work, documents=frozenset())).missing == line.needs


def test_the_copy_of_the_schema_in_the_documents_is_current() -> None:
    copy = Path(__file__).parents[4] / "docs" / "tariff.schema.json"
    assert msgspec.json.decode(copy.read_bytes()) == msgspec.json.decode(msgspec.json.encode(json_schema()))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_set_written_as_yaml_reads_back_to_the_same_hash(path: Path) -> None:
    read = read_set(path.read_bytes())
    assert sha256_of(read_set(write_yaml(read))) == sha256_of(read)


def test_a_number_in_yaml_stays_as_it_is_written_and_never_becomes_a_float() -> None:
    read = read_set(MINIMAL + b"lines:\n- {id: a, item: b, unit: c, per_unit: 2000.10, from: 0}\n")
    assert (str(read.lines[0].per_unit), read.lines[0].from_) == ("2000.10", 0)


MINIMAL = b"id: no\nregion: '33'\nfamily: f\n"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (MINIMAL + b"lines:\n- id: a\n  item: b\n", "line 5"),
        (MINIMAL + b"lines:\n- {id: a, item: b, unit: c}\n- {id: a, item: b, unit: c, fixed: x}\n", "line 6"),
        (MINIMAL + b"lines: []\nid: again\n", "line 5: the key 'id' stands twice"),
        (MINIMAL + b"lines: &all []\n", "line 4: anchors"),
        (MINIMAL + b"lines: [\n", "line 5"),
        (b'{"id": "a",\n "region": "r", "family": "f",\n "lines": [{"id": "b"}]}', "line 3"),
    ],
)
def test_what_is_wrong_with_a_document_is_told_with_its_line(data: bytes, problem: str) -> None:
    with pytest.raises(TariffUnreadable) as refusal:
        read_set(data)
    assert problem in str(refusal.value)
