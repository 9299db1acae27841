"""When a person steps back: from one party's matters, from all of it, from the records."""

from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import EditConflict
from app.core.state import advance
from volunteers.assignments.sign_ups.releasing import GIVEN_BACK, lock_seats_of, release, sign_ups_where
from volunteers.assignments.sign_ups.rules import EndedReason
from volunteers.people import rules as people_rules
from volunteers.people.queries import person_id_of
from volunteers.people.rules import PersonEvent, PersonStatus


async def declare_recusal(principal: Principal, party: str) -> int:
    """Declare a tie to a party; seats on that party's matters are given back at once. Return how many."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with database.refusing({"sign_up_recusal": EditConflict}), transaction():
        person_id = await person_id_of(principal)
        concerned = await sign_ups_where(
            f"s.person_id = $1 AND {GIVEN_BACK} AND $2 = ANY (a.parties)", person_id, party
        )
        await lock_seats_of(concerned)
        await database.locked("person", [person_id])
        released = await release(principal, concerned, EndedReason.RECUSAL)
        await database.insert_once(
            "recusal",
            {"person_id": person_id, "party": party, "declared_at": clock.now()},
            ("person_id", "party"),
        )
        await audit.record(principal, "person.recused", "person", person_id, released=len(released))
    return len(released)


async def leave(principal: Principal) -> int:
    """Stop volunteering: no seat ahead is kept. Return how many were given back."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with transaction():
        person_id = await person_id_of(principal)
        ahead = await _lock_seats_ahead(person_id)
        current = await database.fetch_value("SELECT status FROM person WHERE id = $1", person_id)
        status = advance(people_rules.TRANSITIONS, PersonStatus(current), PersonEvent.LEAVE)
        released = await release(principal, ahead, EndedReason.LEFT)
        await database.update_row("person", person_id, {"status": status, "organization_id": None})
        await audit.record(principal, "person.leave", "person", person_id, released=len(released))
    return len(released)


async def erase_person(principal: Principal, account_id: int) -> None:
    """Forget who the person was, in the transaction that erases the account (app.accounts.privacy).

    Seats ahead are given back; what was done stays as ids and minutes, because claims and certificates rest on it.
    """
    person_id = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", account_id)
    if person_id is None:
        return
    await release(principal, await _lock_seats_ahead(person_id), EndedReason.LEFT)
    key_id = await database.fetch_value(_FORGET, person_id)
    await database.execute(_FORGET_NUMBERS, person_id)
    await database.execute("DELETE FROM availability WHERE person_id = $1", person_id)
    await database.execute("DELETE FROM availability_exception WHERE person_id = $1", person_id)
    await database.execute("DELETE FROM served_place WHERE person_id = $1", person_id)
    await database.execute("DELETE FROM recusal WHERE person_id = $1", person_id)
    await database.execute(_FORGET_FILE_NAMES, person_id)
    await database.execute("UPDATE affiliation SET note = '' WHERE person_id = $1 AND note <> ''", person_id)
    await vault.destroy(key_id)
    await audit.record(principal, "person.erased", "person", person_id)


_FORGET = """
UPDATE person SET name = '-', status = 'left', id_card_sealed = NULL, id_card_digest = NULL, bank_account_digest = NULL,
    bank_name = '',
       bank_account_sealed = NULL, languages = '{putonghua}', skills = '{}', preferred_kinds = '{}',
       organization_id = NULL
WHERE id = $1 RETURNING subject_key_id
"""


_FORGET_NUMBERS = "UPDATE credential SET number = 'erased-' || id, renews_id = NULL WHERE person_id = $1"
_FORGET_FILE_NAMES = """
UPDATE attachment SET file_name = '-'
WHERE owner_type = 'credential' AND owner_id IN (SELECT id FROM credential WHERE person_id = $1)
"""


async def _lock_seats_ahead(person_id: int) -> list[int]:
    """Lock what the person is signed up for, positions first, and then the person."""
    ahead = f"s.person_id = $1 AND {GIVEN_BACK} AND s.starts > $2"
    found = await sign_ups_where(ahead, person_id, clock.now())
    await lock_seats_of(found)
    await database.locked("person", [person_id])
    if found != await sign_ups_where(ahead, person_id, clock.now()):
        raise EditConflict  # the same person signed up or withdrew in another window meanwhile
    return found
