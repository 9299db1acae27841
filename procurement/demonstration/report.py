"""The table at the end: what was listed, ordered, covered, confirmed, claimed and paid, tied out to the fen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core import database
from app.core.money import yuan
from volunteers.dispatch.week import bounds_of

_SEATS = """
WITH seat AS (
    SELECT p.capacity, p.booked + (SELECT count(*) FROM sign_up s WHERE s.position_id = p.id AND s.status = 'absent'
               AND NOT s.over_quota)
               AS filled, a.green, place.rural
    FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
    WHERE a.starts >= $1 AND a.starts < $2 AND a.status <> 'cancelled')
SELECT coalesce(sum(capacity), 0)::bigint AS seats, coalesce(sum(filled), 0)::bigint AS filled,
       coalesce(sum(capacity) FILTER (WHERE green), 0)::bigint AS green_seats,
       coalesce(sum(filled) FILTER (WHERE green), 0)::bigint AS green_filled,
       coalesce(sum(capacity) FILTER (WHERE rural), 0)::bigint AS rural_seats,
       coalesce(sum(filled) FILTER (WHERE rural), 0)::bigint AS rural_filled
FROM seat
"""
_COUNTS = """
SELECT (SELECT count(*) FROM product WHERE status = 'listed') AS listed,
       (SELECT count(*) FROM admission WHERE status = 'admitted') AS admitted,
       (SELECT count(*) FROM organization WHERE status = 'verified') AS organizations,
       (SELECT count(*) FROM person) AS people,
       (SELECT count(*) FROM contract) AS contracts,
       (SELECT count(*) FROM village_order WHERE live) AS ordered,
       (SELECT count(*) FROM village_order WHERE status = 'accepted') AS accepted,
       (SELECT count(*) FROM attendance WHERE outcome = 'attended') AS confirmed,
       (SELECT count(*) FROM attendance WHERE outcome = 'absent') AS absent,
       (SELECT count(*) FROM claim) AS claims,
       (SELECT count(*) FROM claim WHERE status = 'held') AS held,
       (SELECT count(*) FROM claim WHERE status = 'paid') AS paid,
       (SELECT count(*) FROM settlement_batch WHERE status = 'paid') AS batches,
       (SELECT count(*) FROM settlement_payment WHERE status = 'paid') AS payments
"""
_AROUND = """
SELECT (SELECT count(*) FROM quotation_request) AS quotations,
       (SELECT count(*) FROM quotation_comparison) AS compared,
       (SELECT count(*) FROM incubation WHERE status IN ('diagnosis', 'capacity', 'practice')) AS growing,
       (SELECT count(*) FROM incubation WHERE status = 'graduated') AS graduated,
       (SELECT count(*) FROM incubation WHERE status = 'applied') AS applied,
       (SELECT max(year) FROM catalogue_edition WHERE status = 'published') AS edition,
       (SELECT count(*) FROM catalogue_entry c JOIN catalogue_edition e ON e.id = c.edition_id
         WHERE e.status = 'published') AS entries,
       (SELECT count(*) FROM catalogue_edition WHERE status = 'draft') AS drafts,
       (SELECT count(*) FROM flagship_project WHERE status = 'adopted') AS projects,
       (SELECT count(*) FROM flagship_project WHERE status = 'proposed') AS proposed
"""
# What the bank returned was in a batch and its file, and is paid no more. What was withheld for the tax office is in no
# bank file; it counts as paid with the payment it is withheld from.
_AMOUNTS = """
SELECT (SELECT coalesce(sum(amount_fen), 0)::bigint FROM claim WHERE status = 'paid') - given.fen AS claims,
       (SELECT coalesce(sum(total_fen), 0)::bigint FROM settlement_batch WHERE status = 'paid')
           - given.fen - back.fen AS batches,
       (SELECT coalesce(sum(total_fen), 0)::bigint FROM bank_file)
           + (SELECT coalesce(sum(tax_fen), 0)::bigint FROM tax_withholding) - given.fen - back.fen AS bank_files,
       (SELECT coalesce(sum(spent_fen), 0)::bigint FROM budget_line) AS budget_spent,
       (SELECT coalesce(-sum(p.amount_fen), 0)::bigint FROM ledger_posting p
        JOIN ledger_account a ON a.id = p.account_id WHERE a.code LIKE ANY ('{treasury:%,tax:%}')) AS treasury,
       (SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM ledger_posting p) AS trial_balance,
       (SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM ledger_posting p
        JOIN ledger_account a ON a.id = p.account_id WHERE a.code LIKE 'clearing:%') AS clearing
FROM (SELECT coalesce(sum(amount_fen), 0)::bigint AS fen FROM advance_return) AS given,
     (SELECT coalesce(sum(amount_fen), 0)::bigint AS fen FROM settlement_payment WHERE status = 'returned') AS back
"""


class DoesNotTieOut(RuntimeError):
    """Two records of the same money differ."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    value: str
    detail: str = ""


async def lines(monday: date) -> list[Line]:
    """Return the table; raises DoesNotTieOut if any two records of what was paid differ by a fen."""
    seats = await _one(_SEATS, *bounds_of(monday))
    counts = await _one(_COUNTS)
    around = await _one(_AROUND)
    paid = await tied_out()
    return [
        Line("listed", f"{counts['listed']:,} products", f"{counts['organizations']:,} organizations"),
        Line("admitted", f"{counts['admitted']:,} products", f"{counts['contracts']:,} contracts"),
        Line("ordered", f"{counts['ordered']:,} by villages", f"{counts['accepted']:,} accepted"),
        Line("quotations", f"{around['quotations']:,} purchases", f"{around['compared']:,} compared"),
        Line("incubated", f"{around['growing']:,} organizations",
             f"{around['graduated']:,} graduated, {around['applied']:,} applied"),
        Line("catalogue", f"edition {around['edition']}", f"{around['entries']:,} products, "
                                                          f"{around['drafts']:,} edition being drawn up"),
        Line("flagship projects", f"{around['projects']:,} under way", f"{around['proposed']:,} proposed"),
        Line("covered, all seats", *_share(seats["filled"], seats["seats"])),
        Line("covered, green channel", *_share(seats["green_filled"], seats["green_seats"])),
        Line("covered, rural", *_share(seats["rural_filled"], seats["rural_seats"])),
        Line("confirmed", f"{counts['confirmed']:,} attendances", f"{counts['absent']:,} absent"),
        Line("claimed", f"{counts['claims']:,} claims", f"{counts['held']:,} held"),
        Line("paid", yuan(paid), f"{counts['paid']:,} claims, {counts['payments']:,} payments, "
                                 f"{counts['batches']:,} {'batch' if counts['batches'] == 1 else 'batches'}"),
        Line("ties out", "to the fen", "claims, batches, bank files, budget, ledger"),
    ]  # fmt: skip


async def tied_out() -> int:
    """Return what was paid in fen, after comparing every record of it."""
    amounts = await _one(_AMOUNTS)
    balanced = {name: amounts.pop(name) for name in ("trial_balance", "clearing")}
    if len(set(amounts.values())) != 1 or any(balanced.values()):
        raise DoesNotTieOut(f"{amounts} {balanced}")
    paid: int = amounts["claims"]
    return paid


def _share(part: int, whole: int) -> tuple[str, str]:
    return (f"{100 * part / whole:.1f} %" if whole else "none", f"{part:,} of {whole:,} seats")


async def _one(sql: str, *values: Any) -> dict[str, Any]:
    row = await database.fetch_one(sql, *values)
    if row is None:
        raise LookupError(sql)
    return row
