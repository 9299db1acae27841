"""Each month of a full-time mediator's post that is over becomes one claim."""

from collections import Counter
from datetime import date, datetime

from app.core import audit, clock, database
from app.core.access import system_principal
from app.core.database import transaction
from procurement.claims.posts.rules import ITEM, PROGRAMME, months
from procurement.claims.pricing import stored_trace
from procurement.claims.rules import ClaimStatus, hold_reason
from procurement.tariffs.engine.model import Step

SYSTEM = system_principal()
_POSTS = """
SELECT m.id, m.person_id, m.place_id, m.document, m.monthly_fen, m.from_day, m.until_day, p.public_official,
       district.id AS district_id, ARRAY(SELECT month FROM claim WHERE mediator_post_id = m.id) AS claimed
FROM mediator_post m JOIN person p ON p.id = m.person_id JOIN place ON place.id = m.place_id
JOIN place district ON district.code = left(place.code, 6) ORDER BY m.id
"""
_INSERT = """
INSERT INTO claim (programme_id, status, mediator_post_id, month, person_id, item, service_day, place_id,
                   budget_line_id, amount_fen, trace, accrued_at, reason)
SELECT line.programme_id, d.status, d.post_id, d.month, d.person_id, $10, d.day, d.place_id, line.id, d.fen,
       d.trace::jsonb, $11, d.reason
FROM unnest($1::text[], $2::bigint[], $3::date[], $4::bigint[], $5::date[], $6::bigint[], $7::bigint[], $8::bigint[],
            $9::text[], $12::text[])
     AS d (status, post_id, month, person_id, day, place_id, district_id, fen, trace, reason)
JOIN programme ON programme.code = $13
JOIN budget_line line ON line.programme_id = programme.id AND line.place_id = d.district_id
                     AND line.year = extract(year FROM d.day)
ON CONFLICT (mediator_post_id, month) WHERE mediator_post_id IS NOT NULL DO NOTHING RETURNING id
"""


async def accrue_months(now: datetime) -> tuple[int, Counter[str]]:
    """Claim every month that is over and not claimed; return how many, and how many lack a budget line."""
    today = clock.local(now).date()
    async with transaction():
        posts = await database.fetch(_POSTS)
        rows = [row for post in posts for row in _rows(post, today)]
        if not rows:
            return 0, Counter()
        turned = database.columns(rows, 10)
        made = await database.fetch(_INSERT, *turned[:9], ITEM, now, turned[9], PROGRAMME)
        await audit.record_many(SYSTEM, [audit.Entry("claim.accrued", "claim", row["id"], {}) for row in made])
    return len(made), Counter({ITEM: len(rows) - len(made)} if len(rows) > len(made) else {})


def _rows(post: database.Row, today: date) -> list[tuple[object, ...]]:
    hold = hold_reason(post["public_official"])
    status = ClaimStatus.HELD if hold else ClaimStatus.ACCRUED
    found = []
    for month in months(post["monthly_fen"], post["from_day"], post["until_day"], today):
        if month.month in post["claimed"]:
            continue
        values = {"document": post["document"], "monthly_fen": post["monthly_fen"], "days": month.days,
                  "of_days": month.of_days, "amount_fen": month.fen}  # fmt: skip
        last = month.month.replace(day=month.of_days)
        found.append((
            status.value, post["id"], month.month, post["person_id"], last, post["place_id"], post["district_id"],
            month.fen, stored_trace([Step("post_month", values)]), hold.msgid if hold else "",
        ))  # fmt: skip
    return found
