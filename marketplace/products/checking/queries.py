"""Checking what is being written, and what waits for a reviewer, on today's rules."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from app.core import clock
from app.core.access import Permission, Principal
from app.core.calendar import add_working_days, load_calendar
from app.rulebook import lawbook, rules_on
from marketplace import law
from marketplace.organizations.matrix.queries import relied_matrix
from marketplace.organizations.provision import Category
from marketplace.products.checking.negative_list import PREFIX, Entry, entries_on, hints
from marketplace.products.checking.rules import Check, Horizon, warnings
from marketplace.products.content import ProductContent
from marketplace.products.dossiers import read_dossiers, read_provider
from marketplace.products.guards import Submission, submission_faults


async def check_of(
    principal: Principal,
    organization: UUID,
    category: Category,
    content: ProductContent,
    monthly_units: int | None,
    *,
    sent_back_unchanged: bool = False,
) -> Check:
    """Return what would be said of this if it were submitted today, for the page on which it is being written."""
    scope = principal.scope(Permission.PRODUCT_WRITE)
    organization_id, provider = await read_provider(organization)
    scope.require_organization(organization_id)
    day = clock.today()
    ceilings, matrix = await law.ceilings_on(day), await relied_matrix(category, day)
    submission = Submission(category, content, provider, day, ceilings, matrix, sent_back_unchanged, monthly_units)
    return await _checked(submission)


async def standing_check(principal: Principal, reference: str) -> Check:
    """Return what stands against a submitted product today: a licence that lapsed since, or is about to."""
    principal.scope(Permission.PRODUCT_REVIEW)
    today = clock.today()
    (dossier,) = await read_dossiers([reference], principal.account_id)
    ceilings, matrix = await law.ceilings_on(today), await relied_matrix(dossier.category, today)
    return await _checked(replace(dossier.submission(today, ceilings, matrix), sent_back_unchanged=False))


async def horizon(today: date) -> Horizon:
    """Return how far ahead is looked on the day."""
    rules = await rules_on([law.REVIEW_DAYS, law.PAPER_WARNING], on=today)
    due = add_working_days(await load_calendar(), today, rules[law.REVIEW_DAYS].whole)
    return Horizon(today, due, today + timedelta(days=rules[law.PAPER_WARNING].whole))


async def _checked(submission: Submission) -> Check:
    ahead = warnings(submission, await horizon(submission.day))
    touched = hints(submission.content, await negative_list(submission.day))
    return Check(tuple(submission_faults(submission)), tuple(ahead), tuple(touched))


async def negative_list(day: date) -> list[Entry]:
    """Return the negative list as it stands on a day."""
    return entries_on(await lawbook(PREFIX), day)
