"""Samples: the same for everybody who knows seed and population, kept as drawn, with all their evidence."""

import asyncio
import hashlib
import io
import os
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attachments.store import ContentMissing
from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotFound, NotPermitted
from procurement.claims.accrual import accrue
from procurement.oversight.archives.cli import faults_of
from procurement.oversight.samples import packing, queries, rules
from procurement.oversight.samples.packing import pack_samples
from procurement.oversight.samples.rules import Outcome, Population
from procurement.oversight.samples.service import SampleWish, draw_sample, note_finding
from procurement.payments.rules import PaymentTerms
from tests.app.web.client import client
from tests.procurement import buying, settled_work
from tests.procurement.deliveries.test_closing_file import delivered
from tests.procurement.payments.contracts import signed
from tests.refusals import refusal_by, refused

references = st.lists(st.from_regex(r"DD-2026-[0-9]{6}", fullmatch=True), min_size=1, max_size=30, unique=True)
seeds = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20)


@given(seeds, references, st.integers(1, 30), st.randoms())
def test_a_sample_follows_from_seed_and_population_alone(seed: str, population: list[str], size: int, by: Any) -> None:
    first = rules.drawn(seed, population, size)
    by.shuffle(population)
    assert rules.drawn(seed, population, size) == first
    assert len(set(first)) == min(size, len(population))
    smallest = sorted(hashlib.sha256((seed + "\n" + one).encode()).hexdigest() for one in population)[:size]
    assert [rules.digest(seed, one).hex() for one in first] == smallest


@given(seeds, references, st.integers(1, 29))
def test_a_larger_sample_begins_with_the_smaller_one(seed: str, population: list[str], size: int) -> None:
    assert rules.drawn(seed, population, size + 1)[:size] == rules.drawn(seed, population, size)


def test_what_cannot_be_drawn_says_why() -> None:
    assert not rules.wish_faults("2026-11-28", 3, 3)
    assert set(rules.wish_faults(" ", 3, 3)) == {"seed"}
    assert set(rules.wish_faults("a\nb", 3, 3)) == {"seed"}
    assert set(rules.wish_faults("x", 4, 3)) == {"size"}
    assert set(rules.wish_faults("x", 0, 3)) == {"size"}
    assert set(rules.wish_faults("x", 101, 300)) == {"size"}
    assert set(rules.wish_faults("x", 1, 0)) == {"population"}


def wish(population: Population = Population.UNIT, size: int = 2, **changes: Any) -> SampleWish:
    said: dict[str, Any] = {"place_code": buying.DISTRICT, "year": clock.today().year, "seed": "2026-11-28"}
    return SampleWish(population, size=size, **(said | changes))


async def auditor(place: str = buying.CITY) -> Any:
    return await buying.person_as(Role.SUPERVISOR, place)


async def packed_evidence(person: Any, reference: str) -> bytes:
    """Return the whole evidence, which is as long as it says."""
    pieces, size = await queries.evidence(person, reference)
    content = b"".join([piece async for piece in pieces])
    assert len(content) == size
    return content


async def test_units_are_drawn_as_the_rule_says_and_packed_with_the_whole_purchase(db: None, tmp_path: Path) -> None:
    await delivered(4)
    person = await auditor()
    asked = wish(year=buying.soon().year)
    reference = await draw_sample(person, asked)
    assert await database.fetch_value(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'procurement.pack_samples'"
    )
    found, items = await queries.sample(person, reference)
    population = [row["reference"] for row in await database.fetch("SELECT reference FROM village_order ORDER BY 1")]
    assert [one.reference for one in items] == rules.drawn(asked.seed, population, 2)
    assert (found.population_count, found.bytes) == (4, None)
    with pytest.raises(NotFound):
        await queries.evidence(person, reference)
    assert await pack_samples(clock.now()) == {"packed": 1}
    assert await pack_samples(clock.now()) == {"packed": 0}
    content = await packed_evidence(person, reference)
    with zipfile.ZipFile(io.BytesIO(content)) as kept:
        kept.extractall(tmp_path)
        archives = [name for name in kept.namelist() if name.startswith("evidence/")]
    assert len(archives) == 1
    assert faults_of(tmp_path / archives[0]) == []
    assert found.population_sha256 == hashlib.sha256((tmp_path / "population.txt").read_bytes()).hexdigest()
    script = [sys.executable, "draw-again.py"]
    again = await asyncio.to_thread(subprocess.run, script, cwd=tmp_path, capture_output=True, check=True)
    assert again.stdout == (tmp_path / "drawn.txt").read_bytes()
    assert await draw_sample(person, asked) != reference
    second = (await queries.samples(person))[0]
    assert [one.digest for one in (await queries.sample(person, second.reference))[1]] == [one.digest for one in items]


