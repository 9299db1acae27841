"""The life of a service product: draft, review, listing, and a revision beside a listing that goes on.

令110 §39 gives the reviewer seven working days and asks for written reasons; 采购法实施条例 §9 keeps people
with a tie away. A listed product stays what it is while its next version is reviewed: an order pins a version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import DomainError, TransitionRefused
from app.core.text import N_, Message
from app.rulebook.blocks import LawRefusal
from marketplace.organizations.rules import RECUSAL


class ProductStatus(StrEnum):
    """Where a product stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    LISTED = "listed"
    SUSPENDED = "suspended"
    DELISTED = "delisted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Revision(StrEnum):
    """Where the next version of a listed product stands."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"


class ProductEvent(StrEnum):
    """What the provider and the reviewer do."""

    SAVE = "save"
    SUBMIT = "submit"
    BEGIN_REVIEW = "begin_review"
    LIST = "list"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    DELIST = "delist"


S, R, E = ProductStatus, Revision, ProductEvent

TRANSITIONS: dict[tuple[ProductStatus, ProductEvent], ProductStatus] = {
    (S.DRAFT, E.SAVE): S.DRAFT,
    (S.DRAFT, E.SUBMIT): S.SUBMITTED,
    (S.DRAFT, E.WITHDRAW): S.WITHDRAWN,
    (S.SUBMITTED, E.BEGIN_REVIEW): S.IN_REVIEW,
    (S.SUBMITTED, E.WITHDRAW): S.WITHDRAWN,
    (S.IN_REVIEW, E.LIST): S.LISTED,
    (S.IN_REVIEW, E.REQUEST_CHANGES): S.CHANGES_REQUESTED,
    (S.IN_REVIEW, E.REJECT): S.REJECTED,
    (S.IN_REVIEW, E.WITHDRAW): S.WITHDRAWN,
    (S.CHANGES_REQUESTED, E.SAVE): S.CHANGES_REQUESTED,
    (S.CHANGES_REQUESTED, E.SUBMIT): S.SUBMITTED,
    (S.CHANGES_REQUESTED, E.WITHDRAW): S.WITHDRAWN,
    (S.LISTED, E.SUSPEND): S.SUSPENDED,
    (S.LISTED, E.DELIST): S.DELISTED,
    (S.LISTED, E.WITHDRAW): S.WITHDRAWN,
    (S.SUSPENDED, E.REINSTATE): S.LISTED,
    (S.SUSPENDED, E.DELIST): S.DELISTED,
    (S.SUSPENDED, E.WITHDRAW): S.WITHDRAWN,
}

# While a product is listed or suspended, these events move its next version and leave the listing alone.
REVISIONS: dict[tuple[Revision, ProductEvent], Revision] = {
    (R.NONE, E.SAVE): R.DRAFT,
    (R.DRAFT, E.SAVE): R.DRAFT,
    (R.DRAFT, E.SUBMIT): R.SUBMITTED,
    (R.SUBMITTED, E.BEGIN_REVIEW): R.IN_REVIEW,
    (R.IN_REVIEW, E.LIST): R.NONE,
    (R.IN_REVIEW, E.REQUEST_CHANGES): R.CHANGES_REQUESTED,
    (R.IN_REVIEW, E.REJECT): R.NONE,
    (R.CHANGES_REQUESTED, E.SAVE): R.CHANGES_REQUESTED,
    (R.CHANGES_REQUESTED, E.SUBMIT): R.SUBMITTED,
}

REVISABLE = frozenset({S.LISTED, S.SUSPENDED})
REVIEW_VERDICTS = frozenset({E.LIST, E.REQUEST_CHANGES, E.REJECT})
LISTING_VERDICTS = frozenset({E.SUSPEND, E.REINSTATE, E.DELIST})

STATUS_NAMES: Mapping[ProductStatus, str] = {
    S.DRAFT: N_("草稿"),
    S.SUBMITTED: N_("已提交"),
    S.IN_REVIEW: N_("审查中"),
    S.CHANGES_REQUESTED: N_("需修改"),
    S.LISTED: N_("已上架"),
    S.SUSPENDED: N_("已暂停"),
    S.DELISTED: N_("已下架"),
    S.REJECTED: N_("未通过"),
    S.WITHDRAWN: N_("已撤回"),
}

REVISION_NAMES: Mapping[Revision, str] = {
    R.NONE: N_("无修订"),
    R.DRAFT: N_("修订草稿"),
    R.SUBMITTED: N_("修订已提交"),
    R.IN_REVIEW: N_("修订审查中"),
    R.CHANGES_REQUESTED: N_("修订需修改"),
}

EVENT_NAMES: Mapping[ProductEvent, str] = {
    E.SAVE: N_("保存"),
    E.SUBMIT: N_("提交审查"),
    E.BEGIN_REVIEW: N_("开始审查"),
    E.LIST: N_("准予上架"),
    E.REQUEST_CHANGES: N_("退回修改"),
    E.REJECT: N_("不予通过"),
    E.WITHDRAW: N_("撤回"),
    E.SUSPEND: N_("暂停"),
    E.REINSTATE: N_("恢复上架"),
    E.DELIST: N_("下架"),
}


class TiedToProvider(LawRefusal):
    """A reviewer with a tie to the provider stands aside: 政府采购法实施条例 art. 9."""

    code, status = "tied_to_provider", 409
    source, compared = RECUSAL, N_("有关系")
    reason = N_("你与提供方“%(name)s”有任职、持股或亲属等关系，应当回避。")
    remedy = N_("请交由其他审查人员办理。")


class NothingChanged(DomainError):
    """A save without any change makes no version."""

    code, status, message = "nothing_changed", 409, N_("内容没有变化，没有生成新版本。")


@dataclass(frozen=True, slots=True)
class Stage:
    """A product's status, and its revision's while it is listed."""

    status: ProductStatus
    revision: Revision = R.NONE

    @property
    def under_review(self) -> bool:
        """Tell whether a reviewer has something to do; the term of 令110 §39 runs as long."""
        waiting = {"submitted", "in_review"}
        return self.status.value in waiting or self.revision.value in waiting

    @property
    def code(self) -> str:
        """Return the stage in one word for the audit trail: listed, listed/in_review."""
        return self.status.value if self.revision is R.NONE else f"{self.status.value}/{self.revision.value}"


def step(stage: Stage, event: ProductEvent) -> Stage:
    """Return the stage after the event, or refuse in words that a person reads."""
    if stage.status in REVISABLE:
        revision = REVISIONS.get((stage.revision, event))
        if revision is not None:
            return Stage(stage.status, revision)
    status = TRANSITIONS.get((stage.status, event))
    if status is None:
        raise TransitionRefused(status=_stage_name(stage), event=Message(EVENT_NAMES[event]))
    return Stage(status, stage.revision if status in REVISABLE else R.NONE)


def events_from(stage: Stage) -> tuple[ProductEvent, ...]:
    """Return what may happen next."""
    return tuple(event for event in ProductEvent if _possible(stage, event))


def _possible(stage: Stage, event: ProductEvent) -> bool:
    revisable = stage.status in REVISABLE and (stage.revision, event) in REVISIONS
    return revisable or (stage.status, event) in TRANSITIONS


def _stage_name(stage: Stage) -> Message:
    return Message(STATUS_NAMES[stage.status] if stage.revision is R.NONE else REVISION_NAMES[stage.revision])
