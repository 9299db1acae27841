"""Tenders: beginning one, its page with the timeline and the next step, judging it again."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.attachments.service import StoredFile, keep
from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Crumb, Moment
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.slots import Fill
from marketplace.organizations.provision import CATEGORY_NAMES
from procurement.blocks import Block, Blocked
from procurement.choices import place_options
from procurement.purchases import queries as purchases
from procurement.purchases.approvals.rules import LEVEL_NAMES
from procurement.purchases.challenges import PurchaseChallenged
from procurement.purchases.queries import PurchaseView
from procurement.purchases.rules import TRANSITIONS, UNDER_CONTRACT, Method, PurchaseStatus
from procurement.purchases.tags import status_tag
from procurement.purchases.tenders import queries, service, wording
from procurement.purchases.tenders.awards import queries as awards
from procurement.purchases.tenders.awards.forms import AwardForm
from procurement.purchases.tenders.awards.queries import Deciding
from procurement.purchases.tenders.challenges import queries as challenges
from procurement.purchases.tenders.challenges.queries import ChallengeView
from procurement.purchases.tenders.challenges.rules import FALLEN
from procurement.purchases.tenders.facts import OVERLAY, RECORDED, IntentFacts, Step, StepKind
from procurement.purchases.tenders.forms import COPIED, OpenTenderForm, form_of, shown, step_of
from procurement.purchases.tenders.queries import Tender
from procurement.purchases.tenders.rules import EVENTS
from procurement.purchases.tenders.service import NewTender
from procurement.reading import BUYERS, reading_scope

READER = requires(*BUYERS)
OFFICER = requires(Permission.PURCHASE_REQUEST)
RECORDERS = requires(Permission.PURCHASE_REQUEST, Permission.PURCHASE_APPROVE)
BESIDE = (StepKind.TERMINATE, StepKind.CHALLENGE, StepKind.REOPEN)
"""Steps that are offered beside the next one."""
OVER = (PurchaseStatus.TERMINATED, PurchaseStatus.CLOSED)
NAMES: dict[str, Any] = {
    "status_tag": status_tag,
    "challenged": [PurchaseChallenged.block()],
    "step_names": wording.STEP_NAMES,
    "labels": wording.LABELS,
    "hints": wording.HINTS,
    "challenge_tags": wording.CHALLENGE_TAGS,
    "overlay": OVERLAY,
    "copied": COPIED,
    "facts_of": shown,
}


@get("/buying/tenders/new", guards=[OFFICER])
async def new(principal: CurrentPrincipal) -> Response[str]:
    """Ask what is to be bought by a tender."""
    return await _new(principal, Form.empty(OpenTenderForm, public_service=True))


@post("/buying/tenders", guards=[OFFICER])
async def begin(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Begin a tender with its published intention."""
    form = await Form.read(request, OpenTenderForm)
    try:
        asked = form.value
        scope = principal.scope(Permission.PURCHASE_REQUEST)
        lines = {line.key: line.id for line in await purchases.line_choices(scope)}
        facts = IntentFacts(asked.category, 0, asked.expected_month, asked.public_service, asked.exempt_reason.strip())
        wanted = NewTender(
            lines.get(asked.line, 0), asked.place_code, asked.quantity, asked.ceiling_fen, asked.purpose_zh
        )
        intent = Step(StepKind.INTENT, asked.published_at, facts, url=asked.url.strip())
        [reference] = await purchases.references_of([await service.open_tender(principal, wanted, intent)])
    except DomainError as refusal:
        return await _new(principal, form.refused(refusal))
    return see_other(f"/buying/tenders/{reference}", N_("已登记采购意向。下一步：预留预算。"))


@get("/buying/tenders/{reference:str}", guards=[READER])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show a tender's timeline and its next step."""
    return await show_tender(principal, reference)


