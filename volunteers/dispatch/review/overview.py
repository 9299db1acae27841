"""Everything that the page of a solved plan shows."""

from datetime import timedelta
from typing import Any

from app.core import clock
from app.core.access import Principal
from app.core.text import N_
from app.web.components import Chart, Series
from app.web.filters import WEEKDAYS
from app.web.pagination import decode_cursor, sliced
from marketplace.places.rules import LEVEL_BY_LENGTH
from volunteers.assignments.tags import GREEN_TAG
from volunteers.dispatch import queries
from volunteers.dispatch.input.people import DAYS
from volunteers.dispatch.locks.queries import locks_of
from volunteers.dispatch.moves.queries import moves_of
from volunteers.dispatch.moves.tags import MOVE_NAMES
from volunteers.dispatch.offers.following import printed
from volunteers.dispatch.offers.queries import answers_of
from volunteers.dispatch.offers.tags import OFFER_TAGS
from volunteers.dispatch.pages import gap_key
from volunteers.dispatch.queries import RunView
from volunteers.dispatch.record import queries as records
from volunteers.dispatch.record.words import ENDINGS, KIND_NAMES, log_chart, proofs
from volunteers.dispatch.review import difference, picture
from volunteers.dispatch.review import queries as covers
from volunteers.dispatch.review.rules import CAUSE_NAMES, GapCause, by_cause, reasons_of, together
from volunteers.dispatch.review.tags import CHANGE_TAGS, STATE_TAGS
from volunteers.dispatch.rules import RunStatus
from volunteers.dispatch.settings import tags as setting_tags
from volunteers.dispatch.settings.queries import settings_of
from volunteers.dispatch.settings.rules import Asking
from volunteers.dispatch.tags import REASON_NAMES


async def overview(principal: Principal, run: RunView, cursor: str | None, cause: GapCause | None) -> dict[str, Any]:
    """Return what there is to see of a plan before, and after, it is sent out."""
    base = await difference.base_of(run.public_id)
    changes = difference.counted(await difference.difference(run.public_id, base))
    answers = await answers_of(run.public_id) if run.status == RunStatus.PUBLISHED else {}
    return {
        **await _covered(run),
        **await _gaps(run, cursor, cause),
        **await _record(run),
        "figures": await queries.run_figures(run.public_id),
        "base": base,
        "changes": changes,
        "change_tags": CHANGE_TAGS,
        "moves": await moves_of(run.public_id),
        "move_names": MOVE_NAMES,
        "locks": await locks_of(principal, run.place_code, run.week_start),
        "answers": answers,
        "print": printed(answers),
        "offer_tags": OFFER_TAGS,
        "asks": (await settings_of(run.place_code)).asking is Asking.ASK,
        "over": run.week_start + timedelta(days=DAYS) <= clock.today(),
    }


async def _covered(run: RunView) -> dict[str, Any]:
    below = next((length for length in LEVEL_BY_LENGTH if length > len(run.place_code)), len(run.place_code))
    cells = await covers.cells_of(run.public_id, below)
    by_place = {code: [cell for cell in cells if cell.code == code] for code in dict.fromkeys(c.code for c in cells)}
    parts = {code: together(cell.cover for cell in row) for code, row in by_place.items()}
    return {
        "total": together(parts.values()),
        "left_empty": await covers.left_empty(run.public_id),
        "picture": await picture.plan_map(run.public_id, run.place_code, parts),
        "map_key": picture.KEY,
        "schematic": len(run.place_code) == picture.DISTRICT,
        "days": [run.week_start + timedelta(days=number) for number in range(DAYS)],
        "weekdays": WEEKDAYS,
        "grid": [(row[0], {cell.day: cell.cover for cell in row}, parts[code]) for code, row in by_place.items()],
        "state_tags": STATE_TAGS,
    }


async def _gaps(run: RunView, cursor: str | None, cause: GapCause | None) -> dict[str, Any]:
    after = decode_cursor(cursor, queries.GapKey)
    gaps = await queries.gaps_of(run.public_id, after, reasons=reasons_of(cause) if cause else None)
    counted = by_cause(await queries.gap_causes(run.public_id))
    return {
        "part": sliced(gaps, gap_key),
        "causes": _chart(counted) if counted else None,
        "counted": counted,
        "cause": cause,
        "cause_names": CAUSE_NAMES,
        "green_tag": GREEN_TAG,
        "reason_names": REASON_NAMES,
    }


async def _record(run: RunView) -> dict[str, Any]:
    record, log = await records.record_of(run.public_id), await records.log_of(run.public_id)
    return {
        "record": record,
        "kind_names": KIND_NAMES,
        "proofs": proofs(run.vector or (), record.bounds),
        "ending": ENDINGS.get(record.solver_status),
        "log": log_chart(log) if log else None,
        "setting_names": setting_tags.NAMES,
        "choice_names": setting_tags.CHOICE_NAMES,
        "greedy": run.greedy_vector,
    }


def _chart(counted: dict[GapCause, int]) -> Chart:
    seats = [Series(N_("空位"), list(counted.values()))]
    return Chart("row", N_("空位为什么空着"), [CAUSE_NAMES[cause] for cause in counted], seats, N_("个"))
