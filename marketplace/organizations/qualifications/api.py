"""Papers for programs: an organization states them with their files, an officer verifies them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from app.web.api import Page
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from marketplace.organizations.provision import QualificationKind
from marketplace.organizations.qualifications import files, service
from marketplace.organizations.qualifications.controllers import MEMBER, FileForm, uploaded
from marketplace.organizations.qualifications.rules import PaperState, Statement
from marketplace.organizations.qualifications.service import PaperDecision
from marketplace.organizations.queries import QualificationView, organization_in_full

OFFICER = requires(Permission.ORGANIZATION_VERIFY)
READER = requires(Permission.ORGANIZATION_MANAGE, Permission.ORGANIZATION_VERIFY)

PaperId = Annotated[int, msgspec.Meta(examples=[17])]
Number = Annotated[str, msgspec.Meta(max_length=60, examples=["浙执许字2026-018"])]
Issuer = Annotated[str, msgspec.Meta(max_length=100, examples=["杭州市司法局"])]
Reason = Annotated[str, msgspec.Meta(max_length=60, examples=["扫描件看不清编号。"])]


class FileBody(msgspec.Struct):
    """A file of a paper; open it at /attachments/{file_id}."""

    file_id: UUID
    file_name: Annotated[str, msgspec.Meta(examples=["licence.pdf"])]


class PaperBody(msgspec.Struct):
    """A paper with what it is worth today."""

    id: PaperId
    kind: QualificationKind
    number: Number
    issuer_zh: Issuer
    valid_from: date
    valid_until: date | None
    state: PaperState
    verified_at: datetime | None
    refused_reason: Reason
    files: list[FileBody]

    @classmethod
    def of(cls, view: QualificationView) -> "PaperBody":
        """Return what a program of those concerned sees of a paper."""
        names = [name for name in cls.__struct_fields__ if name != "files"]
        shown = [FileBody(file.public_id, file.file_name) for file in view.files]
        return cls(**{name: getattr(view, name) for name in names}, files=shown)


class StatementBody(msgspec.Struct):
    """A paper to state; without a last day it has no end."""

    kind: QualificationKind
    number: Number
    issuer_zh: Issuer
    valid_from: date
    valid_until: date | None = None


class StatedBody(msgspec.Struct):
    """A paper that waits to be verified."""

    id: PaperId


class DecisionBody(msgspec.Struct):
    """An officer's word on one paper; a refusal needs its reason."""

    paper: PaperId
    genuine: bool
    reason: Reason = ""


class DecisionsBody(msgspec.Struct):
    """Decisions that land together or not at all."""

    decisions: Annotated[list[DecisionBody], msgspec.Meta(min_length=1, max_length=200)]


@get("/organizations/{public_id:uuid}/papers", guards=[READER], summary="List an organization's papers")
async def list_papers(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Page[PaperBody]:
    """Every paper that was stated, to the members and to the officers of the place."""
    found = await organization_in_full(principal, public_id)
    return Page([PaperBody.of(paper) for paper in found.qualifications])


@post("/organizations/{public_id:uuid}/papers", guards=[MEMBER], summary="State a paper")
async def state_paper(
    public_id: FromPath[UUID], data: JSONBody[StatementBody], principal: CurrentPrincipal
) -> StatedBody:
    """State a paper of one's organization; a renewal is a new paper, and the old one is valid until it ends."""
    statement = Statement(**msgspec.structs.asdict(data))
    return StatedBody(await service.state_qualification(principal, public_id, statement))


@post(
    "/organizations/{public_id:uuid}/papers/{paper:int}/files",
    guards=[MEMBER],
    status_code=204,
    summary="Add a file to a paper",
)
async def add_file(
    public_id: FromPath[UUID], paper: FromPath[int], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> None:
    """Send multipart/form-data with one ``file``: PDF, JPEG or PNG; it is kept sealed, while the paper waits."""
    upload = await uploaded(await Form.read(request, FileForm))
    if upload is None:
        raise InvalidInput({"file": Message(N_("请选择照片或 PDF。"))})
    await files.add_file(principal, public_id, paper, upload)


@post("/papers/decisions", guards=[OFFICER], status_code=204, summary="Verify or refuse papers")
async def decide_papers(data: JSONBody[DecisionsBody], principal: CurrentPrincipal) -> None:
    """Verify papers or refuse them with a reason, all or none; nobody verifies what they stated themselves."""
    decisions = [PaperDecision(one.paper, one.genuine, one.reason) for one in data.decisions]
    await service.decide_qualifications(principal, decisions)
