"""What packages add to pages of the frame: slots, menu entries, what waits on the workbench."""

from datetime import UTC, datetime

import pytest
from jinja2 import DictLoader

from app.core.access import ANONYMOUS, Permission, Principal
from app.core.text import N_
from app.web import navigation, slots, workbench
from app.web.components import Action, Tag, Waiting
from app.web.context import RequestContext, answering
from app.web.navigation import NavItem
from app.web.pages import page
from app.web.principal import Visitor
from app.web.slots import Fill
from app.web.templates import environment
from tests.app.web.client import client, somebody


async def test_a_slot_is_filled_by_every_package_that_registered_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def one(principal: Principal, thing: int) -> Fill | None:
        return Fill("test/part.html", {"text": f"<one {thing} {principal.name}>"})

    async def nothing(_principal: Principal, _thing: int) -> Fill | None:
        return None

    async def nested(_principal: Principal, _thing: int) -> Fill | None:
        return Fill("test/nested.html", {})

    async def inner(_principal: Principal) -> Fill | None:
        return Fill("test/part.html", {"text": "inner"})

    templates = {
        "test/page.html": "[{{ slot('side', 7) }}|{{ slot('nobody') }}]",
        "test/part.html": "{{ text }}",
        "test/nested.html": "({{ slot('inner') }})",
    }
    monkeypatch.setattr(slots, "_functions", {})
    slots.register([("side", one), ("side", nothing), ("side", nested), ("inner", inner)])
    made = environment().overlay(loader=DictLoader(templates))
    monkeypatch.setattr("app.web.pages.render", lambda name, values: made.get_template(name).render(values))
    with answering(RequestContext(visitor=Visitor(somebody()))):
        answer = await page("test/page.html")
    assert answer.content == "[&lt;one 7 Wang&gt;(inner)|]"


def test_the_menu_shows_what_one_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", [])
    navigation.register(
        [
            NavItem("b", "/b", order=2),
            NavItem("a", "/a", order=1),
            NavItem("review", "/review", frozenset({Permission.PRODUCT_REVIEW}), group="work"),
            NavItem("account", "/account", group="work", order=200),
        ]
    )
    shown = [
        [item.path for item in navigation.items_for(person, group)]
        for person in (ANONYMOUS, somebody(), somebody(Permission.PRODUCT_REVIEW))
        for group in ("public", "work")
    ]
    assert shown == [["/a", "/b"], [], ["/a", "/b"], ["/account"], ["/a", "/b"], ["/review", "/account"]]


async def test_the_workbench_lists_what_needs_the_person_first_and_asks_for_an_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def waiting(principal: Principal) -> list[Waiting]:
        assert principal.signed_in
        act, early, late = Action(N_("x"), "/x"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
        return [
            Waiting(Tag("done", "d"), "fourth", "", act),
            Waiting(Tag("wait", "w"), "third", "", act, early),
            Waiting(Tag("need", "n"), "second", "", act, late),
            Waiting(Tag("need", "n"), "first", "", act, early),
        ]

    monkeypatch.setattr(workbench, "_sources", [waiting])
    async with client(handlers=[]) as http:
        assert (await http.get("/workbench")).headers["location"] == "/sign-in?next=/workbench"
    async with client(somebody(), handlers=[]) as http:
        text = (await http.get("/workbench")).text
    places = [text.index(f"<strong>{word}</strong>") for word in ("first", "second", "third", "fourth")]
    assert places == sorted(places)


async def test_an_empty_workbench_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench, "_sources", [])
    async with client(somebody(), handlers=[]) as http:
        assert (await http.get("/workbench")).status_code == 200
