"""Declared ties for programs: an officer's own and nobody else's."""

from datetime import timedelta

from app.core import clock
from app.core.access import ANONYMOUS
from tests import world
from tests.app.web.client import call


async def test_a_tie_is_declared_bars_and_ends_once(db: None) -> None:
    firm, officer = await world.organization(), await world.reviewer()
    new = {"uscc": firm.uscc, "kind": "family", "since": "2020-01-01"}
    declared = await call(officer, "POST", "/interests", new)
    assert (declared.status_code, declared.json()["organization"]) == (201, str(firm.public_id))
    assert declared.json()["bars"] is True
    twice = await call(officer, "POST", "/interests", new)
    assert (twice.status_code, twice.json()["code"]) == (409, "interest_declared")
    path = f"/interests/{declared.json()['id']}/end"
    yesterday = {"until": str(clock.today() - timedelta(days=1))}
    assert (await call(officer, "POST", path, yesterday)).status_code == 204
    again = await call(officer, "POST", path, yesterday)
    assert (again.status_code, again.json()["code"]) == (409, "interest_ended")
    [row] = (await call(officer, "GET", "/interests")).json()["items"]
    assert (row["until"], row["bars"]) == (yesterday["until"], False)
    unknown = await call(officer, "POST", "/interests", new | {"uscc": "91330106000000000X"})
    assert (unknown.status_code, [one["field"] for one in unknown.json()["fields"]]) == (422, ["uscc"])


async def test_ties_are_each_officers_own_and_nobody_elses(db: None) -> None:
    firm, officer, other = await world.organization(), await world.reviewer(), await world.reviewer()
    new = {"uscc": firm.uscc, "kind": "other", "since": "2020-01-01"}
    tie = (await call(officer, "POST", "/interests", new)).json()["id"]
    assert (await call(other, "GET", "/interests")).json()["items"] == []
    assert (await call(other, "POST", f"/interests/{tie}/end", {"until": str(clock.today())})).status_code == 404
    assert (await call(ANONYMOUS, "GET", "/interests")).status_code == 401
    for person in (firm.member, ANONYMOUS):
        assert (await call(person, "POST", "/interests", new)).status_code == 403
        ending = await call(person, "POST", f"/interests/{tie}/end", {"until": str(clock.today())})
        assert ending.status_code == 403
    assert (await call(firm.member, "GET", "/interests")).status_code == 403
