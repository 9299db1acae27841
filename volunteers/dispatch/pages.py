"""How pages of dispatch name a plan and lead back to it."""

from datetime import date, timedelta

from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import day, localized
from app.web.i18n import translate
from volunteers.dispatch.queries import GapKey, GapView, RunView


def week_text(monday: date) -> str:
    """Write a week by its first and last day."""
    last = monday + timedelta(days=6)
    return translate(Message(N_("%(first)s 至 %(last)s"), {"first": day(monday), "last": day(last)}))


def plan_text(run: RunView) -> str:
    """Name a plan by its place and week."""
    return f"{localized(run, 'place')} · {week_text(run.week_start)}"


def crumbs(run: RunView, *further: Crumb) -> list[Crumb]:
    """Return the way to a plan, or through it to a page of it."""
    return [Crumb(N_("排班"), "/dispatch"), Crumb(plan_text(run), f"/dispatch/{run.public_id}"), *further]


def gap_key(gap: GapView) -> GapKey:
    """Return where a gap stands in the list."""
    return gap.held, not gap.green, gap.starts, gap.reference, gap.number