@post("/buying/tenders/{reference:str}/{kind:str}", guards=[RECORDERS])
async def record(
    reference: FromPath[str], kind: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Record one step."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    if kind not in RECORDED or found.method is not Method.TENDER:
        raise NotFound
    wanted = StepKind(kind)
    form: Form[Any] = await Form.read(request, form_of(wanted))
    try:
        copy, content = await _copy(form) if wanted in COPIED else (None, None)
        recorded = await service.record_step(principal, found.id, step_of(wanted, form.value, content), copy)
    except DomainError as refusal:
        blocks = refusal.blocks if isinstance(refusal, Blocked) else ()
        return await show_tender(principal, reference, wanted, form.refused(refusal), blocks)
    said = N_("已登记：%(step)s。") if recorded else N_("结果已登记，你的一步已审批，轮到下一位审批人。")
    return see_other(f"/buying/tenders/{reference}", said, step=Message(wording.STEP_NAMES[wanted]))


async def link(_: Principal, reference: str, method: Method, __: PurchaseStatus) -> Fill | None:
    """Fill ``purchase_page.next``."""
    if method is not Method.TENDER:
        return None
    return Fill("procurement/purchases/tenders/link.html", {"reference": reference})


async def _copy(form: Form[Any]) -> tuple[StoredFile | None, bytes | None]:
    upload = form.files.get("copy")
    if upload is None:
        raise InvalidInput({"sha256": Message(N_("请上传保存的公告（PDF 或图片）。"))})
    content = await upload.read()
    return await keep(upload.filename, content), content


async def show_tender(
    principal: Principal,
    reference: str,
    refused: StepKind | None = None,
    form: Form[Any] | None = None,
    blocks: Sequence[Block] = (),
    word: Form[AwardForm] | None = None,
) -> Response[str]:
    """Show a tender, with the form that was refused if one was."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    if found.method is not Method.TENDER:
        raise NotFound
    tender = await queries.tender(found.id, found.place_code)
    award = await awards.deciding(principal, found.id) if found.status is PurchaseStatus.EVALUATED else None
    about = await challenges.challenges(tender, found.place_code)
    allowed = _next(found, tender, about)
    may = [kind for kind in allowed if _records(principal, found, kind, award)]
    main = next((kind for kind in may if kind not in BESIDE and not (award and award.waiting)), None)
    forms = {kind: form if kind is refused and form else Form.empty(form_of(kind), at=clock.now()) for kind in may}
    answered = form or word
    return await page(
        "procurement/purchases/tenders/show.html",
        status=answered.status if answered else None,
        purchase=found,
        tender=tender,
        award=award,
        word=word or Form.empty(AwardForm),
        level_names=LEVEL_NAMES,
        main=main,
        early=await queries.too_early(main, tender.file, found.place_code) if main else [],
        blocks=blocks,
        named={row["key"]: localized(row, "name") for row in await queries.named(tender.file)},
        options=wording.OPTIONS | {"product": await queries.ranked_products(tender.file)},
        forms=forms,
        about=about,
        asked=_asked(principal, found, about, refused, form),
        refused=refused,
        failed=form,
        waits=StepKind.AWARD in allowed and StepKind.AWARD not in may,
        moments=_moments(found, tender),
        crumbs=[Crumb(N_("采购"), "/buying/purchases"), Crumb(found.reference)],
        **NAMES,
    )


def _next(found: PurchaseView, tender: Tender, about: Sequence[ChallengeView]) -> list[StepKind]:
    """Return which steps the purchase's state allows now."""
    allowed = {kind for kind, event in EVENTS.items() if (found.method, found.status, event) in TRANSITIONS}
    if tender.file.of(StepKind.NOTICE) and found.status not in OVER:
        allowed.add(StepKind.CHALLENGE)
    if found.status in UNDER_CONTRACT:
        allowed.discard(StepKind.TERMINATE)
    if not any(one.status in FALLEN for one in about):
        allowed.discard(StepKind.REOPEN)
    return [kind for kind in StepKind if kind in allowed]


def _asked(
    principal: Principal,
    found: PurchaseView,
    about: Sequence[ChallengeView],
    refused: StepKind | None,
    form: Form[Any] | None,
) -> dict[tuple[int, StepKind], Form[Any]]:
    """Return the forms of what may come next in each challenge; the refused one as it was typed."""
    if found.status in OVER:
        return {}
    asked = {
        (one.number, kind): Form.empty(form_of(kind), at=clock.now(), challenge=one.number)
        for one in about
        for kind in one.next
        if _records(principal, found, kind, None)
    }
    if form is not None and refused in OVERLAY and str(number := form.text("challenge")).isdigit():
        asked[int(number), refused] = form
    return asked


def _records(principal: Principal, found: PurchaseView, kind: StepKind, award: Deciding | None) -> bool:
    permission = Permission.PURCHASE_APPROVE if kind is StepKind.AWARD else Permission.PURCHASE_REQUEST
    scope = principal.scopes.get(permission)
    author = kind is StepKind.REVIEW_REQUIREMENT and found.requested_by == principal.account_id
    if kind is StepKind.AWARD and not (award and award.may_record):
        return False
    return scope is not None and scope.covers_place(found.place_code) and not author


def _moments(found: PurchaseView, tender: Tender) -> list[Moment]:
    done = [
        Moment(wording.STEP_NAMES[view.step.kind], view.step.at, "done", actor=view.recorder) for view in tender.steps
    ]
    if found.offered_at:
        done.append(Moment(N_("采购人签署合同"), found.offered_at, "done"))
    if found.signed_at:
        done.append(Moment(N_("服务机构签署，合同生效"), found.signed_at, "done"))
    return done


async def _new(principal: Principal, form: Form[OpenTenderForm]) -> Response[str]:
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    lines = [
        (line.key, f"{localized(line, 'place')} {line.year} · {yuan(line.left_fen)}")
        for line in await purchases.line_choices(scope)
    ]
    return await page(
        "procurement/purchases/tenders/new.html",
        form=form,
        lines=lines,
        places=await place_options(scope),
        category_names=CATEGORY_NAMES,
        crumbs=[Crumb(N_("采购"), "/buying/purchases"), Crumb(N_("项目采购"))],
    )
