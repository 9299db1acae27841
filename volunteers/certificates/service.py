"""Issuing a certificate for a period, and revoking one."""

from datetime import date
from uuid import UUID

import msgspec

from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.settings import settings
from app.core.state import advance
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import notify
from volunteers.certificates import rules
from volunteers.certificates.rules import (
    TRANSITIONS,
    CertificateEvent,
    Content,
    NothingToCertify,
    PeriodReversed,
    ReasonForRevokingMissing,
    Service,
    Trained,
    status_of,
)
from volunteers.people.rules import NotJoined

ID_CARD_SHOWN = (3, 4)
_SUM = """
SELECT coalesce(sum(minutes), 0)::integer AS minutes, count(*) FILTER (WHERE minutes > 0)::integer AS attendances,
       max(last_entry_id) AS last
FROM hours_between($1, $2, $3)
"""
_SERVICES = """
SELECT a.title_zh, a.title_en, station.name_zh AS station_zh, station.name_en AS station_en, count(*)::integer AS times,
       sum(h.minutes)::integer AS minutes,
       min((coalesce(t.arrived_at, s.starts) AT TIME ZONE 'Asia/Shanghai')::date) AS first,
       max((coalesce(t.arrived_at, s.starts) AT TIME ZONE 'Asia/Shanghai')::date) AS last
FROM hours_between($1, $2, $3) AS h JOIN attendance t ON t.id = h.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
WHERE h.minutes > 0 GROUP BY 1, 2, 3, 4 ORDER BY sum(h.minutes) DESC, a.title_zh
"""
_TRAININGS = """
SELECT t.title_zh, t.title_en, c.completed_on FROM training_completion c JOIN training t ON t.id = c.training_id
WHERE c.person_id = $1 AND c.completed_on BETWEEN $2 AND $3 AND c.revoked_at IS NULL ORDER BY c.completed_on, c.id
"""
_NEXT_NUMBER = """
INSERT INTO certificate_number (year, last) VALUES ($1, 1)
ON CONFLICT (year) DO UPDATE SET last = certificate_number.last + 1 RETURNING last
"""


async def issue(principal: Principal, from_day: date, until_day: date) -> UUID:
    """Certify one's own hours of a period, first and last day included; return the certificate's public id."""
    principal.scope(Permission.VOLUNTEER_SELF)
    if until_day < from_day:
        raise PeriodReversed
    async with transaction():
        person = await database.fetch_one(
            """SELECT id, name, gender, id_card_sealed, subject_key_id, joined_at FROM person
               WHERE account_id = $1 FOR NO KEY UPDATE""",
            principal.actor,
        )
        if person is None:
            raise NotJoined
        held = await database.fetch_one(_SUM, person["id"], from_day, until_day)
        if held is None or held["minutes"] <= 0:
            raise NothingToCertify
        key = await vault.subject_key(person["subject_key_id"])
        content = await _content(person, key, from_day, until_day)
        now = clock.now()
        year = clock.local(now).year
        row = {
            **{"year": year, "number": await database.fetch_value(_NEXT_NUMBER, year), "code": rules.new_code()},
            **{"person_id": person["id"], "from_day": from_day, "until_day": until_day},
            **{"minutes": held["minutes"], "attendances": held["attendances"], "last_entry_id": held["last"]},
            **{"content_sealed": key.seal(msgspec.json.encode(content).decode()), "issued_at": now},
        }
        found = await database.insert_row("certificate", row)
        await audit.record(principal, "certificate.issued", "certificate", found, minutes=held["minutes"])
        public_id: UUID = await database.fetch_value("SELECT public_id FROM certificate WHERE id = $1", found)
    return public_id


async def revoke(principal: Principal, code: str, reason: str) -> None:
    """Take a certificate out of force; whoever checks it reads the reason."""
    principal.scope(Permission.CREDENTIAL_VERIFY)
    if not reason.strip():
        raise ReasonForRevokingMissing
    async with transaction():
        row = await database.fetch_one(
            """SELECT c.id, c.year, c.number, c.revoked_at, person.account_id FROM certificate c
               JOIN person ON person.id = c.person_id WHERE c.code = $1 FOR NO KEY UPDATE OF c""",
            rules.read_code(code),
        )
        if row is None:
            raise NotFound
        advance(TRANSITIONS, status_of(row["revoked_at"] is not None), CertificateEvent.REVOKE)
        revoked = {"revoked_at": clock.now(), "revoked_by": principal.actor, "revoked_reason": reason.strip()}
        await database.update_row("certificate", row["id"], revoked)
        await audit.record(principal, "certificate.revoked", "certificate", row["id"])
        detail = {"number": rules.numbered(row["year"], row["number"]), "reason": reason.strip().rstrip("。")}
        text = N_("你的志愿服务证明 %(number)s 已撤销：%(reason)s。有疑问请联系站点。")
        await notify(
            *(row["account_id"], text, detail), channels=(Channel.IN_APP, Channel.SMS), link="/my/certificates"
        )


async def _content(person: Row, key: vault.SubjectKey, from_day: date, until_day: date) -> Content:
    services = await database.fetch(_SERVICES, person["id"], from_day, until_day)
    trainings = await database.fetch(_TRAININGS, person["id"], from_day, until_day)
    sealed = person["id_card_sealed"]
    return Content(
        name=person["name"],
        gender=person["gender"],
        id_card=vault.masked(key.open(sealed), *ID_CARD_SHOWN) if sealed else "",
        joined=clock.local(person["joined_at"]).date(),
        services=tuple(Service(**row) for row in services),
        issuer_zh=settings().issuer_zh,
        issuer_en=settings().issuer_en,
        trainings=tuple(Trained(**row) for row in trainings),
    )
