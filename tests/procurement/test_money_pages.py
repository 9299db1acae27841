"""Every page of claims, settlement, payout, tax, ledger and disclosure: both languages, few statements, no bare id."""

import pytest

from app.core import database
from app.core.access import ANONYMOUS
from tests.app.web.client import client
from tests.procurement.counting import counted_statements
from tests.procurement.paid_pages import PEOPLE, paid

MOST_STATEMENTS = 10


async def test_every_page_of_money_answers_its_reader_in_both_languages_with_few_statements(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await paid()
    asked = counted_statements(monkeypatch)
    over = {}
    for who, paths in here.paths().items():
        reader = getattr(here.readers, who) if who else ANONYMOUS
        for locale in ("zh", "en"):
            async with client(reader, locale=locale) as http:
                for path in paths:
                    asked.clear()
                    answer = await http.get(path)
                    assert answer.status_code == 200, (who, path, answer.text[-600:])
                    assert "<h1" in answer.text
                    if len(asked) > MOST_STATEMENTS:
                        over[who, path] = len(asked)
    assert over == {}
    assert await database.fetch_value("SELECT count(*) FROM settlement_payment") > PEOPLE