async def test_claims_without_a_purchase_come_with_their_rows(db: None) -> None:
    await settled_work.paid(2, 2)
    person = await auditor()
    reference = await draw_sample(person, wish(Population.CLAIM, 3, place_code=settled_work.work.DISTRICT, year=2026))
    await pack_samples(clock.now())
    with zipfile.ZipFile(io.BytesIO(await packed_evidence(person, reference))) as kept:
        rows = [name for name in kept.namelist() if name.endswith(".jsonl")]
        text = kept.read(rows[0]).decode()
    assert len(rows) == 3
    assert all(f'"{section}"' in text for section in ("claim", "attendance", "settlement_payment", "ledger_posting"))
    assert "account_sealed" not in text


async def test_an_advance_and_a_milestone_come_with_the_purchase_that_they_pay_for(db: None) -> None:
    deal = await signed(PaymentTerms(30, (50, 100)), quantity=2, delivered=1)
    await accrue(clock.now())
    await deal.accept()
    assert [item for item, _ in await deal.amounts()] == ["advance", "milestone"]
    person = await auditor()
    reference = await draw_sample(person, wish(Population.CLAIM, 2))
    await pack_samples(clock.now())
    purchase = await database.fetch_value("SELECT reference FROM purchase")
    with zipfile.ZipFile(io.BytesIO(await packed_evidence(person, reference))) as kept:
        assert [name for name in kept.namelist() if name.startswith("evidence/")] == [f"evidence/{purchase}.zip"]
        with zipfile.ZipFile(io.BytesIO(kept.read(f"evidence/{purchase}.zip"))) as archive:
            assert sum(name.endswith("-contract-payments.jsonl") for name in archive.namelist()) == 1


