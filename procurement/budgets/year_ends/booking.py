"""A closing in the books: 结余 goes from the line to what its place took back, 结转 to the line that stands in."""

from collections.abc import Iterable, Sequence

from app.core import clock, database
from app.core.access import Principal
from app.core.database import Row
from procurement.ledger import posting
from procurement.ledger.rules import Account, Entry, EntryKind, Posting, lapsed_account, year_end_account


async def book(principal: Principal, closed: Sequence[Row]) -> None:
    """Post what each line lapsed and carried; the days of the year itself are closed, so it is today's entry."""
    places = {row["id"]: row for row in await database.fetch(_PLACES, [row["budget_line_id"] for row in closed])}
    accounts: list[Account] = []
    entries: list[Entry] = []
    for row in closed:
        place = places[row["budget_line_id"]]
        ending = year_end_account(row["budget_line_id"])
        onto = {
            EntryKind.LAPSE: (lapsed_account(place["place_id"], place["code"]), row["lapsed_fen"]),
            EntryKind.CARRY_OVER: (year_end_account(row["to_line_id"]), row["carried_fen"]),
        }
        for kind, (account, fen) in onto.items():
            if fen:
                accounts += [ending, account]
                entries.append(_entry(kind, row["id"], [(ending, fen), (account, -fen)]))
    await posting.post(principal, accounts, entries)


def _entry(kind: EntryKind, closing_line: int, sides: Iterable[tuple[Account, int]]) -> Entry:
    postings = tuple(Posting(account.code, fen) for account, fen in sides)
    return Entry(f"{kind}:{closing_line}", clock.today(), kind, "year_closing_line", closing_line, postings)


_PLACES = """
SELECT l.id, place.id AS place_id, place.code FROM budget_line l JOIN place ON place.id = l.place_id
WHERE l.id = ANY($1)
"""
