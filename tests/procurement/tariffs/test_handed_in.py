"""A document that somebody hands in as a draft: what it lacks is said by the name of the field."""

from typing import Any

import msgspec
import pytest

from app.core import database
from app.core.access import Permission
from procurement.tariffs import service
from tests.app.web.client import client
from tests.procurement import attended_work as work

JSON = {"accept": "application/json"}


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"from": None}, "标准没有写生效日期"),
        ({"from": "2027-02-30"}, "“from”写的“2027-02-30”不是日期"),
        ({"from": 20270101}, "“from”写的“20270101”不是日期"),
        ({"to": "soon"}, "“to”写的“soon”不是日期"),
        ({"second_date": {"event": "hearing", "on_or_after": "2027-13-01"}}, "“second_date.on_or_after”写的"),
    ],
)
async def test_a_draft_without_a_first_day_or_with_no_day_for_one_says_what_to_write(
    db: None, days: dict[str, Any], said: str
) -> None:
    officer = await work.officer("one", Permission.TARIFF_MANAGE)
    document = {**msgspec.json.decode(service.seed_documents()[0]), **days}
    files = {"document": ("set.json", msgspec.json.encode(document), "application/json")}
    async with client(officer) as http:
        page = await http.post("/tariffs/new", files=files)
        answer = await http.post("/api/v1/tariffs", json=document, headers=JSON)
    assert (page.status_code, answer.status_code) == (422, 422)
    assert said in page.text
    assert answer.json()["code"] in ("tariff_without_first_day", "tariff_day_unreadable")
    assert await database.fetch_value("SELECT count(*) FROM tariff_set") == 0


@pytest.mark.parametrize("field", ["id", "region", "family"])
@pytest.mark.parametrize("value", ["", "  ", None])
async def test_a_draft_that_lacks_what_it_is_known_by_says_which_field_in_the_readers_language(
    db: None, field: str, value: str | None
) -> None:
    officer = await work.officer("one", Permission.TARIFF_MANAGE)
    document = {**msgspec.json.decode(service.seed_documents()[0]), field: value}
    written = (msgspec.json.encode(document), msgspec.yaml.encode(document))
    for locale, said in (("zh", f"文件里的“{field}”缺少或是空的"), ("en", f"“{field}” in the file")):
        async with client(officer, locale=locale) as http:
            for content in written:
                page = await http.post("/tariffs/new", files={"document": ("set", content, "application/yaml")})
                assert page.status_code == 422
                assert said in page.text
            answer = await http.post("/api/v1/tariffs", json=document, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (422, "tariff_field_empty")
    assert await database.fetch_value("SELECT count(*) FROM tariff_set") == 0
