"""Proofs for programs: what an order needs and has, files one by one or several at once, the service log."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.params import FromPath, JSONBody

from app.web.forms import Form
from app.web.guards import CurrentPrincipal
from app.web.i18n import translate
from procurement.deliveries.proofs import queries, service
from procurement.deliveries.proofs.controllers import BRINGS, LARGEST_BODY, LOOKS, uploads
from procurement.deliveries.proofs.forms import ProofForm
from procurement.deliveries.proofs.queries import ProofsView
from procurement.deliveries.proofs.rules import LogEntry, ProofKind


class NeedBody(msgspec.Struct):
    """How many proofs of a kind are needed, and how many there are."""

    kind: ProofKind
    needed: Annotated[int, msgspec.Meta(examples=[1])]
    present: Annotated[int, msgspec.Meta(examples=[0])]


class FileBody(msgspec.Struct):
    """One file; open it at /attachments/{file_id}."""

    file_id: UUID
    kind: ProofKind
    file_name: Annotated[str, msgspec.Meta(examples=["IMG_2041.jpg"])]
    taken_at: Annotated[datetime, msgspec.Meta(examples=["2026-12-01T01:40:00Z"])]
    taken_where: Annotated[str, msgspec.Meta(examples=["村文化礼堂"])]


class LogBody(msgspec.Struct):
    """What was done, with how many, what was asked, what follows."""

    topic_zh: Annotated[str, msgspec.Meta(max_length=200, examples=["婚姻家庭与继承"])]
    people: Annotated[int, msgspec.Meta(ge=1, le=10_000, examples=[46])]
    asked_zh: Annotated[str, msgspec.Meta(max_length=1000, examples=["遗嘱怎么写才有效"])]
    follow_up_zh: Annotated[str, msgspec.Meta(max_length=1000, examples=["两户转法律援助"])] = ""


class ProofsBody(msgspec.Struct):
    """An order's proofs."""

    complete: bool
    needs: list[NeedBody]
    files: list[FileBody]
    log: LogBody | None

    @classmethod
    def of(cls, view: ProofsView) -> "ProofsBody":
        """Return what a program sees."""
        needs = [NeedBody(need.kind, need.needed, need.present) for need in view.needs]
        files = [FileBody(f.file_id, f.kind, f.file_name, f.taken_at, f.taken_where) for f in view.files]
        said = view.log
        log = LogBody(said.topic_zh, said.people, said.asked_zh, said.follow_up_zh) if said else None
        return cls(view.complete, needs, files, log)


class RefusedFile(msgspec.Struct):
    """A file that was not kept, and why."""

    file_name: Annotated[str, msgspec.Meta(examples=["notes.exe"])]
    message: Annotated[str, msgspec.Meta(examples=["现场照片只收 JPEG、PNG、WebP；签到表也可以是 PDF。"])]


class ReceiptBody(msgspec.Struct):
    """What became of each file."""

    kept: Annotated[list[str], msgspec.Meta(examples=[["IMG_2041.jpg"]])]
    refused: list[RefusedFile]


@get("/orders/{reference:str}/proofs", guards=[LOOKS], summary="Show an order's proofs")
async def show_proofs(reference: FromPath[str], principal: CurrentPrincipal) -> ProofsBody:
    """Return what is needed, the files and the service log, to the parties of the order."""
    return ProofsBody.of(await queries.proofs(principal, reference))


@post(
    "/orders/{reference:str}/proofs",
    guards=[BRINGS],
    request_max_body_size=LARGEST_BODY,
    summary="Hand in proofs",
)
async def hand_in_proofs(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> ReceiptBody:
    """Send multipart/form-data: ``kind`` (photo, sign_in_sheet), ``taken_at``, ``taken_where``, one or more ``files``.

    Good files are kept though others are refused; position and device are taken off pictures.
    """
    asked = (await Form.read(request, ProofForm)).value
    receipt = await service.hand_in(principal, reference, asked.proof_kind(), asked.moment(), await uploads(request))
    return ReceiptBody(receipt.kept, [RefusedFile(name, translate(why)) for name, why in receipt.refused])


@put("/orders/{reference:str}/service-log", guards=[BRINGS], summary="Write the service log")
async def write_service_log(
    reference: FromPath[str], data: JSONBody[LogBody], principal: CurrentPrincipal
) -> ProofsBody:
    """Write what was done; a second one counts instead of the first, which is kept."""
    await service.write_log(
        principal, reference, LogEntry(data.topic_zh, data.people, data.asked_zh, data.follow_up_zh)
    )
    return ProofsBody.of(await queries.proofs(principal, reference))
