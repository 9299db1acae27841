"""Handing proofs in: several files at once, each bad one named, the good ones kept; and the service log."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.attachments.pictures import NotReadable, without_traces
from app.attachments.rules import clean_name, media_type
from app.attachments.service import StoredFile, attach, keep
from app.core import audit, clock, database, vault
from app.core.access import Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import Message
from app.core.vault import SubjectKey
from procurement.deliveries.proofs import rules
from procurement.deliveries.proofs.parties import OWNER, PARTIES, hands_in
from procurement.deliveries.proofs.rules import LogEntry, Moment, ProofKind
from procurement.deliveries.rules import OrderStatus
from volunteers.thanks.rules import masked

CONSTRAINTS = {"proof_in_time": rules.ProofsClosed, "proof_once": rules.ProofHandedIn}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of each file."""

    kept: list[str] = field(default_factory=list)
    refused: list[tuple[str, Message]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Checked:
    stored: StoredFile
    sha256: bytes  # of the picture itself; what is stored is sealed


async def hand_in(
    principal: Principal, reference: str, kind: ProofKind, moment: Moment, uploads: Sequence[Upload]
) -> Receipt:
    """Keep the files of one kind; what is wrong with one of them does not keep the others away."""
    order = await _order(principal, reference)
    if not uploads:
        raise rules.NoFiles
    faults = rules.moment_faults(_local(moment), clock.local(order["wished_start"]), clock.local(clock.now()))
    if faults:
        raise InvalidInput(faults)
    key, receipt, checked = await vault.new_subject_key(), Receipt(), []
    for upload in uploads:
        try:
            checked.append(await _checked(kind, upload, key))
        except DomainError as refusal:
            receipt.refused.append((clean_name(upload.name), refusal.text()))
    if checked:
        await _write(principal, order, kind, moment, checked, key.id, receipt)
    return receipt


async def write_log(principal: Principal, reference: str, entry: LogEntry) -> None:
    """Write the service log; a second one replaces the first, which stays readable."""
    order = await _order(principal, reference)
    faults = rules.log_faults(entry)
    if faults:
        raise InvalidInput(faults)
    texts = {name: masked(getattr(entry, name)) for name in ("topic_zh", "asked_zh", "follow_up_zh")}
    async with database.refusing(CONSTRAINTS), transaction():
        await _lock(order["id"])
        log_id = await database.insert_row(
            "service_log",
            {
                "village_order_id": order["id"],
                **texts,
                "people": entry.people,
                "written_by": principal.actor,
                "written_at": clock.now(),
            },
        )
        await audit.record(principal, "proof.logged", "village_order", order["id"], log=log_id, people=entry.people)


async def _order(principal: Principal, reference: str) -> Row:
    """Return the order that the person brings proofs for; anybody else's does not exist for them."""
    row = await database.fetch_one(f"{PARTIES} WHERE o.reference = $1", reference, principal.account_id)
    if row is None or not hands_in(principal, row):
        raise NotFound
    if OrderStatus(row["status"]) not in rules.TAKES_PROOFS:
        raise rules.ProofsClosed
    if row["wished_start"] > clock.now():
        raise rules.NotYetServed
    return row


async def _checked(kind: ProofKind, upload: Upload, key: SubjectKey) -> _Checked:
    shown = media_type(upload.content, clean_name(upload.name))
    if shown not in rules.MEDIA[kind]:
        raise rules.ProofKindRefused
    try:
        clean = without_traces(upload.content, shown)
    except NotReadable:
        raise rules.PictureBroken from None
    return _Checked(await keep(upload.name, clean, key), hashlib.sha256(clean).digest())


async def _write(
    principal: Principal,
    order: Row,
    kind: ProofKind,
    moment: Moment,
    checked: Sequence[_Checked],
    key_id: int,
    receipt: Receipt,
) -> None:
    values = {
        "village_order_id": order["id"],
        "kind": kind.value,
        "subject_key_id": key_id,
        "taken_at": moment.taken_at,
        "taken_where": masked(moment.taken_where),
        "handed_in_by": principal.actor,
        "handed_in_at": clock.now(),
    }
    async with database.refusing(CONSTRAINTS), transaction():
        await _lock(order["id"])
        there = await database.fetch_value("SELECT count(*) FROM proof WHERE village_order_id = $1", order["id"])
        for file in checked:
            if there == rules.MOST_FILES:
                receipt.refused.append((file.stored.file_name, rules.EnoughProofs().text()))
                continue
            row = {**values, "sha256": file.sha256}
            proof_id = await database.insert_once("proof", row, ("village_order_id", "sha256"))
            if proof_id is None:
                receipt.refused.append((file.stored.file_name, rules.ProofHandedIn().text()))
                continue
            await attach(principal, file.stored, OWNER, proof_id)
            receipt.kept.append(file.stored.file_name)
            there += 1
        await audit.record(
            *(principal, "proof.handed_in", "village_order", order["id"]), kind=kind.value, files=len(receipt.kept)
        )


async def _lock(order_id: int) -> None:
    await database.fetch("SELECT id FROM village_order WHERE id = $1 FOR NO KEY UPDATE", order_id)


def _local(moment: Moment) -> Moment:
    return Moment(clock.local(moment.taken_at), moment.taken_where)
