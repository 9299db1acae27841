"""What people change about themselves, and who may see their identity number."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from uuid import UUID

from app.core import audit, database, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from volunteers.people import rules
from volunteers.people.rules import Corps, Limits, NotJoined, PersonEvent, PersonStatus, Window


async def set_availability(principal: Principal, windows: Sequence[Window]) -> None:
    """Replace the weekly windows in which the person is free."""
    principal.scope(Permission.VOLUNTEER_SELF)
    if not all(rules.is_window(window) for window in windows):
        raise InvalidInput({"availability": Message(N_("空闲时间的结束要晚于开始。"))})
    async with transaction():
        person_id = await lock_own_person(principal)
        await database.execute("DELETE FROM availability WHERE person_id = $1", person_id)
        await database.copy_rows(
            "availability",
            ("person_id", "weekday", "from_minute", "to_minute"),
            [(person_id, w.weekday, w.from_minute, w.to_minute) for w in rules.merged(windows)],
        )
        await audit.record(principal, "person.availability_set", "person", person_id, windows=len(windows))


async def set_preferences(
    principal: Principal, limits: Limits, languages: Sequence[str], skills: Sequence[str], kinds: Sequence[str]
) -> None:
    """Say how much one wants to be asked for, and for what."""
    principal.scope(Permission.VOLUNTEER_SELF)
    if found := rules.preference_faults(limits, languages, skills):
        raise InvalidInput(found)
    async with transaction():
        person_id = await lock_own_person(principal)
        await database.update_row(
            "person",
            person_id,
            {**asdict(limits), "languages": list(languages), "skills": list(skills), "preferred_kinds": list(kinds)},
        )
        await audit.record(principal, "person.preferences_set", "person", person_id, **asdict(limits))


async def set_corps(principal: Principal, corps: Collection[Corps]) -> None:
    """Say what one is, as it changes: a student becomes a lawyer. Seats still ask for verified credentials."""
    principal.scope(Permission.VOLUNTEER_SELF)
    if fault := rules.corps_fault(corps):
        raise InvalidInput({"corps": fault})
    stated = [one for one in Corps if one in corps]
    async with transaction():
        person_id = await lock_own_person(principal)
        before = await database.fetch_value("SELECT corps FROM person WHERE id = $1", person_id)
        if set(before) == set(stated):
            return
        await database.update_row("person", person_id, {"corps": stated})
        await audit.record(principal, "person.corps_set", "person", person_id, before=list(before), after=stated)


async def set_bank_account(principal: Principal, bank_name: str, number: str) -> None:
    """Say where subsidies are paid to; the number is stored sealed."""
    principal.scope(Permission.VOLUNTEER_SELF)
    if not bank_name.strip():
        raise InvalidInput({"bank_name": Message(N_("请填写开户银行。"))})
    if not rules.is_bank_account(number):
        raise InvalidInput({"bank_account": Message(N_("银行账号应为 12 到 21 位数字。"))})
    async with transaction():
        person_id = await lock_own_person(principal)
        key_id = await database.fetch_value("SELECT subject_key_id FROM person WHERE id = $1", person_id)
        key = await vault.subject_key(key_id)
        sealed = {"bank_account_sealed": key.seal(number), "bank_account_digest": vault.digest(f"bank/{number}")}
        await database.update_row("person", person_id, {"bank_name": bank_name.strip(), **sealed})
        await audit.record(principal, "person.bank_account_set", "person", person_id)


async def change_status(principal: Principal, event: PersonEvent) -> PersonStatus:
    """Pause or resume; leaving is a use case of the sign-ups, because it gives seats back."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with transaction():
        person_id = await lock_own_person(principal)
        current = await database.fetch_value("SELECT status FROM person WHERE id = $1", person_id)
        status = advance(rules.TRANSITIONS, PersonStatus(current), event)
        await database.update_row("person", person_id, {"status": status})
        await audit.record(principal, f"person.{event}", "person", person_id)
    return status


async def reveal_id_card(principal: Principal, public_id: UUID) -> str:
    """Show an identity number in full to an officer of the person's place; the look is recorded."""
    scope = principal.scope(Permission.ACCOUNT_REVEAL)
    async with transaction():
        row = await database.fetch_one(
            """SELECT p.id, p.subject_key_id, p.id_card_sealed, place.code FROM person p
               JOIN place ON place.id = p.home_place_id WHERE p.public_id = $1""",
            public_id,
        )
        if row is None or row["id_card_sealed"] is None:
            raise NotFound
        scope.require_place(row["code"])
        await audit.record(principal, "person.id_card_revealed", "person", row["id"])
        return (await vault.subject_key(row["subject_key_id"])).open(row["id_card_sealed"])


async def lock_own_person(principal: Principal) -> int:
    """Lock the person behind the account and return their id."""
    found = await database.fetch_value("SELECT id FROM person WHERE account_id = $1 FOR NO KEY UPDATE", principal.actor)
    if found is None:
        raise NotJoined
    return int(found)
