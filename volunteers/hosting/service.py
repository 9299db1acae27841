"""Naming a host, agreeing and taking it back, and acting in a person's name by the same services as their own."""

from datetime import date
from uuid import UUID

from app.accounts.registration import open_account
from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.sign_ups.rules import CONSTRAINTS as SIGN_UP_CONSTRAINTS
from volunteers.assignments.sign_ups.rules import Origin, SignUpEvent
from volunteers.assignments.sign_ups.service import move_seat, take_seat
from volunteers.assignments.waiting.rules import CONSTRAINTS as WAITING_CONSTRAINTS
from volunteers.hosting.rules import AGREED_TO, CONSTRAINTS, ActKind, ConsentMissing, NoConsent, NotAHost
from volunteers.people.registration.service import REFUSALS, Registration, register_here
from volunteers.people.rules import Profile
from volunteers.people.service import lock_own_person

_ALL = {**SIGN_UP_CONSTRAINTS, **WAITING_CONSTRAINTS, **CONSTRAINTS}
_CONSENT = """
SELECT c.id, c.person_id, c.organization_id, c.revoked_at, person.account_id, o.name_zh AS organization
FROM host_consent c JOIN person ON person.id = c.person_id JOIN organization o ON o.id = c.organization_id
WHERE c.public_id = $1
"""
_SEAT = """
SELECT a.title_zh, a.starts, a.reference FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1
"""


async def appoint(principal: Principal, organization: UUID) -> None:
    """Name a verified organization at a place of the coordinator's a host."""
    row = await _organization(principal, organization)
    async with database.refusing(CONSTRAINTS), transaction():
        named = {"organization_id": row["id"], "appointed_by": principal.actor, "appointed_at": clock.now()}
        found = await database.insert_row("host", named)
        await audit.record(principal, "host.appointed", "host", found)


async def end(principal: Principal, organization: UUID) -> None:
    """Let an organization be a host no more; nobody is signed up by it from now on."""
    row = await _organization(principal, organization)
    async with transaction():
        found = await database.fetch_value(
            """UPDATE host SET ended_by = $2, ended_at = $3 WHERE organization_id = $1 AND ended_at IS NULL
               RETURNING id""",
            *(row["id"], principal.actor, clock.now()),
        )
        if found is None:
            raise NotFound
        await audit.record(principal, "host.ended", "host", found)


async def agree(principal: Principal, organization: UUID) -> UUID:
    """Let a host act for oneself; return the consent's public id."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with database.refusing(CONSTRAINTS), transaction():
        person_id = await lock_own_person(principal)
        host = await database.fetch_value(
            """SELECT o.id FROM organization o JOIN host h ON h.organization_id = o.id AND h.ended_at IS NULL
               WHERE o.public_id = $1""",
            organization,
        )
        if host is None:
            raise NotFound
        return (await _agreed(principal, person_id, host, "online", clock.today()))[1]


async def take_back(principal: Principal, consent: UUID) -> None:
    """Take one's consent back, or lay it down for the organization that holds it; seats stay the person's."""
    async with transaction():
        row = await _locked_consent(consent)
        own = row["account_id"] == principal.account_id
        if not own:
            principal.scope(Permission.ORGANIZATION_SCHEDULE).require_organization(row["organization_id"])
        if row["revoked_at"] is not None:
            raise NotFound
        await database.update_row("host_consent", row["id"], {"revoked_by": principal.actor, "revoked_at": clock.now()})
        await audit.record(principal, "host.consent_revoked", "host_consent", row["id"], own=own)
        await _tell(row, N_("%(organization)s不能再替你报名了。已报的任务还是你的。"), {})


async def register_for(
    principal: Principal, organization_id: int, profile: Profile, phone: str, given_on: date, *, agreed: bool
) -> UUID:
    """Make somebody who agreed on paper a volunteer, with an account of their own number; return the consent's id."""
    principal.scope(Permission.ORGANIZATION_SCHEDULE).require_organization(organization_id)
    if not agreed or not profile.id_card:
        raise ConsentMissing
    if given_on > clock.today():
        raise InvalidInput({"given_on": Message(N_("同意的日期不能晚于今天。"))})
    async with database.refusing({**REFUSALS, **CONSTRAINTS}), transaction():
        await _require_host(organization_id)
        account_id = await open_account(profile.name.strip(), phone, (), "zh")
        registered = await register_here(principal, [Registration(account_id, profile)])
        if registered.refused:
            raise registered.refused[account_id]
        consent_id, public_id = await _agreed(
            principal, registered.person_ids[account_id], organization_id, "paper", given_on
        )
        await _acted(principal, consent_id, ActKind.PROFILE, None)
        text = N_("%(organization)s按你的同意替你登记为志愿者，并可替你报名。不同意请登录本平台收回，或打站点电话。")
        await _tell(await _locked_consent(public_id), text, {})
    return public_id


