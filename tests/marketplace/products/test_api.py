"""The endpoints: the same rules as the pages, for programs."""

from typing import Any

from app.core.access import Principal
from marketplace.organizations.rules import OrganizationKind
from marketplace.products.review.rules import Verdict
from tests import world
from tests.app.web.client import client

CONTENT = {
    "title_zh": "社区法律门诊",
    "summary_zh": "律师每周三上午到社区接待居民。",
    "content_zh": "接待来访居民，当场答复。",
    "standard_zh": "每次不少于三小时，来访登记齐全。",
    "staffing_zh": "执业律师一名到场。",
    "process_zh": "预约、接待、登记、回访。",
    "target_group": "everyone",
    "unit": "half_day",
    "minutes": 180,
    "credentials_any": ["lawyer"],
    "ceiling_fen": 30_000,
    "areas": ["330106"],
    "monthly_units": 12,
}


async def _send(person: Principal, method: str, path: str, body: Any = None, **headers: str) -> Any:
    async with client(person) as http:
        return await http.request(method, f"/api/v1{path}", json=body, headers=headers)


async def test_a_program_takes_a_product_from_draft_to_the_catalogue(db: None) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    new = {"organization": str(provider.public_id), "category": "consultation", "content": {"title_zh": "门诊"}}
    created = await _send(provider.member, "POST", "/products", new)
    assert created.status_code == 201
    reference = created.json()["reference"]
    edited = await _send(provider.member, "PUT", f"/products/{reference}", CONTENT, **{"if-match": '"1"'})
    assert (edited.status_code, edited.headers["etag"]) == (200, '"2"')
    assert (await _send(provider.member, "POST", f"/products/{reference}/submission")).status_code == 204
    assert (await _send(officer, "POST", f"/products/{reference}/review")).status_code == 204
    verdict = {"version": 2, "verdict": "list", "reasons": "写得具体。"}
    assert (await _send(officer, "POST", f"/products/{reference}/decision", verdict)).status_code == 204
    async with client() as http:
        found = (await http.get("/api/v1/products", params={"q": "门诊"})).json()
        shown = (await http.get(f"/api/v1/products/{reference}")).json()
    assert [item["reference"] for item in found["items"]] == [reference]
    assert shown["content"]["ceiling_fen"] == 30_000
    assert shown["content"]["areas"] == ["330106"]