async def test_one_member_at_a_time_is_in_memory(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three purchases of eight megabytes are packed and handed out within the memory of two."""
    await settled_work.accrued(1, 1)
    asked = wish(Population.CLAIM, 1, place_code=settled_work.work.DISTRICT, year=2026)
    person = await auditor()
    reference = await draw_sample(person, asked)

    async def large(_: database.Row) -> AsyncIterator[tuple[str, bytes]]:
        for number in range(3):
            yield f"evidence/{number}.zip", os.urandom(8 << 20)

    monkeypatch.setattr(packing, "members", large)
    tracemalloc.start()
    try:
        assert await pack_samples(clock.now()) == {"packed": 1}
        pieces, size = await queries.evidence(person, reference)
        assert sum([len(piece) async for piece in pieces]) == size > 3 * 8 << 20
        assert tracemalloc.get_traced_memory()[1] < 18 << 20
    finally:
        tracemalloc.stop()


async def test_a_damaged_original_keeps_no_other_sample_waiting(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await settled_work.accrued(1, 1)
    asked = wish(Population.CLAIM, 1, place_code=settled_work.work.DISTRICT, year=2026)
    damaged, sound = [await draw_sample(await auditor(), asked) for _ in range(2)]
    whole = packing.members

    async def broken(row: database.Row) -> AsyncIterator[tuple[str, bytes]]:
        async for member in whole(row):
            yield member
            if row["reference"] == damaged:
                raise ContentMissing

    monkeypatch.setattr(packing, "members", broken)
    with pytest.raises(ContentMissing, match=damaged):
        await pack_samples(clock.now())
    packed = await database.fetch("SELECT s.reference FROM sample_bundle b JOIN audit_sample s ON s.id = b.sample_id")
    assert [row["reference"] for row in packed] == [sound]


async def test_findings_are_added_and_the_latest_counts(db: None) -> None:
    await settled_work.accrued(1, 1)
    person = await auditor()
    reference = await draw_sample(person, wish(Population.CLAIM, 1, place_code=settled_work.work.DISTRICT, year=2026))
    [item] = (await queries.sample(person, reference))[1]
    with pytest.raises(InvalidInput):
        await note_finding(person, item.public_id, Outcome.QUESTION, " ")
    await note_finding(person, item.public_id, Outcome.QUESTION, "签到时间对不上")
    await note_finding(person, item.public_id, Outcome.SOUND, "站点已说明")
    found, latest, notes = await queries.item(person, reference, 1)
    assert (found.looked, found.questions, latest.outcome, len(notes)) == (1, 0, Outcome.SOUND, 2)
    with pytest.raises(NotFound):
        await note_finding(await auditor(buying.OTHER_DISTRICT), item.public_id, Outcome.SOUND, "")
    with pytest.raises(NotPermitted):
        await note_finding(await buying.person_as(Role.CASHIER), item.public_id, Outcome.SOUND, "")


async def test_a_wish_that_cannot_be_met_and_a_place_of_others(db: None) -> None:
    with pytest.raises(InvalidInput) as refused:
        await draw_sample(await auditor(), wish())
    assert "population" in refused.value.fields
    with pytest.raises(NotPermitted):
        await draw_sample(await auditor(buying.OTHER_DISTRICT), wish())


SAMPLE = """INSERT INTO audit_sample (population, place_id, year, seed, size, population_count, population_refs,
                                      population_sha256, drawn_by, drawn_at)
            SELECT population, place_id, year, seed, size, population_count, population_refs, population_sha256,
                   drawn_by, drawn_at FROM audit_sample WHERE id = $1 RETURNING id"""
UNSAID = """INSERT INTO sample_finding (item_id, outcome, words_zh, found_by, found_at)
            VALUES ($1, 'question', ' ', $2, now())"""
ITEM = "INSERT INTO audit_sample_item (sample_id, position, reference, digest) VALUES ($1, $2, $3, $4)"


async def test_raw_sql_draws_nothing_but_what_the_seed_draws(db: None) -> None:
    await settled_work.accrued(2, 2)
    person = await auditor()
    reference = await draw_sample(person, wish(Population.CLAIM, 1, place_code=settled_work.work.DISTRICT, year=2026))
    first = await database.fetch_one("SELECT id, seed, population_refs FROM audit_sample")
    assert first is not None
    drawn = rules.drawn(first["seed"], first["population_refs"], 1)[0]
    other = next(one for one in first["population_refs"] if one != drawn)

    async def write(*chosen: str) -> None:
        new = await database.fetch_value(SAMPLE, first["id"])
        for one in chosen:
            await database.execute(ITEM, new, 1, one, rules.digest(first["seed"], one))

    async with database.transaction():
        await write(drawn)
    for chosen in ([other], []):
        async with refusal_by("audit_sample_drawn"):
            await write(*chosen)
    async with refusal_by("audit_sample_item_once"):
        await write(drawn, other)
    await refused("audit_sample_drawn", ITEM, first["id"], 2, other, rules.digest(first["seed"], other))
    await refused("audit_sample_population_hashed", SAMPLE.replace("refs, population_sha256", "refs, 'x'"), first["id"])
    item = await database.fetch_value("SELECT id FROM audit_sample_item LIMIT 1")
    await refused("sample_finding_reasoned", UNSAID, item, person.actor)
    with pytest.raises(asyncpg.PostgresError):
        await database.execute("UPDATE audit_sample SET seed = 'x' WHERE reference = $1", reference)


async def test_an_auditor_draws_on_a_page_and_a_program_reads_it(db: None) -> None:
    await settled_work.accrued(2, 2)
    person = await auditor()
    form = {
        "population": "claim",
        "place_code": settled_work.work.DISTRICT,
        "year": "2026",
        "size": "9",
        "seed": "彩票",
    }
    async with client(person) as http:
        assert (await http.get("/oversight/samples/new")).status_code == 200
        refused = await http.post("/oversight/samples/new", data=form)
        assert refused.status_code == 422
        assert "总体只有 4 件" in refused.text
        answer = await http.post("/oversight/samples/new", data={**form, "size": "2"})
        assert answer.status_code == 303
        path = answer.headers["location"]
        assert "正在打包" in (await http.get(path)).text
        noted = await http.post(f"{path}/1", data={"outcome": "question", "words": ""})
        assert noted.status_code == 422
        noted = await http.post(f"{path}/1", data={"outcome": "question", "words": "缺签到表"})
        assert noted.status_code == 303
        await pack_samples(clock.now())
        assert "evidence.zip" in (await http.get(path)).text
        assert (await http.get(f"{path}/evidence.zip")).content[:2] == b"PK"
        listed = (await http.get("/api/v1/oversight/samples")).json()["items"]
        assert (listed[0]["seed"], listed[0]["questions"], listed[0]["packed"]) == ("彩票", 1, True)
        api = f"/api/v1/oversight/samples/{listed[0]['reference']}"
        assert (await http.get(f"{api}/evidence")).content[:2] == b"PK"
        assert (await http.post(f"{api}/items/1/findings", json={"outcome": "question"})).status_code == 422
        shown = (await http.get(api)).json()
        assert [one["outcome"] for one in shown["items"]] == ["question", None]
        assert (await http.post(f"{api}/items/2/findings", json={"outcome": "sound"})).status_code == 204
        wished = {**form, "year": 2026, "size": 1}
        drawn = (await http.post("/api/v1/oversight/samples", json=wished)).json()
        assert (drawn["size"], drawn["population_count"], drawn["packed"]) == (1, 4, False)
        assert (await http.get(f"/api/v1/oversight/samples/{drawn['reference']}/evidence")).status_code == 404
        assert (await http.get("/oversight/samples")).status_code == 200
