"""Who may decide on a product, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.calendar import Calendar, add_working_days, working_days_between
from app.core.errors import EditConflict, InvalidInput, SamePersonRefused
from app.core.text import N_, Message
from app.rulebook.blocks import LawRefusal, Source
from marketplace.organizations.rules import RECUSAL
from marketplace.products.content import FIELD_NAMES
from marketplace.products.rules import LISTING_VERDICTS, REVIEW_VERDICTS, ProductEvent, TiedToProvider

VERDICTS = REVIEW_VERDICTS | LISTING_VERDICTS


class Verdict(StrEnum):
    """What a reviewer may decide."""

    LIST = "list"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    DELIST = "delist"

    @property
    def event(self) -> ProductEvent:
        """Return the event of the product's life that the verdict is."""
        return ProductEvent(self.value)

    @property
    def on_listing(self) -> bool:
        """Tell whether the verdict is about the listed version, and not about the one under review."""
        return self.event in LISTING_VERDICTS


class ReasonsRequired(LawRefusal):
    """令110 §39: the result is given in writing, with its reasons."""

    code, status = "reasons_required", 422
    source, compared = Source("财政部令第110号", "第39条"), N_("没有理由")
    reason, remedy = N_("审查结果要书面说明理由。"), N_("请写明理由，提供方会看到。")


class TieKnown(LawRefusal):
    """A tie became known between the look and the step."""

    code, status = "tie_known", 409
    source, compared = RECUSAL, N_("有关系")
    reason = N_("你与提供方有任职、持股或亲属等关系，应当回避。")
    remedy = N_("请交由其他审查人员办理。")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The person who decides, as the rules see them."""

    account_id: int
    tied: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """How much of the review's term is left."""

    due: date
    days_left: int  # working days; negative once the term is over

    @property
    def overdue(self) -> bool:
        """Tell whether the last day has passed."""
        return self.days_left < 0


def require_impartial(reviewer: Reviewer, author_id: int, provider_name: str) -> None:
    """Refuse a reviewer who wrote the version, or who has a tie to its provider (条例 §9)."""
    if reviewer.account_id == author_id:
        raise SamePersonRefused
    if reviewer.tied:
        raise TiedToProvider(name=provider_name)


def require_decidable(expected_version: int, version: int | None, reasons: str) -> None:
    """Refuse a verdict without reasons, or about another version than the reviewer read."""
    if not reasons.strip():
        raise ReasonsRequired
    if version != expected_version:
        raise EditConflict


def require_known_fields(verdict: Verdict, named: Sequence[str]) -> None:
    """Refuse fields that a product does not have, or that go with another verdict than a request for changes."""
    if named and (verdict is not Verdict.REQUEST_CHANGES or not set(named) <= set(FIELD_NAMES)):
        raise InvalidInput(fields={"fields": Message(N_("只有退回修改时可以指明要改的内容，请从列表里选。"))})


def review_clock(calendar: Calendar, submitted_on: date, days: int, today: date) -> Clock:
    """Return when a review is due and how many working days are left; the first day is not counted (§49)."""
    due = add_working_days(calendar, submitted_on, days)
    if today <= due:
        return Clock(due, working_days_between(calendar, today, due))
    return Clock(due, -max(working_days_between(calendar, due, today), 1))
