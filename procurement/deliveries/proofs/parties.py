"""Who brings the proofs of an order, and who may look at them.

A sign-in sheet shows names and telephones, a photo shows faces: sensitive enough that only the parties of the order
and those who watch it open them (个人信息保护法 第6条). The bytes are sealed with a key of their own.
"""

from app.attachments.owners import register_owner
from app.attachments.service import opened
from app.core import database, vault
from app.core.access import Permission, Principal
from app.core.database import Row
from procurement.reading import BUYERS

OWNER = "proof"
READERS = (Permission.ORDER_PLACE, Permission.ORDER_ANSWER, *BUYERS)

PARTIES = """
SELECT o.id, o.reference, o.status, o.wished_start, o.minutes, o.contract_id, c.organization_id,
       place.code AS place_code,
       station_place.code AS station_code,
       EXISTS (SELECT FROM sign_up s JOIN person ON person.id = s.person_id
               WHERE s.assignment_id = o.assignment_id AND s.live AND person.account_id = $2) AS came
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
LEFT JOIN assignment a ON a.id = o.assignment_id LEFT JOIN station ON station.id = a.station_id
LEFT JOIN place station_place ON station_place.id = station.place_id
"""


def hands_in(principal: Principal, row: Row) -> bool:
    """Tell whether somebody brings proofs: the provider's members, the station, and who stood before the people."""
    answers = principal.scopes.get(Permission.ORDER_ANSWER)
    confirms = principal.scopes.get(Permission.ATTENDANCE_CONFIRM)
    return bool(
        (answers and answers.covers_organization(row["organization_id"]))
        or (confirms and row["station_code"] and confirms.covers_place(row["station_code"]))
        or (principal.signed_in and row["came"])
    )


def reads(principal: Principal, row: Row) -> bool:
    """Tell whether somebody may look: who brings them, the village, the acceptor, the buyer, those who watch."""
    scopes = [principal.scopes[permission] for permission in READERS if permission in principal.scopes]
    return hands_in(principal, row) or any(
        scope.covers_place(row["place_code"]) or scope.covers_organization(row["organization_id"]) for scope in scopes
    )


async def may_read(principal: Principal, proof_id: int) -> bool:
    """Tell whether somebody may open a file."""
    row = await database.fetch_one(
        f"{PARTIES} JOIN proof p ON p.village_order_id = o.id WHERE p.id = $1", proof_id, principal.account_id
    )
    return row is not None and reads(principal, row)


async def unseal(proof_id: int, content: bytes) -> bytes:
    """Open a file with its key; once the key was destroyed there is nothing to see."""
    key_id = await database.fetch_value("SELECT subject_key_id FROM proof WHERE id = $1", proof_id)
    return content if key_id is None else opened(await vault.subject_key(key_id), content)


def register_proofs() -> None:
    """Tell the frame who reads proofs."""
    register_owner(OWNER, may_read, unseal)
