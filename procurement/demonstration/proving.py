"""Proofs of the week's deliveries: two tiny pictures kept once, a row for each order, a log in a few words."""

import struct
import zlib
from datetime import datetime, timedelta

from app.attachments.service import StoredFile, keep
from app.core import clock, database
from app.core.access import ANONYMOUS, Principal, Role, system_principal
from app.core.audit import Entry, record_many
from app.core.database import transaction
from app.core.errors import DomainError
from procurement.contracts.requirements.service import lines_of_order
from procurement.deliveries.acceptances.judging import report_put_right
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.proofs.parties import OWNER
from procurement.deliveries.rules import Finding, LineFinding
from procurement.demonstration import invention
from volunteers.thanks import service as thanks
from volunteers.thanks.service import Visitor

RATED_DELIVERIES, STARS = 12, (5, 5, 5, 4, 4, 5, 3)
SIDE = 64
UNMET = 2  # the line that the first delivery is sent back for
_PROGRAM = system_principal()


async def prove() -> int:
    """Bring what each delivered order lacks, by the member who took it; return how many orders were proven."""
    words = invention.vocabulary()["proofs"]
    sheet = await keep("sign-in.png", picture((226, 233, 231)))
    photo = await keep("photo.png", picture((14, 110, 107)))
    now = clock.now()
    async with transaction():
        proven = await database.fetch(_LOG, words["topic"], words["asked"], now)
        orders = [row["village_order_id"] for row in proven]
        for kind, stored in (("sign_in_sheet", sheet), ("photo", photo)):
            await _files(orders, kind, stored, words["place"], now)
        await record_many(_PROGRAM, [Entry("proof.handed_in", "village_order", order, {}) for order in orders])
    return len(orders)


async def speak() -> int:
    """Let those who were there rate some of the deliveries; return how many did."""
    draw, taps = invention.generator("opinions"), 0
    for row in await database.fetch(_SPOKEN_OF, RATED_DELIVERIES):
        for number in range(draw.randint(3, len(STARS))):
            visitor = Visitor(f"demonstration-{row['code']}-{number}", f"192.0.2.{number}")
            try:
                await thanks.rate(ANONYMOUS, visitor, row["code"], STARS[number])
            except DomainError:
                continue
            taps += 1
    return taps


async def put_one_right(officers: dict[Role, Principal], acting: dict[int, Principal]) -> int:
    """Send the first delivery back and have its provider put it right; the acceptance follows with the others."""
    row = await database.fetch_one(_FIRST)
    if row is None:
        return 0
    words = invention.vocabulary()["proofs"]
    tomorrow = clock.today() + timedelta(days=1)
    judged = [(line.number, line.number != UNMET) for line in await lines_of_order(row["id"])]
    lines = tuple(LineFinding(number, met, "" if met else words["sent_back"]) for number, met in judged)
    finding = Finding(False, row["people"], 3, words["sent_back"], lines, tomorrow)
    await accept_deliveries(officers[Role.ACCEPTOR], [Verdict(row["id"], finding)])
    await report_put_right(acting[row["organization_id"]], row["reference"], words["put_right"])
    return 1


def picture(colour: tuple[int, int, int]) -> bytes:
    """Return a square of one colour as PNG: it stands for a photo, and shows nobody."""
    line = b"\x00" + bytes(colour) * SIDE
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(line * SIDE)),
        (b"IEND", b""),
    )
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


async def _files(orders: list[int], kind: str, stored: StoredFile, place: str, now: datetime) -> None:
    await database.execute(_PROOF, orders, kind, stored.sha256, place, now)
    await database.execute(
        _ATTACHMENT, orders, kind, OWNER, stored.sha256, stored.file_name, stored.media_type, stored.byte_count, now
    )


_LOG = """
INSERT INTO service_log (village_order_id, topic_zh, people, asked_zh, written_by, written_at)
SELECT o.id, $1, 15 + (o.id * 7) % 60, $2, o.answered_by, $3 FROM village_order o
WHERE o.status = 'delivered' AND NOT EXISTS (SELECT FROM service_log l WHERE l.village_order_id = o.id)
ORDER BY o.id RETURNING village_order_id
"""
_PROOF = """
INSERT INTO proof (village_order_id, kind, sha256, taken_at, taken_where, handed_in_by, handed_in_at)
SELECT o.id, $2, $3, o.wished_start, $4, o.answered_by, $5 FROM village_order o WHERE o.id = ANY($1) ORDER BY o.id
"""
_ATTACHMENT = """
INSERT INTO attachment (sha256, file_name, media_type, byte_count, owner_type, owner_id, uploaded_by, uploaded_at)
SELECT $4, $5, $6, $7, $3, p.id, p.handed_in_by, $8 FROM proof p
WHERE p.village_order_id = ANY($1) AND p.kind = $2 ORDER BY p.id
"""
_SPOKEN_OF = """
SELECT a.thanks_code AS code FROM village_order o JOIN assignment a ON a.id = o.assignment_id
WHERE o.status = 'delivered' ORDER BY o.id LIMIT $1
"""
_FIRST = """
SELECT o.id, o.reference, c.organization_id, log.people FROM village_order o JOIN contract c ON c.id = o.contract_id
JOIN service_log log ON log.village_order_id = o.id
WHERE o.status = 'delivered' AND NOT EXISTS (SELECT FROM judgement j WHERE j.village_order_id = o.id)
ORDER BY o.id LIMIT 1
"""
