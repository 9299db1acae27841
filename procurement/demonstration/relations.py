"""What lasts beyond one week: villages have their lawyer, stations their Tuesdays, residents say what they think."""

from datetime import date, timedelta

from app.core import clock, database
from app.core.access import ANONYMOUS, Principal, Role
from app.core.errors import DomainError
from procurement.demonstration import invention
from procurement.demonstration.scale import Scale
from volunteers.assignments.regulars.service import keep_weekdays
from volunteers.dispatch.week import bounds_of
from volunteers.pairings.rules import USUAL_TERM, PairingDraft, PairingKind
from volunteers.pairings.service import propose_many
from volunteers.thanks import service as thanks
from volunteers.thanks.service import Visitor

VILLAGES_EACH, OLDEST_DAYS = 3, 355
RATED_SHIFTS = 24
KEEPING_STATIONS = 24
STARS = (5, 5, 4, 5, 5, 3)
WORDS = (
    "讲得很清楚，谢谢！",
    "等了半小时，不过问题解决了。",
    "用杭州话讲给我妈听，听懂了。",
    "合同帮我看了一遍，谢谢律师。",
    "态度好，下次还来。",
    "",
)

_PAIRS = """
WITH lawyers AS (
    SELECT q.id, q.district, row_number() OVER (PARTITION BY q.district ORDER BY q.id) AS number
    FROM (SELECT DISTINCT p.id, left(home.code, 6) AS district
          FROM person p JOIN place home ON home.id = p.home_place_id
          JOIN credential c ON c.person_id = p.id AND c.kind = 'lawyer' AND c.verified_at IS NOT NULL) AS q),
villages AS (
    SELECT v.id, left(v.code, 6) AS district,
           row_number() OVER (PARTITION BY left(v.code, 6) ORDER BY md5(v.code)) AS number
    FROM place v WHERE v.level = 'village' AND v.code LIKE $1 || '%')
SELECT villages.id AS place_id, lawyers.id AS person_id
FROM villages JOIN lawyers USING (district) WHERE lawyers.number = 1 + (villages.number - 1) / $2
  AND NOT EXISTS (SELECT FROM pairing x WHERE x.place_id = villages.id) ORDER BY 1
"""
_CAME = """
SELECT * FROM (
    SELECT DISTINCT ON (a.station_id) a.station_id, p.public_id AS person,
           extract(isodow FROM a.starts AT TIME ZONE 'Asia/Shanghai')::integer - 1 AS weekday
    FROM sign_up s JOIN assignment a ON a.id = s.assignment_id AND a.kind = 'duty' JOIN person p ON p.id = s.person_id
    JOIN place ON place.id = a.place_id
    WHERE s.status = 'completed' AND p.status = 'active' AND place.code LIKE $1 || '%'
      AND NOT EXISTS (SELECT FROM station_regular r WHERE r.station_id = a.station_id)
    ORDER BY a.station_id, md5(p.id::text)) AS came
ORDER BY md5(station_id::text) LIMIT $2
"""
_WORKED = """
SELECT a.thanks_code FROM assignment a JOIN place ON place.id = a.place_id
WHERE a.starts >= $1 AND a.starts < $2 AND place.code LIKE $3 || '%'
  AND EXISTS (SELECT FROM sign_up s WHERE s.assignment_id = a.id AND s.status = 'completed')
  AND a.ends + interval '7 days' > $5
ORDER BY md5(a.reference) LIMIT $4
"""


async def pair_villages(officers: dict[Role, Principal], scale: Scale) -> int:
    """Pair villages with lawyers of their district, three each, as the register on paper says; return how many."""
    draw = invention.generator("pairings")
    today = clock.today()
    drafts = []
    for row in await database.fetch(_PAIRS, scale.place_code, VILLAGES_EACH):
        first = today - timedelta(days=draw.randrange(OLDEST_DAYS))
        signed = draw.random() < 0.98
        drafts.append(
            PairingDraft(
                *(row["place_id"], PairingKind.ADVISER, first, first + USUAL_TERM),
                person_id=row["person_id"],
                signed=signed,
            )
        )
    return len((await propose_many(officers[Role.COORDINATOR], drafts)).made)


async def keep_days(officers: dict[Role, Principal], scale: Scale) -> int:
    """Let some stations keep a weekday for somebody who was there on it; return how many."""
    rows = await database.fetch(_CAME, scale.place_code, KEEPING_STATIONS)
    for row in rows:
        await keep_weekdays(officers[Role.COORDINATOR], row["station_id"], row["person"], [row["weekday"]])
    return len(rows)


async def rate_shifts(scale: Scale, monday: date) -> int:
    """Let residents rate some of the week's shifts; return how many taps there were."""
    draw = invention.generator(f"ratings/{monday}")
    taps = 0
    for row in await database.fetch(_WORKED, *bounds_of(monday), scale.place_code, RATED_SHIFTS, clock.now()):
        for number in range(draw.randint(1, len(STARS))):
            visitor = Visitor(f"demonstration-{row['thanks_code']}-{number}", f"192.0.2.{number}")
            try:
                await thanks.rate(ANONYMOUS, visitor, row["thanks_code"], draw.choice(STARS))
                if words := draw.choice(WORDS):
                    await thanks.thank(ANONYMOUS, visitor, row["thanks_code"], words)
            except DomainError:
                continue
            taps += 1
    return taps
