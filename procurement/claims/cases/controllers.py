"""Closed cases: the office's list, recording one, one case with its papers, grade and claims."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.attachments.service import keep
from app.core.access import Permission
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from app.operations.queries import history
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.claims.cases import queries, rules, service
from procurement.claims.cases.forms import CaseForm, DocumentForm, GradeForm, WithdrawForm
from procurement.claims.queries import READERS, districts_of
from procurement.claims.rules import ClaimStatus
from procurement.claims.wording import PART_NAMES, TAGS

HOME = "/cases"
CRUMB = Crumb(N_("结案登记"), HOME)
RECORDERS = requires(Permission.CASE_RECORD)
LOOKS = requires(Permission.CASE_RECORD, Permission.CLAIM_SELF, *READERS)
HANDS_IN = requires(Permission.CASE_RECORD, Permission.CLAIM_SELF)
ACTION_NAMES = {
    "case.recorded": N_("登记结案"),
    "case.document_handed_in": N_("交材料"),
    "case.graded": N_("评定等级"),
    "case.withdrawn": N_("撤回登记"),
}
GRADE_TAGS = {
    "": Tag("wait", N_("未评定")),
    "excellent": Tag("done", N_("优秀")),
    "qualified": Tag("done", N_("合格")),
    "unqualified": Tag("need", N_("不合格")),
}


@get(HOME, guards=[RECORDERS])
async def cases(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """List what was recorded, the latest first."""
    found = await queries.cases(principal, decode_cursor(cursor, str), PAGE + 1)
    return await page(
        "procurement/claims/cases.html",
        part=sliced(found, lambda row: row.reference),
        item_names=rules.ITEM_NAMES,
        grade_tags=GRADE_TAGS,
    )


@get(f"{HOME}/new", guards=[RECORDERS])
async def new(principal: CurrentPrincipal) -> Response[str]:
    """Ask for a closed case."""
    return await _form(principal, Form.empty(CaseForm))


@post(f"{HOME}/new", guards=[RECORDERS])
async def record(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Record a closed case."""
    form = await Form.read(request, CaseForm)
    try:
        reference = await service.record_case(principal, await queries.draft_of(form.value))
    except DomainError as refusal:
        return await _form(principal, form.refused(refusal))
    return see_other(f"{HOME}/{reference}", N_("已登记。一分钟内生成补贴申领；缺的材料会写在这里。"))


@get(f"{HOME}/{{reference:str}}", guards=[LOOKS])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show a case: what was recorded, its papers, its grade, its claims."""
    return await _show(principal, reference)


@post(f"{HOME}/{{reference:str}}/documents", guards=[HANDS_IN])
async def hand_in(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take a paper with its scan."""
    form = await Form.read(request, DocumentForm)
    try:
        if "file" not in form.files:
            raise InvalidInput({"file": Message(N_("请选择材料的照片或 PDF。"))})
        upload = form.files["file"]
        stored = await keep(upload.filename, await upload.read())
        await service.hand_in(principal, reference, form.value.name, stored)
    except DomainError as refusal:
        return await _show(principal, reference, form.refused(refusal))
    return see_other(f"{HOME}/{reference}", N_("已收到材料，金额已重新计算。"))


@post(f"{HOME}/{{reference:str}}/grade", guards=[RECORDERS])
async def grade(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Grade a case."""
    form = await Form.read(request, GradeForm)
    await service.grade_case(principal, reference, form.value.grade)
    return see_other(
        f"{HOME}/{reference}",
        N_("等级已评定。多出的部分生成另一笔申领；少了的，没付的重新申领，已付的从下一次付款里扣回。"),
    )


@post(f"{HOME}/{{reference:str}}/withdraw", guards=[RECORDERS])
async def withdraw(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take a wrong record back."""
    form = await Form.read(request, WithdrawForm)
    await service.withdraw_case(principal, reference, form.value.reason)
    return see_other(f"{HOME}/{reference}", N_("登记已撤回，没有通过的申领已驳回。"))


async def _form(principal: CurrentPrincipal, form: Form[CaseForm]) -> Response[str]:
    return await page(
        "procurement/claims/case_new.html",
        form=form,
        item_names=rules.ITEM_NAMES,
        stage_names=rules.STAGE_NAMES,
        class_names=rules.CLASS_NAMES,
        outcome_names=rules.OUTCOME_NAMES,
        districts=await districts_of(principal.scope(Permission.CASE_RECORD)),
        crumbs=[CRUMB, Crumb(N_("登记"))],
    )


async def _show(principal: CurrentPrincipal, reference: str, form: Form[Any] | None = None) -> Response[str]:
    found = await queries.case_page(principal, reference)
    records = principal.can(Permission.CASE_RECORD)
    home = Crumb(N_("我的补贴"), "/my/claims") if found.own else CRUMB if records else Crumb(N_("结案登记"))
    return await page(
        "procurement/claims/case.html",
        found=found,
        row=found.row,
        form=form or Form.empty(DocumentForm),
        item_names=rules.ITEM_NAMES,
        stage_names=rules.STAGE_NAMES,
        class_names=rules.CLASS_NAMES,
        outcome_names=rules.OUTCOME_NAMES,
        grade_names=rules.GRADE_NAMES,
        grade_tags=GRADE_TAGS,
        part_names=PART_NAMES,
        claim_tags={status.value: TAGS[status] for status in ClaimStatus},
        action_names=ACTION_NAMES,
        history=[] if found.own else await history("closed_case", found.id),
        crumbs=[home, Crumb(found.row.reference)],
    )
