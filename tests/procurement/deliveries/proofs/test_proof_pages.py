"""The pages and the program's way of proofs and acceptance: what is typed comes back, what is refused is said."""

import csv
import io
import re

import pytest

from app.core import clock, database
from app.core.access import Principal
from tests.app.web.client import client
from tests.procurement.delivered_pages import Delivered, delivered, paths
from tests.procurement.deliveries.served import photo

JSON = {"accept": "application/json"}
TAKEN = {"kind": "photo", "taken_at": "", "taken_where": "村文化礼堂"}


def taken() -> dict[str, str]:
    """Return the fields beside the files."""
    return {**TAKEN, "taken_at": clock.local(clock.now()).strftime("%Y-%m-%dT00:01")}


def jpeg(number: int, name: str = "") -> tuple[str, tuple[str, bytes, str]]:
    return ("files", (name or f"IMG_{number}.jpg", photo(number).content, "image/jpeg"))


@pytest.fixture
async def here(db: None) -> Delivered:
    return await delivered()


async def test_every_page_answers_its_reader_and_nobody_else(here: Delivered) -> None:
    for role, pages in paths(here).items():
        async with client(getattr(here, role)) if role else client() as http:
            for path in pages:
                answer = await http.get(path)
                assert answer.status_code == 200, (role, path)
    closed = [path for role, pages in paths(here).items() if role for path in pages if path.startswith("/orders")]
    async with client() as http:
        assert {(await http.get(path)).status_code for path in closed} <= {401, 303}


async def test_several_files_at_once_without_a_script(here: Delivered) -> None:
    async with client(here.provider) as http:
        address = f"/orders/{here.bare}/proofs"
        mixed = await http.post(
            address, data=taken(), files=[jpeg(1), jpeg(2), ("files", ("a.txt", b"x", "text/plain"))]
        )
        assert mixed.status_code == 200
        assert "已收到 2 个文件" in mixed.text
        assert "a.txt" in mixed.text
        good = await http.post(address, data=taken(), files=[jpeg(3)])
        assert (good.status_code, good.headers["location"]) == (303, address)
        none = await http.post(address, data=taken())
        assert none.status_code == 422
        assert "请选择照片或文件" in none.text
        wrong = await http.post(address, data={**taken(), "taken_where": ""}, files=[jpeg(4)])
        assert wrong.status_code == 422
        bad = await http.post(address, data=taken(), files=[("files", ("b.txt", b"x", "text/plain"))])
        assert bad.status_code == 422
        page = await http.get(address)
        shown = re.findall(r'src="(/proofs/[^"]+)"', page.text)
        assert len(shown) == 3
        picture = await http.get(shown[0])
        assert (picture.headers["content-type"], picture.content) == ("image/jpeg", photo(1).content)
        assert picture.headers["content-security-policy"] == "default-src 'none'; sandbox"
    stranger = await _clerk_elsewhere()
    async with client(stranger) as http:
        assert (await http.get(shown[0])).status_code == 404
        assert (await http.get(address)).status_code == 404


async def _clerk_elsewhere() -> Principal:
    from app.core.access import Role
    from tests.procurement import buying

    return await buying.person_as(Role.VILLAGE_CLERK, "330110001001")


async def test_the_acceptance_page_names_what_is_missing_and_keeps_what_was_typed(here: Delivered) -> None:
    async with client(here.acceptor) as http:
        page = await http.get(f"/orders/{here.bare}/acceptance")
        assert all(
            words in page.text for words in ("还缺群众签到表", "还缺现场照片", "还缺服务记录", "请服务机构或站点上传")
        )
        assert 'name="accepted" value="on" disabled' in page.text
        found = {"people_reached": "40", "rating": "3", "unmet": ["2", "3"], "words-2": "只到了十二人", "words-3": ""}
        address = f"/orders/{here.proven}/accept"
        refused = await http.post(address, data=found)
        assert refused.status_code == 422
        assert "第 3 条不符合，请写明哪里不符合。" in refused.text
        assert 'value="只到了十二人"' in refused.text
        nothing = await http.post(address, data={"people_reached": "40", "rating": "3", "send_back": "on"})
        assert "请填写整改期限" in nothing.text
        done = await http.post(address, data={**found, "words-3": "没有助理"})
        assert done.status_code == 303
        certificate = await http.get(f"/orders/{here.proven}/certificate")
        assert certificate.text.count("不符合") >= 2
        assert "与签署时一致" in certificate.text


