"""Tariffs through the real application: read by everybody, drafted and published by two people."""

import msgspec

from app.core import database
from app.core.access import ANONYMOUS, Permission
from procurement.tariffs import service
from tests.app.web.client import client
from tests.procurement import attended_work as work

JSON = {"accept": "application/json"}
SEED = service.seed_documents()[0]


async def fingerprint() -> str:
    return await database.fetch_value("SELECT left(encode(body_sha256, 'hex'), 16) FROM tariff_set")


async def test_everybody_reads_a_published_set_line_by_line_in_both_languages(db: None) -> None:
    await work.desk()
    async with client(ANONYMOUS) as http:
        listed = (await http.get("/tariffs")).text
        chinese = (await http.get(f"/tariffs/{await fingerprint()}?lang=zh")).text
        english = (await http.get(f"/tariffs/{await fingerprint()}?lang=en")).text
    assert f"/tariffs/{await fingerprint()}" in listed
    assert "每个半天 ¥250.00" in chinese
    assert "演示标准（非官方）" in chinese
    assert "Duty lawyer, half day" in english
    assert "Demonstration tariff (not official)" in english


async def test_a_draft_is_for_those_who_publish_and_published_by_another_person(db: None) -> None:
    one, other = [await work.officer(name, Permission.TARIFF_MANAGE) for name in ("one", "other")]
    async with client(one) as http:
        made = await http.post("/tariffs/new", files={"document": ("set.json", SEED, "application/json")})
        address = made.headers["location"]
        assert "由另一个人发布" in (await http.get(address)).text
        assert (await http.post(f"{address}/publish")).status_code == 409
    async with client(ANONYMOUS) as http:
        assert (await http.get(address)).status_code == 404
        assert address not in (await http.get("/tariffs")).text
    async with client(other) as http:
        assert "等待核对" in (await http.get("/workbench")).text
        assert (await http.post(f"{address}/publish")).status_code == 303
        assert (await http.post(f"{address}/publish")).status_code == 409
    async with client(ANONYMOUS) as http:
        assert (await http.get(address)).status_code == 200


async def test_a_faulty_draft_shows_its_faults_and_no_button(db: None) -> None:
    one, other = [await work.officer(name, Permission.TARIFF_MANAGE) for name in ("one", "other")]
    faulty = msgspec.json.decode(SEED)
    faulty["lines"].append({**faulty["lines"][0], "id": "again"})
    async with client(one) as http:
        files = {"document": ("set.json", msgspec.json.encode(faulty), "application/json")}
        address = (await http.post("/tariffs/new", files=files)).headers["location"]
    async with client(other) as http:
        text = (await http.get(address)).text
        refused = await http.post(f"{address}/publish")
    assert "会同时适用于同一项工作" in text or "数量范围重叠" in text
    assert f'action="{address}/publish"' not in text
    assert refused.status_code == 422


async def test_a_file_that_is_no_tariff_is_refused_with_the_reason(db: None) -> None:
    officer = await work.officer("one", Permission.TARIFF_MANAGE)
    async with client(officer) as http:
        nothing = await http.post("/tariffs/new", data={"other": "x"})
        wrong = await http.post(
            "/tariffs/new",
            files={
                "document": ("a.json", b'{"id": "a", "region": "3301", "family": "f", "lines": 7}', "application/json")
            },
        )
    assert (nothing.status_code, wrong.status_code) == (422, 422)
    assert "标准文件无法读取" in wrong.text
    assert await database.fetch_value("SELECT count(*) FROM tariff_set") == 0


async def test_only_those_who_manage_tariffs_draft_and_publish(db: None) -> None:
    desk = await work.desk()
    for person in (desk.approver, desk.cashier):
        async with client(person) as http:
            assert (await http.get("/tariffs/new")).status_code == 403
            assert (await http.post(f"/tariffs/{await fingerprint()}/publish")).status_code == 403


async def test_the_api_gives_the_set_as_the_engine_reads_it(db: None) -> None:
    await work.desk()
    async with client(ANONYMOUS) as http:
        (listed,) = (await http.get("/api/v1/tariffs", headers=JSON)).json()
        shown = (await http.get(f"/api/v1/tariffs/{listed['id']}", headers=JSON)).json()
        missing = await http.get("/api/v1/tariffs/0000000000000000", headers=JSON)
    assert shown["body"]["lines"][0]["per_unit"] == "2000.00" or shown["body"]["lines"][0]["per_unit"] == "2000"
    assert shown["sha256"].startswith(listed["id"])
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_a_program_drafts_what_another_person_publishes(db: None) -> None:
    one, other = [await work.officer(name, Permission.TARIFF_MANAGE) for name in ("one", "other")]
    async with client(one) as http:
        made = await http.post("/api/v1/tariffs", json=msgspec.json.decode(SEED), headers=JSON)
        path = f"/api/v1/tariffs/{made.json()['id']}"
        assert (made.status_code, made.json()["status"]) == (201, "draft")
        assert (await http.post("/api/v1/tariffs", json={"lines": 1}, headers=JSON)).status_code in (400, 422)
        assert (await http.post(f"{path}/publication", headers=JSON)).status_code == 409
    async with client(other) as http:
        assert (await http.post(f"{path}/publication", headers=JSON)).status_code == 204
    async with client(ANONYMOUS) as http:
        assert (await http.get(path, headers=JSON)).json()["status"] == "published"
