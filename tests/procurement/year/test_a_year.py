"""A generated year of purchases: every figure on its pages equals independent SQL, in few statements each."""

import io
import time
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from app.core import clock, database
from app.core.access import ANONYMOUS, Principal
from app.core.money import yuan
from procurement.deliveries.closing_file.service import closing_document
from tests.app.web.client import client
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.counting import counting
from tests.procurement.year import books, money, oversight, trade
from tests.procurement.year.asking import Asked
from tests.procurement.year.reading import Page
from tests.procurement.year.stage import Year
from tests.procurement.year.whole import year

SIZE, FULL_SIZE, MOST_STATEMENTS = 120, 2_000, 10


async def test_every_figure_of_a_year_equals_independent_sql(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    size = rounds(SIZE, FULL_SIZE)
    began = time.perf_counter()
    here = await year(size)
    print(f"{size} purchases in {time.perf_counter() - began:.0f} s")
    assert await database.fetch_value("SELECT count(*) FROM purchase") == size
    asked: list[str] = []
    wrong, figures, statements = [], 0, {}
    with monkeypatch.context() as patched, clock.travelled_to(here.day(12, 10)):
        pages = await asked_about(here)
        for name in ("fetch", "fetch_one", "fetch_value", "execute"):
            patched.setattr(database, name, counting(getattr(database, name), asked))
        for page in pages:
            async with client(_reader(here, page.reader), locale="zh") as http:
                asked.clear()
                shown = await _read(http, page.path)
                statements[page.path] = len(asked)
                every = [shown]
                while page.to_the_end and every[-1].following():
                    every.append(await _read(http, every[-1].following()))
            for reader in page.also:
                async with client(_reader(here, reader), locale="zh") as http:
                    asked.clear()
                    await _read(http, page.path)
                    statements[page.path] = max(statements[page.path], len(asked))
            for figure in page.figures:
                found = {key: value for one in every for key, value in figure.pick(one).items()}
                rows = await database.fetch(figure.sql, *figure.values)
                expected = {row["key"]: row["value"] for row in rows}
                figures += len(expected)
                if found != expected:
                    wrong.append((page.path, figure.name, _differences(found, expected)))
    print(f"{figures} figures of {len({f.name for page in pages for f in page.figures})} kinds on {len(pages)} pages")
    for path, count in sorted(statements.items(), key=lambda one: -one[1]):
        print(count, path)
    for one in wrong:
        print(*one)
    assert not wrong
    assert {path: count for path, count in statements.items() if count > MOST_STATEMENTS} == {}
    assert figures > 40
    await _cost_tables_add_up(here)


async def _cost_tables_add_up(here: Year) -> None:
    """Compare the sums below the cost table of closing files, on paper, with what was claimed and returned."""
    rows = await database.fetch(_COSTS)
    assert {row["kind"] for row in rows} >= {"plain", "advance", "milestones"}
    for row in rows:
        content = await closing_document(here.cast.supervisor, row["reference"])
        text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages).replace("\n", "")
        said = f"应付合计 {yuan(row['owed'])}，已付 {yuan(row['paid'])}；合同总价 {yuan(row['price'])}"
        assert said in text, (row["reference"], said)


_COSTS = """
WITH claimed AS (
    SELECT c.id, c.reference, t.advance_percent > 0 AS advance, t.milestones <> '{}' AS milestones,
           (SELECT coalesce(sum(amount_fen), 0)::bigint FROM advance_return r WHERE r.contract_id = c.id) AS back,
           (SELECT coalesce(sum(amount_fen), 0)::bigint FROM claim k WHERE k.contract_id = c.id
            AND k.status <> 'rejected') AS owed,
           (SELECT coalesce(sum(amount_fen), 0)::bigint FROM claim k WHERE k.contract_id = c.id
            AND k.status = 'paid') AS paid,
           (c.quantity + coalesce((SELECT sum(added) FROM contract_amendment a
                                   WHERE a.contract_id = c.id AND a.status = 'in_force'), 0))::bigint
           * c.unit_price_fen AS price
    FROM contract c JOIN payment_terms t ON t.contract_id = c.id WHERE c.signed_at IS NOT NULL AND c.accepted > 0)
SELECT DISTINCT ON (1, back > 0) CASE WHEN milestones THEN 'milestones' WHEN advance THEN 'advance' ELSE 'plain' END
       AS kind, reference, owed - back AS owed, paid - back AS paid, price FROM claimed ORDER BY 1, back > 0, id
"""


async def asked_about(here: Year) -> list[Asked]:
    """Return every page with what is asked about it; pages are added here."""
    organization = max(here.cast.providers)
    public_id = await database.fetch_value("SELECT public_id FROM organization WHERE id = $1", organization)
    purchases, served, bare = await trade.samples()
    return [
        *money.budgets(here, buying.OTHER_DISTRICT),
        *books.public(here),
        *books.ledger(str(public_id)),
        *books.settlement(),
        *trade.lists(),
        *(trade.purchase(reference) for reference in purchases),
        *(page for reference, provider in served for page in trade.contract(reference, provider)),
        *(trade.offered(reference, provider) for reference, provider in bare),
        *trade.payments(here, organization),
        *await oversight.pages(here, buying.OTHER_DISTRICT, purchases),
    ]


async def _read(http: httpx.AsyncClient, path: str) -> Page:
    answer = await http.get(path)
    assert answer.status_code == 200, (path, answer.text[-600:])
    return Page(answer.text)


def _reader(here: Year, name: str) -> Principal:
    if name.startswith("provider "):
        return here.cast.providers[int(name.removeprefix("provider "))]
    return getattr(here.cast, name) if name else ANONYMOUS


def _differences(found: dict[str, Any], expected: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return the first keys that differ: what the page says, and what it must say."""
    keys = [key for key in {**expected, **found} if found.get(key) != expected.get(key)]
    return [(key, found.get(key), expected.get(key)) for key in keys[:5]]
