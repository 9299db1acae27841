"""A budget line's book for programs: each entry with the balances after it, to those who read the money there."""

from app.core import clock
from app.core.access import ANONYMOUS, Role
from tests.app.web.client import call
from tests.procurement import buying
from tests.procurement.buying_pages import season


def _path(place: str = buying.DISTRICT) -> str:
    return f"/budgets/{clock.today().year}/{place}/purchase/book"


async def test_each_entry_starts_where_the_one_before_it_ended(db: None) -> None:
    here = await season()
    first = (await call(here.officer, "GET", f"{_path()}?limit=3")).json()
    assert first["next_cursor"]
    rest = (await call(here.officer, "GET", f"{_path()}?cursor={first['next_cursor']}")).json()
    newest_first = [*first["items"], *rest["items"]]
    before = dict.fromkeys(newest_first[0]["after"], 0)
    for row in reversed(newest_first):
        before = {pot: before[pot] + row["change"][pot] for pot in before}
        assert before == row["after"]
        assert row["left_fen"] == (
            before["approved_fen"] - before["reserved_fen"] - before["committed_fen"] - before["spent_fen"]
        )
    [line] = (await call(here.officer, "GET", "/budgets")).json()["items"]
    assert newest_first[0]["left_fen"] == line["left_fen"]
    assert here.purchases["approved"] in {row["reference"] for row in newest_first}


async def test_others_do_not_read_the_book(db: None) -> None:
    here = await season()
    far = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    assert (await call(far, "GET", _path())).status_code == 404
    assert (await call(here.officer, "GET", _path("330182"))).status_code == 404
    for person in (here.provider, here.clerk):
        assert (await call(person, "GET", _path())).status_code == 403
    assert (await call(ANONYMOUS, "GET", _path())).status_code == 401
