"""Sign-ups from a list that an organization hands in: a row for each of its people and each assignment."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.accounts.rules import mobile_number
from app.core import database, vault
from app.core.access import Permission, Principal
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from app.imports.cells import Cells
from app.imports.importers import Importer, Tick
from volunteers.assignments.imports.wording import SIGN_UPS
from volunteers.assignments.sign_ups.rules import Origin, SignUpRefused
from volunteers.assignments.sign_ups.service import Wanted, seat_many, weigh

_PEOPLE = """
SELECT person.id, person.name, person.public_id::text AS public_id, account.phone_digest
FROM person JOIN account ON account.id = person.account_id
WHERE account.phone_digest = ANY ($1) OR person.public_id = ANY ($2::uuid[])
"""
_SEATS = """
SELECT a.reference, place.code, p.id, p.number, p.role_zh, p.role_en
FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id WHERE a.reference = ANY ($1) ORDER BY p.number
"""


async def check(principal: Principal, rows: Sequence[Cells], tick: Tick) -> Mapping[int, Wanted]:
    """Return each row's wish; it is weighed by the same rules as a person's own sign-up."""
    people, seats = await _people(rows), await _seats(principal, rows)
    wishes: dict[int, Wanted] = {}
    seen: set[Wanted] = set()
    for cells in rows:
        person_id, position_id = _person(cells, people), _seat(cells, seats)
        if person_id is None or position_id is None or cells.faults:
            continue
        wish = Wanted(position_id, person_id)
        if wish in seen:
            cells.faults.append(Message(N_("和前面的一行重复，删掉一行。")))
        else:
            seen.add(wish)
            wishes[cells.number] = wish
    await tick(len(rows) // 2)
    _, refused = await weigh(list(wishes.values()), Origin.IMPORT)
    by_number = {cells.number: cells for cells in rows}
    for number, wish in list(wishes.items()):
        if wish in refused:
            by_number[number].faults += _reasons(refused[wish])
            del wishes[number]
    return wishes


async def store(principal: Principal, values: Mapping[int, Any], only_good: bool) -> Mapping[int, Message]:
    """Sign them up; who was overtaken in the meantime is named."""
    result = await seat_many(principal, list(values.values()), Origin.IMPORT, all_or_none=not only_good)
    return {number: result.refused[wish].text() for number, wish in values.items() if wish in result.refused}


async def _people(rows: Sequence[Cells]) -> dict[str | bytes, tuple[int, str]]:
    phones = [digest for cells in rows if (digest := _digest(cells.text("phone")))]
    named = [text for cells in rows if _is_uuid(text := cells.text("person"))]
    found: dict[str | bytes, tuple[int, str]] = {}
    for row in await database.fetch(_PEOPLE, phones, named):
        who = (row["id"], row["name"])
        found[row["public_id"]] = who
        if row["phone_digest"] is not None:
            found[row["phone_digest"]] = who
    return found


async def _seats(principal: Principal, rows: Sequence[Cells]) -> dict[str, list[database.Row]]:
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    found: dict[str, list[database.Row]] = {}
    for row in await database.fetch(_SEATS, list({cells.text("reference").upper() for cells in rows})):
        if scope.covers_place(row["code"]):
            found.setdefault(row["reference"], []).append(row)
    return found


def _person(cells: Cells, people: Mapping[str | bytes, tuple[int, str]]) -> int | None:
    phone, public_id, name = cells.text("phone"), cells.text("person"), cells.text("name")
    key = _digest(phone) if phone else public_id.lower()
    if not phone and not key:
        cells.refuse("phone", Message(N_("请填手机号或志愿者编号。")))
        return None
    column = "phone" if phone else "person"
    if not key or key not in people:
        cells.refuse(column, Message(N_("没有这样的志愿者。请本人先加入，或核对号码。")))
        return None
    person_id, known_as = people[key]
    if name and name != known_as:
        cells.refuse("name", Message(N_("姓名和登记的不一致，请核对。")))
        return None
    return person_id


def _seat(cells: Cells, seats: Mapping[str, list[database.Row]]) -> int | None:
    reference, wanted = cells.text("reference").upper(), cells.text("position")
    offered = seats.get(reference, [])
    if reference and not offered:
        cells.refuse("reference", Message(N_("你的站点没有这个编号的任务。")))
        return None
    fitting = [row for row in offered if wanted in (str(row["number"]), row["role_zh"], row["role_en"])]
    chosen = fitting if wanted else offered
    if len(chosen) == 1:
        return int(chosen[0]["id"])
    if reference:
        cells.refuse("position", Message(N_("请写清是哪个岗位：名称，或第几个。")))
    return None


def _reasons(refusal: DomainError) -> list[Message]:
    return list(refusal.reasons) if isinstance(refusal, SignUpRefused) else [refusal.text()]


def _digest(phone: str) -> bytes:
    """Return by what a phone number is found; nothing for what is no number."""
    try:
        return vault.digest(mobile_number(phone)) if phone else b""
    except InvalidInput:
        return b""


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


IMPORTER = Importer(
    kind="sign-ups",
    title=N_("导入报名"),
    lede=N_("单位交来的名单，一行一个人一个任务。每个人都按同样的条件审核。"),
    permission=Permission.ASSIGNMENT_PUBLISH,
    columns=SIGN_UPS,
    check=check,
    store=store,
    done="/station/week",
)