async def test_what_is_put_right_is_reported_by_form(here: Delivered) -> None:
    address = f"/orders/{here.sent_back}/put-right"
    async with client(here.provider) as http:
        assert "只到了十二人" in (await http.get(f"/orders/{here.sent_back}/proofs")).text
        assert (await http.post(address, data={"report_zh": ""})).status_code == 422
        assert (await http.post(address, data={"report_zh": "补讲一场"})).status_code == 303
        assert (await http.post(address, data={"report_zh": "补讲一场"})).status_code == 409
    async with client(here.acceptor) as http:
        assert "补讲一场" in (await http.get(f"/orders/{here.sent_back}/acceptance")).text


async def test_the_workload_list_is_a_table_that_adds_up(here: Delivered) -> None:
    async with client(here.supervisor) as http:
        answer = await http.get(f"/contracts/{here.contract}/workload.csv")
        rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["编号"] for row in rows] == [here.bare, here.proven, here.sent_back, here.accepted]
    assert [row["缺凭证"] for row in rows] == ["群众签到表、现场照片、服务记录", "", "", ""]
    assert [(row["到场人数"], row["验收确认人数"], row["群众评价"]) for row in rows][1:] == [
        ("40", "", "6"),
        ("40", "", "0"),
        ("40", "40", "0"),
    ]
    async with client(await _clerk_elsewhere()) as http:
        assert (await http.get(f"/contracts/{here.contract}/workload")).status_code == 404


async def test_the_public_file_names_no_person(here: Delivered) -> None:
    async with client() as http:
        answer = await http.get("/acceptances.csv?place=330106")
        assert (await http.get("/acceptances.csv?place=3301'--")).status_code == 200
        listed = (await http.get("/api/v1/acceptances?place=330106", headers=JSON)).json()["items"]
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["编号"], row["结果"], row["服务人数"], row["需求条目"], row["不符合"]) == (
        here.accepted,
        "验收合格",
        "40",
        "6",
        "0",
    )
    assert "acceptor" not in answer.text
    assert [(one["reference"], one["verdict"], one["lines"]) for one in listed] == [(here.accepted, "accepted", 6)]


async def test_a_program_brings_proofs_and_judges_line_by_line(here: Delivered) -> None:
    address = f"/api/v1/orders/{here.bare}/proofs"
    async with client(here.provider) as http:
        before = (await http.get(address, headers=JSON)).json()
        assert (before["complete"], [need["kind"] for need in before["needs"]]) == (
            False,
            ["sign_in_sheet", "photo", "log"],
        )
        sent = await http.post(
            address, data=taken(), files=[jpeg(1), ("files", ("a.txt", b"x", "text/plain"))], headers=JSON
        )
        assert sent.json()["kept"] == ["IMG_1.jpg"]
        assert sent.json()["refused"][0]["file_name"] == "a.txt"
        sheet = {**taken(), "kind": "sign_in_sheet"}
        assert (await http.post(address, data=sheet, files=[jpeg(2)], headers=JSON)).status_code == 201
        log = {"topic_zh": "防骗", "people": 31, "asked_zh": "接到电话怎么办"}
        answer = await http.put(f"/api/v1/orders/{here.bare}/service-log", json=log, headers=JSON)
        assert answer.json()["complete"] is True
        assert (await http.post(address, data=sheet, headers=JSON)).json()["code"] == "no_files"
    async with client(here.acceptor) as http:
        lines = (await http.get(f"/api/v1/orders/{here.bare}/judgements", headers=JSON)).json()["lines"]
        assert [line["number"] for line in lines] == [1, 2, 3, 4, 5, 6]
        judged = [{"number": line["number"], "met": line["number"] != 5, "words": "只讲了四十分钟"} for line in lines]
        finding = {"reference": here.bare, "accepted": False, "people_reached": 31, "rating": 2, "opinion": "太短"}
        body = {"findings": [{**finding, "lines": judged}]}
        answer = await http.post("/api/v1/orders/acceptances", json=body, headers=JSON)
        assert answer.json() == {"counts": {"refused": 1}}
        [kept] = (await http.get(f"/api/v1/orders/{here.bare}/judgements", headers=JSON)).json()["judgements"]
        assert (kept["outcome"], kept["genuine"], [one["met"] for one in kept["lines"]].count(False)) == (
            "refused",
            True,
            1,
        )
    assert await database.fetch_value("SELECT count(*) FROM acceptance WHERE verdict = 'refused'") == 1
    async with client(here.provider) as http:
        report = f"/api/v1/orders/{here.sent_back}/rectification-reports"
        answer = await http.post(report, json={"report_zh": "补讲一场"}, headers=JSON)
        assert answer.json()["judgements"][0]["rectification"] == "reported"
        assert (await http.post(report, json={"report_zh": "又一场"}, headers=JSON)).status_code == 409
