"""Looking ahead: what is in order today and will be refused on a date, with the same sources as the guards.

A review may take its whole term, so that a paper must outlast it; beyond that the house warns in time for a
renewal (a dated rule of its own).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.text import N_, Message, Words
from marketplace.organizations.provision import CATEGORY_NAMES, QUALIFICATION_NAMES
from marketplace.organizations.qualifications.rules import PaperState
from marketplace.products.checking.negative_list import Hint
from marketplace.products.guards import Fault, Submission, needed_papers


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far ahead is looked: the day of the check, the last day of a review, the last day of the warning."""

    today: date
    review_due: date
    warned_until: date

    @property
    def last(self) -> date:
        """Return the last day that is looked at; in any case the review's."""
        return max(self.review_due, self.warned_until)


@dataclass(frozen=True, slots=True)
class Check:
    """What was found: refused today, refused from a date on, and passages to look at twice."""

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def nothing(self) -> bool:
        """Tell whether there is nothing to say."""
        return not (self.faults or self.warnings or self.hints)


def warnings(submission: Submission, horizon: Horizon) -> list[Fault]:
    """Return what will stand against the submission within the horizon, the nearest first."""
    found = [*_papers(submission, horizon), *_category(submission, horizon)]
    return sorted(found, key=lambda fault: fault.due or horizon.last)


def _papers(submission: Submission, horizon: Horizon) -> Iterator[Fault]:
    provider = submission.provider
    for kind, source in needed_papers(submission):
        if provider.state_of(kind, horizon.today) is not PaperState.VALID:
            continue  # a fault today
        last = provider.covered_until(kind, horizon.today)
        if last is None or last >= horizon.last:
            continue
        values = {
            "name": Message(QUALIFICATION_NAMES[kind]),
            "until": day_words(last, horizon.today),
            "due": day_words(horizon.review_due, horizon.today),
        }
        if provider.renewal_waits(kind, last):
            message, remedy = _RENEWAL_WAITS
        elif last < horizon.review_due:
            message, remedy = _BEFORE_REVIEW
        else:
            message, remedy = _SOON
        yield Fault("qualifications", Message(message, values), Message(remedy, values), source, last + _DAY)


def _category(submission: Submission, horizon: Horizon) -> Iterator[Fault]:
    matrix, kind = submission.matrix, submission.provider.kind
    row = matrix.provision_for(submission.category, kind, horizon.today)
    ends = row.effective_to if row else None
    if row is None or ends is None or ends > horizon.last:
        return
    if matrix.provision_for(submission.category, kind, ends):
        return
    closing = matrix.ruling(submission.category, kind, ends) or row
    values = {"category": Message(CATEGORY_NAMES[submission.category]), "until": day_words(ends, horizon.today)}
    yield Fault(
        "category",
        Message(N_("从%(until)s起，本单位不再能提供“%(category)s”。"), values),
        Message(N_("请换一个本单位可以提供的类别，或由有相应许可的机构提供。")),
        closing.citation,
        ends,
    )


def day_words(day: date, today: date) -> Words:
    """Return a date as both languages write it; the year where it is not this one."""
    values = {"year": day.year, "month": day.month, "day": day.day}
    if day.year == today.year:
        return Words(str(Message(N_("%(month)s 月 %(day)s 日"), values)), f"{day.day} {day:%b}")
    return Words(str(Message(N_("%(year)s 年 %(month)s 月 %(day)s 日"), values)), f"{day.day} {day:%b %Y}")


_DAY = timedelta(days=1)
_SOON = (
    N_("资质“%(name)s”%(until)s到期：上传新证。"),
    N_("在“我的单位”登记续期的“%(name)s”并附上文件；旧证到期前照常有效。"),
)
_BEFORE_REVIEW = (
    N_("资质“%(name)s”%(until)s到期：上传新证。"),
    N_("审查最迟%(due)s答复，到那时旧证已经失效。请先登记续期的“%(name)s”，核验后再提交。"),
)
_RENEWAL_WAITS = (
    N_("资质“%(name)s”%(until)s到期，新证等待核验。"),
    N_("新证已经登记，核验通过后这一条就会消失；旧证到期前照常有效。"),
)
