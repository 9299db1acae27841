"""A few who cannot come after all find a substitute: the place passes on and the plan stays covered."""

from datetime import date

from app.core import database
from app.core.errors import DomainError
from procurement.demonstration import people
from procurement.demonstration.scale import Scale
from volunteers.assignments.exchanges import options
from volunteers.assignments.exchanges.answering import accept
from volunteers.assignments.exchanges.service import offer_to
from volunteers.dispatch.week import bounds_of

MOST = 5
_WHO = """
SELECT s.public_id, s.person_id FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
JOIN place ON place.id = a.place_id
WHERE s.status = 'confirmed' AND a.starts >= $1 AND a.starts < $2 AND place.code LIKE $3 || '%'
ORDER BY md5(s.id::text) LIMIT $4
"""


async def hand_on(scale: Scale, monday: date) -> int:
    """Let a few people ask a colleague each, who says yes; return how many seats passed on."""
    rows = await database.fetch(_WHO, *bounds_of(monday), scale.place_code, MOST)
    acting = await people.acting([row["person_id"] for row in rows])
    done = 0
    for row in rows:
        who = acting[row["person_id"]]
        found = await options.colleagues(who, await options.own_seat(who, row["public_id"]))
        if not found:
            continue
        asked = await database.fetch_value("SELECT id FROM person WHERE public_id = $1", found[0].public_id)
        try:
            offer = await offer_to(who, row["public_id"], found[0].public_id)
            await accept((await people.acting([asked]))[asked], offer)
        except DomainError:
            continue  # somebody's day changed meanwhile; the seat is still theirs
        done += 1
    return done
