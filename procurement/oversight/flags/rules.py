"""What asks to be looked at again. A flag is a question with its figures, and never a verdict.

After the red flags of the Open Contracting Partnership (R003, R018, R023, R024, R028, R035, R055, R058) and what the
law asks of a buyer (采购法 §41, §47; 条例 §28, §45, §50). Each rule returns what was measured, what it was measured
against, how many cases it rests on and how many it needs; below that number it is silent.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from app.core.errors import DomainError
from app.core.text import N_
from procurement.blocks import Figure, Source
from procurement.offers.rules import Compared, LowFigures, low_prices
from procurement.separation import OnePersonOnMoney


class FlagKind(StrEnum):
    """What stands out."""

    SPLITTING = "splitting"
    SHORT_PERIOD = "short_period"
    SINGLE_RESPONSE = "single_response"
    IDENTICAL_PRICES = "identical_prices"
    FIXED_RATIO = "fixed_ratio"
    ALL_EXCLUDED = "all_excluded"
    LOW_PRICE = "low_price"
    CAPTURE = "capture"
    OVERLAP = "overlap"
    BILLED_TWICE = "billed_twice"
    PAID_EARLY = "paid_early"
    SAME_PERSON = "same_person"
    NO_OPINION = "no_opinion"
    LATE_NOTICE = "late_notice"


class FlagStatus(StrEnum):
    """Where an auditor's look stands."""

    OPEN = "open"
    REFERRED = "referred"
    EXPLAINED = "explained"


class FlagEvent(StrEnum):
    """What an auditor says: there is an explanation, or somebody else has to look."""

    EXPLAIN = "explain"
    REFER = "refer"


TRANSITIONS: dict[tuple[FlagStatus, FlagEvent], FlagStatus] = {
    (FlagStatus.OPEN, FlagEvent.EXPLAIN): FlagStatus.EXPLAINED,
    (FlagStatus.OPEN, FlagEvent.REFER): FlagStatus.REFERRED,
    (FlagStatus.REFERRED, FlagEvent.EXPLAIN): FlagStatus.EXPLAINED,
}


class FlagIsClosed(DomainError):
    """The flag was explained, or no longer holds."""

    code, status, message = "flag_is_closed", 409, N_("这条提示已经说明过，或者已不再成立。请刷新后再看。")


