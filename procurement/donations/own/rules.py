"""How the owner's qualification for public fundraising (慈善法 §27) stands, and when its renewal is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.organizations.qualifications.expiry.rules import DAYS_BEFORE
from marketplace.organizations.qualifications.rules import Paper, PaperState
from procurement.donations.funds.rules import WORTH


@dataclass(frozen=True, slots=True)
class Certificate:
    """A paper for public fundraising as it is stated."""

    id: int
    number: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class Standing:
    """The certificate that speaks for the owner on a day, none if none is stated."""

    certificate: Certificate | None
    state: PaperState | None
    days_left: int | None  # of a valid one that ends
    to_renew: bool  # ends soon or is not valid, and nothing is on its way
    on_its_way: bool  # another waits for its verification or its first day

    @property
    def urgent(self) -> bool:
        """Tell whether the last reminder is due."""
        return self.days_left is not None and self.days_left <= min(DAYS_BEFORE)


def standing(certificates: Sequence[Certificate], day: date, warned_until: date) -> Standing:
    """Return how the qualification stands; a valid one that ends by ``warned_until`` is to be renewed."""
    best = min(certificates, key=lambda one: _worth(one.paper, day), default=None)
    if best is None:
        return Standing(None, None, None, to_renew=True, on_its_way=False)
    state, last = best.paper.state(day), best.paper.valid_until
    coming = any(
        one.paper.state(day) in (PaperState.PENDING, PaperState.NOT_YET) and _end(one.paper) > _end(best.paper)
        for one in certificates
    )
    if state is not PaperState.VALID:
        waits = state in (PaperState.PENDING, PaperState.NOT_YET)
        return Standing(best, state, None, to_renew=not waits, on_its_way=False)
    ends_soon = last is not None and last <= warned_until
    return Standing(best, state, (last - day).days if last else None, ends_soon and not coming, coming)


def _worth(paper: Paper, day: date) -> tuple[int, int]:
    """Order papers: what counts most comes first, of equals the one that ends last."""
    return WORTH.index(paper.state(day)), -_end(paper).toordinal()


def _end(paper: Paper) -> date:
    return paper.valid_until or date.max
