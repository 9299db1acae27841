"""Looking at what was delivered and paid: was somebody there, was it accepted first, by somebody else, and once."""

from app.core import clock, database
from procurement.oversight.flags import rules
from procurement.oversight.flags.ground import Ground, Observed, Subject
from procurement.oversight.flags.rules import FlagKind

SPEAKING_DAYS = 7
"""For so many days after a service those who were there may say what they think (volunteers.thanks)."""

# Two places at once, or a way too long, as the night's look at attendance found it; here only where money hangs on it.
_OVERLAPS = """
SELECT f.id, f.person_id, station.place_id,
       CASE f.kind WHEN 'two_places' THEN (f.evidence ->> 'minutes')::integer
            ELSE (f.evidence ->> 'needed')::integer - (f.evidence ->> 'gap')::integer END AS minutes,
       jsonb_array_length(f.evidence -> 'sign_ups') AS shifts, worked.year, worked.refs, worked.order_id,
       worked.purchase_id
FROM finding f JOIN station ON station.id = f.station_id
CROSS JOIN LATERAL (
    SELECT min(extract(year FROM s.starts AT TIME ZONE 'Asia/Shanghai'))::integer AS year, min(o.id) AS order_id,
           min(c.purchase_id) AS purchase_id, array_agg(a.reference ORDER BY s.starts) AS refs,
           count(o.id) + count(claim.id) AS paid
    FROM sign_up s JOIN assignment a ON a.id = s.assignment_id LEFT JOIN village_order o ON o.assignment_id = a.id
    LEFT JOIN contract c ON c.id = o.contract_id
    LEFT JOIN claim ON claim.sign_up_id = s.id AND claim.status NOT IN ('rejected', 'reversed')
    WHERE s.id IN (SELECT value::bigint FROM jsonb_array_elements_text(f.evidence -> 'sign_ups'))) AS worked
WHERE f.kind IN ('two_places', 'travel') AND f.status <> 'dismissed' AND worked.paid > 0 AND worked.year = ANY($1)
"""
# The keys of a claim forbid a second one of the same kind; a unit bought from a provider and, besides, subsidised to
# the person who came is what they cannot see. Advances and milestones stand for no single piece of work.
_BILLED = """
SELECT b.assignment_id, min(b.place_id) AS place_id, min(b.year) AS year, min(b.id) AS claim_id,
       min(b.order_id) AS order_id, min(b.purchase_id) AS purchase_id, array_agg(b.amount_fen ORDER BY b.id) AS amounts,
       array_agg(b.reference ORDER BY b.id) AS refs
FROM (SELECT claim.id, claim.reference, claim.amount_fen, claim.place_id, claim.person_id, l.year, o.id AS order_id,
             c.purchase_id, coalesce(o.assignment_id, s.assignment_id) AS assignment_id
      FROM claim JOIN budget_line l ON l.id = claim.budget_line_id
      LEFT JOIN village_order o ON o.id = claim.village_order_id LEFT JOIN contract c ON c.id = o.contract_id
      LEFT JOIN sign_up s ON s.id = claim.sign_up_id
      WHERE claim.status NOT IN ('rejected', 'reversed') AND claim.amount_fen > 0 AND l.year = ANY($1)) AS b
WHERE b.assignment_id IS NOT NULL GROUP BY b.assignment_id
HAVING count(*) > 1 AND (count(b.order_id) > 0 OR count(*) > count(DISTINCT b.person_id))
"""
# A milestone rests on the last of the acceptances that it pays; an advance is paid before any, as agreed.
_PAID = """
SELECT claim.id, claim.reference, claim.place_id, claim.budget_line_id, claim.village_order_id, c.purchase_id, l.year,
       b.paid_at, rests_on.day AS accepted_at
FROM settlement_item i JOIN settlement_batch b ON b.id = i.batch_id AND b.paid_at IS NOT NULL
JOIN claim ON claim.id = i.claim_id JOIN budget_line l ON l.id = claim.budget_line_id
LEFT JOIN contract c ON c.id = claim.contract_id
LEFT JOIN acceptance a ON a.village_order_id = claim.village_order_id AND a.verdict = 'accepted'
LEFT JOIN attendance t ON t.sign_up_id = claim.sign_up_id
CROSS JOIN LATERAL (
    SELECT coalesce(a.accepted_at, t.confirmed_at, (
        SELECT max(one.accepted_at) FROM unit_payment u JOIN acceptance one ON one.village_order_id = u.village_order_id
        WHERE u.contract_payment_id = claim.contract_payment_id AND one.verdict = 'accepted')) AS day) AS rests_on
WHERE i.live AND l.year = ANY($1) AND claim.item <> 'advance' AND coalesce(rests_on.day > b.paid_at, true)
"""
_ACCEPTED = """
SELECT o.id, o.reference, o.place_id, p.id AS purchase_id, p.budget_line_id, l.year, a.people_reached AS people,
       array_remove(ARRAY[CASE WHEN a.acceptor_id = p.requested_by THEN 'requested' END,
                          CASE WHEN a.acceptor_id = p.approved_by THEN 'approved' END,
                          CASE WHEN a.acceptor_id = c.signed_by_buyer THEN 'signed' END,
                          CASE WHEN a.acceptor_id = c.signed_by_provider THEN 'provided' END,
                          CASE WHEN a.acceptor_id = o.placed_by THEN 'ordered' END,
                          CASE WHEN a.acceptor_id = o.answered_by THEN 'answered' END], NULL) AS duties,
       (SELECT count(*) FROM shift_rating r WHERE r.assignment_id = o.assignment_id)::integer AS opinions
FROM acceptance a JOIN village_order o ON o.id = a.village_order_id JOIN contract c ON c.id = o.contract_id
JOIN purchase p ON p.id = c.purchase_id JOIN budget_line l ON l.id = p.budget_line_id
WHERE a.verdict = 'accepted' AND l.year = ANY($1)
"""
_BY_THEMSELVES = """
SELECT * FROM ({accepted}) AS seen WHERE cardinality(seen.duties) > 0
"""
_SILENT = """
SELECT seen.* FROM ({accepted}) AS seen JOIN village_order o ON o.id = seen.id
WHERE seen.opinions = 0 AND o.wished_start + make_interval(mins => o.minutes, days => $3) < $2
"""


