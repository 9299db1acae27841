"""The same week before and after, shift by shift: who would go where, and which places would be red no more."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from app.core import clock
from volunteers.coverage.causes.queries import Opening
from volunteers.coverage.queries import RuleView
from volunteers.coverage.rules import COLOURS, Colour, Facts, State, state_of
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.counterplan import burden
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.explain import Explainer
from volunteers.dispatch.engine.instance import Instance, Plan, Weights
from volunteers.dispatch.engine.reweighing import lightened
from volunteers.dispatch.engine.sketch import sketch
from volunteers.dispatch.results import reason
from volunteers.dispatch.scenarios.answers import Change, Load, Stop, Visit
from volunteers.dispatch.scenarios.changing import changed, is_newcomer, with_places_short
from volunteers.dispatch.scenarios.forms import DISTRICT
from volunteers.dispatch.scenarios.rules import USUAL_MINUTES, Levers, moved_times, route

Times = tuple[datetime, datetime]
Point = tuple[int, int]
LIGHTENED_SECONDS = 60.0
"""How long a plan is searched for in which another weight shows: a district needs a second, a city all of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A week, the shifts that would turn its red places green, and what is changed.

    ``homes`` is where each new person is stationed, ``bases`` from where the places of a district are gone round.
    """

    rule: RuleView
    openings: Sequence[Opening]
    instance: Instance
    levers: Levers
    homes: Sequence[Point]
    bases: Mapping[str, Point]
    week: date
    begins: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """Both plans, what each would do for the red places, and what changes for whom."""

    instance: Instance
    before: Plan
    after: Plan
    visits: tuple[Visit, ...]
    moves: tuple[Change, ...]
    untouched: tuple[int, ...]
    exact: bool
    loads: tuple[Load, Load] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """The week as it is, and its plan."""

    instance: Instance
    plan: Plan


def compare(question: Question) -> Compared:
    """Plan the week as it is and as it would be, by the same search without a clock: the same question, same answer."""
    return after(question, before(question))


def before(question: Question) -> Planned:
    """Plan the week as it is."""
    instance = with_places_short(question.instance, {str(one.assignment_id) for one in question.openings})
    return Planned(instance, _lightened(question, instance, sketch(instance)))


def after(question: Question, planned: Planned) -> Compared:
    """Plan the week as it would be, and hold the two against each other by the weights of today."""
    instance, before = planned.instance, planned.plan
    moved = _moved(question, instance, _seated(before))
    would_be = changed(instance, before, question.levers, question.homes, moved, question.begins)
    after = _lightened(question, would_be, sketch(would_be))
    visits = _visits(question, would_be, before, after, moved)
    if sum(one.helps for one in visits) < sum(one.helps_before for one in visits):
        after = before  # better by what comes before the red places, and still not what was asked for
        visits = _visits(question, would_be, before, after, moved)
    moves, untouched = _changes(would_be, before, after, question.begins)
    by_today = replace(would_be, rules=instance.rules)
    measured = Plan(would_be.name, after.assignments, vector=tuple(check(by_today, after).vector))
    loads = (_load(instance, before), _load(would_be, after)) if question.levers.weighs else None
    exact = _is_exact(question, would_be, visits)
    return Compared(instance, before, measured, visits, moves, untouched, exact, loads)


def _lightened(question: Question, instance: Instance, plan: Plan) -> Plan:
    """Return the plan itself, or where a weight was changed one in which the weights show.

    What stands would outweigh every burden, so that the week is planned as if nobody knew of the plan in force.
    """
    if not question.levers.weighs:
        return plan
    anew = replace(instance, previous=())
    light = lightened(anew, plan, LIGHTENED_SECONDS)
    return Plan(instance.name, light.assignments, vector=tuple(check(instance, light).vector))


def _load(instance: Instance, plan: Plan) -> Load:
    """Return what a plan asks of people."""
    plain = replace(instance, rules=replace(instance.rules, weights=Weights(1, 1, 1, 1)))
    parts = burden(plain, Directory.of(plain), plan.assignments)
    turns = Counter(row.volunteer for row in plan.assignments)
    recent = {one.id: one.recent_shifts for one in instance.volunteers}
    most = max((recent[who] + number for who, number in turns.items()), default=0)
    return Load(len(turns), most, parts.km, parts.preference, parts.continuity)


def _seated(plan: Plan) -> dict[str, str]:
    """Return who takes each seat; who exists comes before who does not."""
    found: dict[str, str] = {}
    for row in sorted(plan.assignments, key=lambda row: (is_newcomer(row.volunteer), row)):
        found.setdefault(row.position, row.volunteer)
    return found


def _moved(question: Question, instance: Instance, seated: Mapping[str, str]) -> dict[str, Times]:
    """Return the shifts nobody would take on their own day, with new times on the day that was asked for."""
    if question.levers.weekday is None:
        return {}
    directory = Directory.of(instance)
    left: dict[str, dict[int, Point]] = defaultdict(dict)
    for number, one in enumerate(question.openings):
        if str(one.position_id) not in seated and clock.local(one.starts).weekday() != question.levers.weekday:
            place = directory.places[directory.shifts[str(one.assignment_id)].place]
            left[one.place.code[:DISTRICT]][number] = place.x, place.y
    day, minutes = question.week + timedelta(days=question.levers.weekday), question.rule.minutes or USUAL_MINUTES
    times: dict[int, Times] = {}
    for district, points in left.items():
        if district in question.bases:
            times |= moved_times(route(question.bases[district], points), day, minutes)
    return {str(question.openings[number].assignment_id): found for number, found in times.items()}


def _visits(
    question: Question, would_be: Instance, before: Plan, after: Plan, moved: Mapping[str, Times]
) -> tuple[Visit, ...]:
    first, then = _seated(before), _seated(after)
    explainer, directory = Explainer(would_be, after), Directory.of(would_be)
    visits = []
    for one in question.openings:
        shift, seat = str(one.assignment_id), str(one.position_id)
        is_moved = shift in moved and seat in then
        starts, ends = moved[shift] if is_moved else (one.starts, one.ends)
        state = _state(question.rule, one, starts) if seat in then else None
        gap = explainer.gap(directory.shifts[shift], directory.positions[shift, seat]) if seat not in then else None
        visit = Visit(
            place_id=one.place.id,
            shift=shift,
            reference=one.reference,
            starts=starts,
            ends=ends,
            moved_from=one.starts if is_moved and one.reference else None,
            before=first.get(seat),
            after=then.get(seat),
            state=state,
            helps_before=seat in first and _helps(_state(question.rule, one, one.starts)),
            helps=state is not None and _helps(state),
            reason=reason(gap) if gap else None,
        )
        visits.append(visit)
    return tuple(visits)


def _state(rule: RuleView, one: Opening, starts: datetime) -> State:
    """Return how the place would stand today if somebody had accepted."""
    facts = Facts(one.place.last_visit, clock.local(starts).date(), None, None)
    return state_of(rule.rhythm, rule.alert_days, facts, clock.today())


def _helps(state: State) -> bool:
    return COLOURS[state] is not Colour.RED


def _changes(
    would_be: Instance, before: Plan, after: Plan, begins: datetime
) -> tuple[tuple[Change, ...], tuple[int, ...]]:
    """Return what changes for people who exist, and who of the plan keeps exactly what they had."""
    first, then = _by_person(before), _by_person(after)
    places = {shift.id: shift for shift in would_be.shifts}

    def stops(keys: Set[str]) -> tuple[Stop, ...]:
        shifts = sorted((places[key] for key in keys), key=lambda shift: (shift.start, shift.id))
        return tuple(Stop(one.place.partition("@")[0], begins + timedelta(minutes=one.start)) for one in shifts)

    moves, untouched = [], []
    for person in sorted({one for one in (*first, *then) if not is_newcomer(one)}, key=int):
        had, has = first.get(person, set()), then.get(person, set())
        if had == has:
            untouched.append(int(person))
        else:
            moves.append(Change(int(person), stops(has - had), stops(had - has)))
    return tuple(moves), tuple(untouched)


def _by_person(plan: Plan) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in plan.assignments:
        found[row.volunteer].add(row.shift)
    return found


def _is_exact(question: Question, would_be: Instance, visits: tuple[Visit, ...]) -> bool:
    """Tell whether no plan of these shifts leaves fewer red: everybody could come to no place more."""
    directory = Directory.of(would_be)
    return all(
        one.helps or one.after is not None or not _anybody(directory, str(opening.assignment_id), opening)
        for one, opening in zip(visits, question.openings, strict=True)
    )


def _anybody(directory: Directory, shift: str, opening: Opening) -> bool:
    at, seat = directory.shifts[shift], directory.positions[shift, str(opening.position_id)]
    return any(directory.refusal(one, at, seat) is None for one in directory.volunteers.values())
