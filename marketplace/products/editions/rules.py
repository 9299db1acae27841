"""What next year's catalogue should do with a product, by what this year showed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from marketplace.products.editions.usage import Use


class EditionStatus(StrEnum):
    """Whether an edition can still be changed."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Fate(StrEnum):
    """What becomes of a product in an edition."""

    NEW = "new"
    KEEP = "keep"
    ADJUST = "adjust"
    RETIRE = "retire"


STATUS_NAMES: Mapping[EditionStatus, str] = {EditionStatus.DRAFT: N_("编制中"), EditionStatus.PUBLISHED: N_("已发布")}
FATE_NAMES: Mapping[Fate, str] = {
    Fate.NEW: N_("新增"),
    Fate.KEEP: N_("保留"),
    Fate.ADJUST: N_("调整"),
    Fate.RETIRE: N_("退出"),
}


class EditionExists(DomainError):
    """A year has one edition."""

    code, status, message = "edition_exists", 409, N_("%(year)s 年版已经在编制，或已发布。")


class EditionPublished(DomainError):
    """What was published does not change."""

    code, status, message = "edition_published", 409, N_("这一年的目录已经发布，不能再改。请在下一年版中调整。")


class DepartureNeedsReason(DomainError):
    """Whoever decides against the figures says why."""

    code, status, message = "departure_needs_reason", 422, N_("与建议不同的决定要写明理由，服务机构会看到。")


class NothingListed(DomainError):
    """An empty catalogue has no edition."""

    code, status, message = "nothing_listed", 409, N_("还没有上架的服务，不能编制目录。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "catalogue_edition_frozen": EditionPublished,
    "catalogue_entry_departure_reasoned": DepartureNeedsReason,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of the house that proposals are made by."""

    idle_days: int  # listed as long as this without one accepted unit
    fewest_ratings: int  # below so many, a mean says nothing
    lowest_mean_tenths: int  # a mean below this asks for a change


def refuse_far_year(year: int, this_year: int) -> None:
    """Refuse a year whose use nobody can know yet, or that is over."""
    if year not in (this_year, this_year + 1):
        raise InvalidInput({"year": Message(N_("只能编制今年或明年的目录。"))})


def proposal(use: Use, listed_on: date, in_last_edition: bool, limits: Limits, today: date) -> Fate:
    """Propose what to do with a product.

    ``use`` is the year's; a product that nobody ordered for long enough retires, one that enough people rated low
    is to be adjusted, one that the last edition did not have is new.
    """
    if use.units == 0 and listed_on <= today - timedelta(days=limits.idle_days):
        return Fate.RETIRE
    if use.ratings >= limits.fewest_ratings and use.rating_sum * 10 < use.ratings * limits.lowest_mean_tenths:
        return Fate.ADJUST
    return Fate.KEEP if in_last_edition else Fate.NEW
