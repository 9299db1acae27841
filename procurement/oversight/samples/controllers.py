"""Drawing samples, looking through one, taking its evidence away."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.choices import place_options
from procurement.oversight.samples import queries, service
from procurement.oversight.samples.forms import FindingForm, SampleForm
from procurement.oversight.samples.rules import POPULATION_NAMES, Outcome, Population

READER = requires(Permission.LEDGER_READ)
AUDITOR = requires(Permission.AUDIT_READ)
SAMPLES = "/oversight/samples"
CRUMBS = [Crumb(N_("审计视图"), "/oversight"), Crumb(N_("抽样"), SAMPLES)]
OUTCOME_TAGS = {Outcome.SOUND: Tag("done", N_("未见异常")), Outcome.QUESTION: Tag("need", N_("有疑问"))}
LABELS = {
    "population": N_("抽什么"), "place_code": N_("适用地区"), "year": N_("年度"), "size": N_("抽几件"),
    "seed": N_("种子"),
}  # fmt: skip


@get(SAMPLES, guards=[READER])
async def samples(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the samples of one's places."""
    found = await queries.samples(principal, decode_cursor(cursor, int), PAGE + 1)
    return await page(
        "procurement/oversight/samples/list.html",
        part=sliced(found, key=lambda row: row.id),
        population_names=POPULATION_NAMES,
        crumbs=[CRUMBS[0], Crumb(N_("抽样"))],
    )


@get("/oversight/samples/new", guards=[AUDITOR])
async def draw_form(principal: CurrentPrincipal) -> Response[str]:
    """Ask what to draw; the seed is today's date unless somebody says otherwise."""
    principal.scope(Permission.LEDGER_READ)  # an operator reads the audit trail, not the money
    today = clock.today()
    empty = Form.empty(SampleForm, population=Population.UNIT, year=today.year, size=10, seed=today.isoformat())
    return await _form(principal, empty)


@post("/oversight/samples/new", guards=[AUDITOR])
async def draw(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Draw a sample."""
    form = await Form.read(request, SampleForm)
    try:
        reference = await service.draw_sample(principal, form.value.wish())
    except DomainError as refusal:
        return await _form(principal, form.refused(refusal))
    return see_other(f"{SAMPLES}/{reference}", N_("已抽样，正在打包材料。"))


@get("/oversight/samples/{reference:str}", guards=[READER])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what was drawn, with its method and what was found."""
    found, items = await queries.sample(principal, reference)
    return await page(
        "procurement/oversight/samples/show.html",
        sample=found,
        items=items,
        path_of=queries.path_of,
        population_names=POPULATION_NAMES,
        outcome_tags=OUTCOME_TAGS,
        crumbs=[*CRUMBS, Crumb(reference)],
    )


@get("/oversight/samples/{reference:str}/evidence.zip", guards=[READER])
async def evidence(reference: FromPath[str], principal: CurrentPrincipal) -> Stream:
    """Hand out the packed evidence."""
    return await evidence_of(principal, reference)


async def evidence_of(principal: Principal, reference: str) -> Stream:
    """Return the packed evidence as a download in pieces, for the page and for programs."""
    pieces, size = await queries.evidence(principal, reference)
    headers = {
        "content-disposition": f'attachment; filename="sample-{reference}.zip"',
        "content-length": str(size),
        "cache-control": "private, no-store",
    }
    return Stream(pieces, media_type="application/zip", headers=headers)


@get("/oversight/samples/{reference:str}/{position:int}", guards=[READER])
async def item(reference: FromPath[str], position: FromPath[int], principal: CurrentPrincipal) -> Response[str]:
    """Show one drawn thing with what was noted about it."""
    return await _item(principal, reference, position, Form.empty(FindingForm))


@post("/oversight/samples/{reference:str}/{position:int}", guards=[AUDITOR])
async def note(
    reference: FromPath[str], position: FromPath[int], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Note what was found."""
    form = await Form.read(request, FindingForm)
    _, wanted, _ = await queries.item(principal, reference, position)
    try:
        await service.note_finding(principal, wanted.public_id, form.value.outcome, form.value.words)
    except DomainError as refusal:
        return await _item(principal, reference, position, form.refused(refusal))
    return see_other(f"{SAMPLES}/{reference}", N_("核查情况已记录。"))


async def _form(principal: Principal, form: Form[SampleForm]) -> Response[str]:
    places = await place_options(principal.scope(Permission.AUDIT_READ))
    return await page(
        "procurement/oversight/samples/new.html",
        form=form,
        labels=LABELS,
        places=places,
        populations=POPULATION_NAMES,
        crumbs=[*CRUMBS, Crumb(N_("新抽样"))],
    )


async def _item(principal: Principal, reference: str, position: int, form: Form[FindingForm]) -> Response[str]:
    found, wanted, findings = await queries.item(principal, reference, position)
    scope = principal.scopes.get(Permission.AUDIT_READ)
    return await page(
        "procurement/oversight/samples/item.html",
        form=form,
        sample=found,
        item=wanted,
        findings=findings,
        path=queries.path_of(found.population, wanted),
        may_note=scope is not None and scope.covers_place(found.place_code),
        outcome_tags=OUTCOME_TAGS,
        crumbs=[*CRUMBS, Crumb(reference, f"{SAMPLES}/{reference}"), Crumb(wanted.reference)],
    )