async def test_an_edit_names_the_version_it_was_made_from(db: None) -> None:
    product = await world.draft_product()
    member, path = product.organization.member, f"/products/{product.reference}"
    assert (await _send(member, "PUT", path, CONTENT)).status_code == 428
    assert (await _send(member, "PUT", path, CONTENT, **{"if-match": '"1"'})).status_code == 200
    late = await _send(member, "PUT", path, CONTENT, **{"if-match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")
    own = await _send(member, "GET", f"/my{path}")
    assert (own.headers["etag"], own.json()["status"]) == ('"2"', "draft")


async def test_a_refused_submission_lists_its_fields_as_a_problem(db: None) -> None:
    product = await world.draft_product(content_zh="", unit=None)
    refused = await _send(product.organization.member, "POST", f"/products/{product.reference}/submission")
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert {entry["field"] for entry in refused.json()["fields"]} == {"content_zh", "unit"}


async def test_the_catalogue_is_read_to_its_end_by_cursor(db: None) -> None:
    provider = await world.organization()
    listed = {(await world.listed_product(provider)).reference for _ in range(5)}
    seen: set[str] = set()
    cursor: str | None = None
    async with client() as http:
        for _ in range(10):
            params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
            page = (await http.get("/api/v1/products", params=params)).json()
            seen |= {item["reference"] for item in page["items"]}
            cursor = page["next_cursor"]
            if cursor is None:
                break
    assert seen == listed


GUARDED = (
    ("POST", "/products"),
    ("PUT", "/products/CP-2026-000001"),
    ("POST", "/products/CP-2026-000001/submission"),
    ("POST", "/products/CP-2026-000001/review"),
    ("POST", "/products/CP-2026-000001/decision"),
    ("GET", "/my/products/CP-2026-000001"),
)


async def test_writing_needs_the_right_role(db: None) -> None:
    resident = await world.account()
    for method, path in GUARDED:
        async with client() as http:
            nobody = await http.request(method, f"/api/v1{path}", json={}, headers={"authorization": "Bearer wrong"})
        refused = await _send(resident, method, path, {})
        assert (nobody.status_code, refused.status_code) == (401, 403), path


async def test_the_reviewers_verdict_by_a_program_obeys_the_same_rules(db: None) -> None:
    product = await world.listed_product()
    officer = await world.reviewer()
    path = f"/products/{product.reference}/decision"
    wrong = {"version": 7, "verdict": Verdict.SUSPEND.value, "reasons": "投诉成立"}
    assert (await _send(officer, "POST", path, wrong)).status_code == 409
    assert (await _send(officer, "POST", path, wrong | {"version": 1})).status_code == 204
    assert (await _send(officer, "POST", path, wrong | {"version": 1})).json()["code"] == "transition_refused"


async def test_programs_read_the_desk_and_their_own_list_and_take_a_product_back(db: None) -> None:
    product, officer = await world.submitted_product(), await world.reviewer()
    member = product.organization.member
    [waiting] = (await _send(officer, "GET", "/products/waiting")).json()
    assert (waiting["reference"], waiting["status"], waiting["own"]) == (product.reference, "submitted", False)
    assert waiting["days_left"] > 0
    assert (await _send(officer, "GET", f"/products/{product.reference}/faults")).json() == []
    assert (await _send(await world.reviewer("330110"), "GET", "/products/waiting")).json() == []
    elsewhere = await _send(await world.reviewer("330110"), "GET", f"/products/{product.reference}/faults")
    assert elsewhere.status_code == 404
    assert (await _send(member, "POST", f"/products/{product.reference}/withdrawal")).status_code == 204
    [own] = (await _send(member, "GET", "/my/products")).json()
    assert (own["reference"], own["status"]) == (product.reference, "withdrawn")


async def test_organizations_are_listed_shown_applied_for_and_decided(db: None) -> None:
    firm = await world.organization(OrganizationKind.LAW_FIRM, place="330110", name_en="Qingbo Law Firm")
    waiting, _ = await world.applied_organization()
    async with client() as http:
        found = (await http.get("/api/v1/organizations", params={"category": "legal_aid"})).json()
        shown = (await http.get(f"/api/v1/organizations/{firm.public_id}")).json()
        hidden = await http.get(f"/api/v1/organizations/{waiting.public_id}")
    assert [item["uscc"] for item in found["items"]] == [firm.uscc]
    assert shown["may_provide"] == ["legal_education", "consultation", "mediation", "legal_aid"]
    assert "bank" not in str(shown)
    assert hidden.status_code == 404
    application = {"uscc": world.uscc(), "kind": "service_institution", "name_zh": "新中心", "place_code": "330106"}
    applied = await _send(await world.account(), "POST", "/organizations", application)
    assert applied.status_code == 201
    refusal = {"event": "refuse", "reasons": "材料不全"}
    path = f"/organizations/{applied.json()['id']}/decision"
    assert (await _send(firm.member, "POST", path, refusal)).status_code == 403
    assert (await _send(await world.reviewer(), "POST", path, refusal)).status_code == 204


async def test_the_documentation_has_an_example_for_each_body(db: None) -> None:
    async with client() as http:
        document = (await http.get("/api/schema/openapi.json")).json()
    paths = {path for path in document["paths"] if "/products" in path or "/organizations" in path}
    assert {"/api/v1/products", "/api/v1/products/{reference}", "/api/v1/organizations"} <= paths
    titles = [
        schema["properties"]["title_zh"]
        for name, schema in document["components"]["schemas"].items()
        if name.endswith("ContentBody")
    ]
    assert "民法典进村社" in str(titles[0].get("examples"))