async def overlap(ground: Ground) -> list[Observed]:
    """Take what the look at attendance found, where the work was paid for."""
    kind, seen = FlagKind.OVERLAP, []
    for row in await database.fetch(_OVERLAPS, ground.years):
        bound = await ground.bound(kind, ground.day_of(row["year"]))
        found = rules.overlap(row["minutes"], row["shifts"], bound)
        if found:
            subject = Subject(
                f"finding:{row['id']}", row["place_id"], row["year"],
                purchase_id=row["purchase_id"], village_order_id=row["order_id"], person_id=row["person_id"],
            )  # fmt: skip
            seen.append(Observed(kind, subject, found, tuple(row["refs"])))
    return seen


async def billed_twice(ground: Ground) -> list[Observed]:
    """Count the claims that stand for one piece of work."""
    kind, seen = FlagKind.BILLED_TWICE, []
    for row in await database.fetch(_BILLED, ground.years):
        found = rules.billed_twice(row["amounts"], await ground.bound(kind, ground.day_of(row["year"])))
        if found:
            subject = Subject(
                f"assignment:{row['assignment_id']}", row["place_id"], row["year"],
                purchase_id=row["purchase_id"], village_order_id=row["order_id"], claim_id=row["claim_id"],
            )  # fmt: skip
            seen.append(Observed(kind, subject, found, tuple(row["refs"])))
    return seen


async def paid_early(ground: Ground) -> list[Observed]:
    """Compare each payment with the acceptance, or the confirmed attendance, that it rests on."""
    kind, seen = FlagKind.PAID_EARLY, []
    for row in await database.fetch(_PAID, ground.years):
        bound = await ground.bound(kind, ground.day_of(row["year"]))
        accepted_at = clock.local(row["accepted_at"]) if row["accepted_at"] else None
        found = rules.paid_early(clock.local(row["paid_at"]), accepted_at, bound)
        if found:
            subject = Subject(
                f"claim:{row['id']}", row["place_id"], row["year"], row["budget_line_id"],
                row["purchase_id"], village_order_id=row["village_order_id"], claim_id=row["id"],
            )  # fmt: skip
            seen.append(Observed(kind, subject, found, (row["reference"],)))
    return seen


async def same_person(ground: Ground) -> list[Observed]:
    """Look for acceptors with another hand in the purchase: what the database refuses, and imported data may hold."""
    kind, seen = FlagKind.SAME_PERSON, []
    for row in await database.fetch(_BY_THEMSELVES.format(accepted=_ACCEPTED), ground.years):
        found = rules.same_person(row["duties"], await ground.bound(kind, ground.day_of(row["year"])))
        if found:
            seen.append(Observed(kind, _unit(row), found, (row["reference"],)))
    return seen


async def no_opinion(ground: Ground) -> list[Observed]:
    """Look for deliveries to many of whom nobody spoke, once the time for it is over."""
    kind, seen = FlagKind.NO_OPINION, []
    statement = _SILENT.format(accepted=_ACCEPTED)
    for row in await database.fetch(statement, ground.years, ground.now, SPEAKING_DAYS):
        bound = await ground.bound(kind, ground.day_of(row["year"]))
        found = rules.no_opinion(row["people"], row["opinions"], bound)
        if found:
            seen.append(Observed(kind, _unit(row), found, (row["reference"],)))
    return seen


def _unit(row: database.Row) -> Subject:
    return Subject(
        f"unit:{row['id']}", row["place_id"], row["year"], row["budget_line_id"], row["purchase_id"], row["id"]
    )
