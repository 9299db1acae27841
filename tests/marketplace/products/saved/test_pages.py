"""Saved searches on pages and for programs."""

from marketplace.products.saved.queries import my_searches
from tests import world
from tests.app.web.client import client


async def test_a_search_is_kept_from_a_page_under_its_words_and_deleted(db: None) -> None:
    reader = await world.account()
    async with client(reader) as http:
        form = await http.get("/my/searches/new?q=讨薪&place=330106&free=on")
        kept = await http.post("/my/searches/new", data={"q": "讨薪", "place": "330106", "free": "on", "name": ""})
        shown = await http.get("/my/searches")
        nothing = await http.post("/my/searches/new", data={"name": "全部"})
        (search,) = await my_searches(reader)
        gone = await http.post(f"/my/searches/{search.public_id}/delete")
    assert '<input type="hidden" name="free" value="on">' in form.text
    assert (kept.status_code, nothing.status_code, gone.status_code) == (303, 422, 303)
    assert f'href="/products?{search.address.replace("&", "&amp;")}"' in shown.text
    assert await my_searches(reader) == []


async def test_whoever_is_not_signed_in_is_not_offered_to_save(db: None) -> None:
    async with client() as http:
        assert "/my/searches/new" not in (await http.get("/products?q=讨薪")).text
        assert (await http.get("/api/v1/saved-searches")).status_code == 401


async def test_programs_keep_list_and_delete_searches(db: None) -> None:
    async with client(await world.account()) as http:
        kept = await http.post("/api/v1/saved-searches", json={"name": "讨薪", "query": "q=讨薪&place=330106"})
        listed = (await http.get("/api/v1/saved-searches")).json()
        deleted = await http.delete(f"/api/v1/saved-searches/{kept.json()['id']}")
        again = await http.delete(f"/api/v1/saved-searches/{kept.json()['id']}")
    assert [one["name"] for one in listed] == ["讨薪"]
    assert (kept.status_code, deleted.status_code, again.status_code) == (201, 204, 404)