async def sign_up_for(principal: Principal, consent: UUID, position_id: int) -> UUID:
    """Take a seat in a person's name; every rule of their own sign-up holds. Return the sign-up's public id."""
    async with database.refusing(_ALL), transaction():
        await database.locked("position", [position_id])
        row = await _covered(principal, consent)
        taken = await take_seat(principal, position_id, row["person_id"], Origin.HOST)
        await _acted(principal, row["id"], ActKind.SIGN_UP, taken["id"])
        await _tell_of_seat(
            row, position_id, N_("%(organization)s替你报了 %(starts)s 的“%(title)s”。来不了请尽早退出。")
        )
    public_id: UUID = taken["public_id"]
    return public_id


async def withdraw_for(principal: Principal, consent: UUID, sign_up: UUID) -> None:
    """Give a seat back in a person's name."""
    async with database.refusing(_ALL), transaction():
        seat = await database.fetch_one("SELECT id, position_id, person_id FROM sign_up WHERE public_id = $1", sign_up)
        if seat is None:
            raise NotFound
        await database.locked("position", [seat["position_id"]])
        row = await _covered(principal, consent, lock=False)
        if seat["person_id"] != row["person_id"]:
            raise NotFound
        await move_seat(principal, sign_up, SignUpEvent.WITHDRAW, of_account=row["account_id"])
        await _acted(principal, row["id"], ActKind.WITHDRAWAL, seat["id"])
        await _tell_of_seat(row, seat["position_id"], N_("%(organization)s替你退出了 %(starts)s 的“%(title)s”。"))


async def _organization(principal: Principal, organization: UUID) -> Row:
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    row = await database.fetch_one(
        """SELECT o.id, place.code FROM organization o JOIN place ON place.id = o.place_id
           WHERE o.public_id = $1 AND o.status = 'verified'""",
        organization,
    )
    if row is None:
        raise NotFound
    scope.require_place(row["code"])
    return row


async def _require_host(organization_id: int) -> None:
    if not await database.fetch_value(
        "SELECT EXISTS (SELECT FROM host WHERE organization_id = $1 AND ended_at IS NULL)", organization_id
    ):
        raise NotAHost


async def _locked_consent(consent: UUID) -> Row:
    """Lock the person, then read the consent as it now is."""
    row = await database.fetch_one(_CONSENT, consent)
    if row is None:
        raise NotFound
    await database.locked("person", [row["person_id"]])
    return await database.fetch_one(_CONSENT, consent) or row


async def _covered(principal: Principal, consent: UUID, *, lock: bool = True) -> Row:
    """Return a consent that stands, given to an organization that the person acts for and that is a host."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    row = await (_locked_consent(consent) if lock else database.fetch_one(_CONSENT, consent))
    if row is None:
        raise NotFound
    scope.require_organization(row["organization_id"])
    if row["revoked_at"] is not None:
        raise NoConsent
    await _require_host(row["organization_id"])
    return row


async def _agreed(
    principal: Principal, person_id: int, organization_id: int, origin: str, given_on: date
) -> tuple[int, UUID]:
    row = {"person_id": person_id, "organization_id": organization_id, "origin": origin, "agreed_to": AGREED_TO}
    found = await database.insert_row(
        "host_consent",
        {**row, "given_on": given_on, "recorded_by": principal.actor, "recorded_at": clock.now()},
    )
    await audit.record(principal, "host.consent_given", "host_consent", found, origin=origin)
    return found, await database.fetch_value("SELECT public_id FROM host_consent WHERE id = $1", found)


async def _acted(principal: Principal, consent_id: int, kind: ActKind, sign_up_id: int | None) -> None:
    found = await database.insert_row(
        "host_act",
        {
            **{"host_consent_id": consent_id, "kind": kind, "sign_up_id": sign_up_id},
            **{"acted_by": principal.actor, "acted_at": clock.now()},
        },
    )
    await audit.record(principal, f"host.{kind}", "host_act", found)


async def _tell_of_seat(row: Row, position_id: int, text: str) -> None:
    seat = await database.fetch_one(_SEAT, position_id) or {}
    starts = clock.local(seat["starts"]).strftime("%Y-%m-%d %H:%M")
    await _tell(row, text, {"title": seat["title_zh"], "starts": starts}, f"/assignments/{seat['reference']}")


async def _tell(row: Row, text: str, detail: dict[str, str], link: str = "/my/hosts") -> None:
    said = {"organization": row["organization"], **detail}
    await notify_many([Notice(row["account_id"], text, said, (Channel.IN_APP, Channel.SMS), link)])