class ReviewOfOneself(OnePersonOnMoney):
    """Who handled the matter leaves it to another auditor."""

    code, reason, remedy = "review_of_oneself", N_("这件事由你经手。"), N_("请由另一位监督人员核查。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "flag_review_while_open": FlagIsClosed,
    "flag_review_once": FlagIsClosed,
    "flag_review_second_party": ReviewOfOneself,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """The figure a kind is measured against, and how many cases it needs."""

    threshold: Figure
    minimum: Figure


@dataclass(frozen=True, slots=True)
class Part:
    """One more input: a name, a number, its unit (``date`` counts days from the year 1)."""

    name: str
    value: int
    unit: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was compared with what; ``measured`` None is what should have happened and has not."""

    measured: int | None
    threshold: int
    unit: str
    n: int
    minimum: int
    source: Source
    parts: tuple[Part, ...] = ()


def splitting(amounts_fen: Sequence[int], limit: Figure, bound: Bound) -> Found | None:
    """R055, 条例 §28: a year's purchases of one line and category that nobody tendered, close to the figure."""
    total, line = sum(amounts_fen), limit.value * bound.threshold.value  # yuan times per cent are fen
    if len(amounts_fen) < bound.minimum.value or total < line:
        return None
    parts = (Part("limit", limit.value * 100, "fen"), Part("share", bound.threshold.value, "percent"))
    return Found(total, line, "fen", len(amounts_fen), bound.minimum.value, limit.source, parts)


def short_period(invited_at: datetime, deadline: datetime, invited: int, bound: Bound) -> Found | None:
    """R003: less time to answer than the least."""
    given, least = deadline - invited_at, bound.threshold.value
    if invited < bound.minimum.value or given.total_seconds() >= least * 86_400:
        return None
    hours = Part("hours", int(given.total_seconds() // 3600), "hours")
    return Found(max(given.days, 0), least, "days", invited, bound.minimum.value, bound.threshold.source, (hours,))


def single_response(invited: int, answered: int, bound: Bound) -> Found | None:
    """R018: of all who were asked, one answered."""
    if invited < bound.minimum.value or not 1 <= answered <= bound.threshold.value:
        return None
    parts = (Part("invited", invited, "suppliers"),)
    most = bound.threshold.value
    return Found(answered, most, "suppliers", invited, bound.minimum.value, bound.threshold.source, parts)


def identical_prices(prices_fen: Sequence[int], bound: Bound) -> Found | None:
    """R028: the same price from several suppliers, where the price is what they compete by."""
    if len(prices_fen) < bound.minimum.value:
        return None
    price, times = Counter(sorted(prices_fen)).most_common(1)[0]
    if times < bound.threshold.value:
        return None
    parts = (Part("price", price, "fen"),)
    least = bound.threshold.value
    return Found(times, least, "suppliers", len(prices_fen), bound.minimum.value, bound.threshold.source, parts)


def fixed_ratio(prices_fen: Sequence[int], bound: Bound) -> Found | None:
    """R023: each price is the one below it times the same factor, within so many per mille."""
    prices = sorted(prices_fen)
    if len(prices) < bound.minimum.value or len(prices) < 3 or len(set(prices)) < len(prices):
        return None
    off = max(abs(b * b - a * c) * 1000 / (a * c) for a, b, c in zip(prices, prices[1:], prices[2:], strict=False))
    if off > bound.threshold.value:
        return None
    steps = tuple(Part("step", round(upper * 100 / lower), "percent") for lower, upper in pairwise(prices))
    source, tolerance = bound.threshold.source, Part("tolerance", bound.threshold.value, "per_mille")
    return Found(len(prices), bound.minimum.value, "suppliers", len(prices), bound.minimum.value, source,
                 (*steps, tolerance))  # fmt: skip


def all_excluded(opened: int, left: int, bound: Bound) -> Found | None:
    """R035: of all who offered, only one was not excluded."""
    if opened < bound.minimum.value or not 1 <= left <= bound.threshold.value or left == opened:
        return None
    parts = (Part("opened", opened, "suppliers"), Part("excluded", opened - left, "suppliers"))
    return Found(left, bound.threshold.value, "suppliers", opened, bound.minimum.value, bound.threshold.source, parts)


def abnormally_low(
    offers: Sequence[Compared], ceiling_fen: int, figures: LowFigures, minimum: Figure
) -> dict[int, Found]:
    """R024, R058: prices that the comparison marks as low, each with the highest line that it lies under."""
    if len(offers) < minimum.value:
        return {}
    prices = sorted(one.unit_price_fen for one in offers)
    found = {}
    for one in offers:
        if one.id not in low_prices(offers, ceiling_fen, figures):
            continue
        others = list(prices)
        others.remove(one.unit_price_fen)
        lines = [(ceiling_fen * figures.ceiling.value, 100, figures.ceiling.source)]
        if others:
            lines.append((sum(prices) * figures.mean.value, 100 * len(prices), figures.mean.source))
            lines.append((others[0] * figures.second.value, 100, figures.second.source))
        line, source = max(((-(-total // count), source) for total, count, source in lines), key=lambda one: one[0])
        parts: tuple[Part, ...] = (
            Part("mean", round(sum(prices) / len(prices)), "fen"),
            Part("ceiling", ceiling_fen, "fen"),
        )
        if others:
            parts = (*parts, Part("second", others[0], "fen"))
        found[one.id] = Found(one.unit_price_fen, line, "fen", len(offers), minimum.value, source, parts)
    return found


def capture(own: int, of_all: int, own_fen: int, all_fen: int, bound: Bound) -> Found | None:
    """One supplier's share of a buyer's call-offs of a year."""
    if of_all < bound.minimum.value or own * 100 < of_all * bound.threshold.value:
        return None
    parts = (
        *(Part("own", own, "times"), Part("all", of_all, "times")),
        *(Part("own_fen", own_fen, "fen"), Part("all_fen", all_fen, "fen")),
    )
    share, most = own * 100 // of_all, bound.threshold.value
    return Found(share, most, "percent", of_all, bound.minimum.value, bound.threshold.source, parts)


def overlap(minutes: int, shifts: int, bound: Bound) -> Found | None:
    """One person in two places at once, the way between them included; the work is paid for."""
    if shifts < bound.minimum.value or minutes < bound.threshold.value:
        return None
    least = bound.threshold.value
    return Found(minutes, least, "minutes", shifts, bound.minimum.value, bound.threshold.source)


def billed_twice(amounts_fen: Sequence[int], bound: Bound) -> Found | None:
    """条例 §45: one unit of work, more than one claim that stands."""
    count = len(amounts_fen)
    if count < bound.minimum.value or count <= bound.threshold.value:
        return None
    parts = tuple(Part("claim", fen, "fen") for fen in amounts_fen)
    return Found(count, bound.threshold.value, "times", count, bound.minimum.value, bound.threshold.source, parts)


def paid_early(paid_at: datetime, accepted_at: datetime | None, bound: Bound) -> Found | None:
    """采购法 §41, 条例 §51: money before the acceptance."""
    if accepted_at is not None and paid_at >= accepted_at:
        return None
    days = None if accepted_at is None else (accepted_at - paid_at).days
    parts: tuple[Part, ...] = (Part("paid_on", paid_at.date().toordinal(), "date"),)
    if accepted_at is not None:
        parts = (*parts, Part("accepted_on", accepted_at.date().toordinal(), "date"))
    return Found(days, bound.threshold.value, "days", 1, bound.minimum.value, bound.threshold.source, parts)


def same_person(duties: Sequence[str], bound: Bound) -> Found | None:
    """采购法 §61: who accepts had another hand in the purchase."""
    if len(duties) < bound.threshold.value:
        return None
    parts = tuple(Part(duty, 1, "times") for duty in duties)
    least = bound.threshold.value
    return Found(len(duties), least, "times", len(duties), bound.minimum.value, bound.threshold.source, parts)


def no_opinion(people: int, opinions: int, bound: Bound) -> Found | None:
    """条例 §45: so many were reached, and nobody said a word."""
    if opinions or people < bound.threshold.value:
        return None
    parts = (Part("opinions", opinions, "times"),)
    return Found(people, bound.threshold.value, "people", 1, bound.minimum.value, bound.threshold.source, parts)


def late_notice(signed_on: date, last_day: date, done_on: date | None, today: date, duty: Figure) -> Found | None:
    """条例 §50, 采购法 §47: published or filed after the last day, or not at all."""
    if (done_on or today) <= last_day:
        return None
    parts: tuple[Part, ...] = (
        Part("signed_on", signed_on.toordinal(), "date"),
        Part("last_day", last_day.toordinal(), "date"),
    )
    if done_on:
        parts = (*parts, Part("done_on", done_on.toordinal(), "date"))
    taken = (done_on - signed_on).days if done_on else None
    return Found(taken, (last_day - signed_on).days, "days", 1, 1, duty.source, parts)
