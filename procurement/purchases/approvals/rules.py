"""Who may take which step of a purchase's approval.

采购法 §61 asks that who handles a purchase does not judge it; up to which amount whom a unit trusts is its own rule of
internal control (审批权限), so that the figures are rows that two people set, and not law.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from procurement.blocks import Block, LawRefusal, Source, house
from procurement.separation import SAME, SEPARATION, OnePerson

LONGEST_DEPUTY = 366
AUTHORITY = house(N_("审批权限"))


class Level(StrEnum):
    """The steps of a chain, lowest first; ``single`` where a place has set no figures."""

    SINGLE = "single"
    SECTION = "section"
    DIVISION = "division"
    MEETING = "meeting"


LEVEL_NAMES: Mapping[Level, str] = {
    Level.SINGLE: N_("另一人审批"),
    Level.SECTION: N_("科室负责人"),
    Level.DIVISION: N_("分管领导"),
    Level.MEETING: N_("办公会集体决定"),
}
CHAIN = (Level.SECTION, Level.DIVISION, Level.MEETING)


class AuthorityStatus(StrEnum):
    """Where something stands that one person proposes and another confirms."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class AuthorityEvent(StrEnum):
    """What a second person says."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


TRANSITIONS: dict[tuple[AuthorityStatus, AuthorityEvent], AuthorityStatus] = {
    (AuthorityStatus.PROPOSED, AuthorityEvent.CONFIRM): AuthorityStatus.CONFIRMED,
    (AuthorityStatus.PROPOSED, AuthorityEvent.REFUSE): AuthorityStatus.REFUSED,
}


class NotYourStep(LawRefusal):
    """The next step belongs to a level that the person does not hold there today."""

    code, status = "not_your_step", 409
    source = AUTHORITY
    reason = N_("采购%(reference)s的下一步由“%(level)s”审批，你今天没有这一级的审批权限，也没有受托代行。")
    compared, remedy = "%(level)s", N_("请由有这一级权限的人审批，或先办理代行。")


class StepTakenAlready(LawRefusal):
    """Every step is taken by another person, whether in one's own name or in another's."""

    code, status = "step_taken_already", 409
    source, compared = SEPARATION, SAME
    reason = N_("你（或你代行的人）已经审批过采购%(reference)s的另一步。")
    remedy = N_("每一步须由不同的人审批，请由其他人审批。")


class StepMoved(DomainError):
    """Somebody took the step that the person had before their eyes."""

    code, status = "step_moved", 409
    message = N_("采购%(reference)s的这一步刚刚有人审批过。请刷新后再看。")


class DeputyOfRequester(LawRefusal):
    """Separation of duties holds for both: neither the deputy nor who is stood in for asked for the purchase."""

    code, status = "deputy_of_requester", 409
    source, compared = SEPARATION, SAME
    reason = N_("采购%(reference)s是你代行的人申请的，你不能代其审批（不相容岗位分离）。")
    remedy = N_("请由其他人审批。")


class ApproverSigns(LawRefusal):
    """Who judged a purchase does not bind the parties to it as well."""

    code, status = "approver_signs", 409
    source, compared = SEPARATION, SAME
    reason = N_("审批过这项采购的人，或由别人代为审批过的人，不能再签合同（不相容岗位分离）。")
    remedy = N_("请由其他人签署。")


@dataclass(frozen=True, slots=True)
class Capacity:
    """How a person may take a step: in their own name, or in the stead of somebody."""

    in_stead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A purchase's chain, what of it is done, and how the person at hand may take the next step."""

    reference: str
    requested_by: int
    chain: tuple[Level, ...]
    taken_by: tuple[int, ...]  # everybody who took a step or was stood in for
    taken: int
    capacities: tuple[Capacity, ...]

    @property
    def level(self) -> Level:
        """Return whose turn it is."""
        return self.chain[self.taken]

    @property
    def last(self) -> bool:
        """Tell whether the next step is the last."""
        return self.taken + 1 == len(self.chain)


def capacity_of(matter: Matter, actor: int) -> Capacity:
    """Return in whose name the person takes the next step, their own if they can; or refuse and say why.

    That the person did not ask for the purchase is looked at before; here it is whom they stand in for.
    """
    if actor in matter.taken_by:
        raise StepTakenAlready(reference=matter.reference)
    if matter.level is Level.SINGLE:
        return Capacity()
    if not matter.capacities:
        raise NotYourStep(reference=matter.reference, level=Message(LEVEL_NAMES[matter.level]))
    own_first = sorted(matter.capacities, key=lambda capacity: capacity.in_stead_of or 0)
    free = [one for one in own_first if one.in_stead_of not in (matter.requested_by, *matter.taken_by)]
    if free:
        return free[0]
    if any(one.in_stead_of == matter.requested_by for one in own_first):
        raise DeputyOfRequester(reference=matter.reference)
    raise StepTakenAlready(reference=matter.reference)


def chain_for(amount_fen: int, section_up_to_fen: int, division_up_to_fen: int) -> tuple[Level, ...]:
    """Return the steps that figures ask for; the database decides by the same (function approval_chain)."""
    if amount_fen <= section_up_to_fen:
        return CHAIN[:1]
    return CHAIN[:2] if amount_fen <= division_up_to_fen else CHAIN


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of a chain as it was taken; ``held`` tells whether the person held its level on that day."""

    level: Level
    decided_by: int
    in_stead_of: int | None
    held: bool

    @property
    def people(self) -> set[int]:
        """Return who took it and who was stood in for."""
        return {self.decided_by} | ({self.in_stead_of} if self.in_stead_of is not None else set())


def chain_blocks(
    reference: str, requested_by: int, taken: Sequence[Taken], chain: Sequence[Level], limit: Source
) -> Iterable[Block]:
    """Name what is wrong with an approval that was given: a step left out, a person twice, a level not held."""
    if missing := chain[len(taken) :] if chain != (Level.SINGLE,) or not taken else ():
        yield Block(
            "approval_incomplete",
            limit,
            Message(N_("这个金额还要经过“%(level)s”审批。"), {"level": Message(LEVEL_NAMES[missing[0]])}),
            Message(N_("请按审批权限补办审批。")),
            Message(LEVEL_NAMES[missing[0]]),
        )
    seen: set[int] = set()
    for step in taken:
        if requested_by in step.people:
            yield OnePerson.block() if requested_by == step.decided_by else DeputyOfRequester.block(reference=reference)
        if seen & step.people:
            yield StepTakenAlready.block(reference=reference)
        if not step.held:
            yield NotYourStep.block(reference=reference, level=Message(LEVEL_NAMES[step.level]))
        seen |= step.people


def refuse_incomplete_limit(
    section_fen: int, division_fen: int, effective_from: date, document: str, today: date
) -> None:
    """Refuse figures that do not rise, or that would reach back to purchases that were asked for already."""
    fields: dict[str, Message] = {}
    if section_fen < 0 or division_fen <= section_fen:
        fields["division_up_to"] = Message(N_("分管领导的限额要高于科室负责人的限额。"))
    if effective_from <= today:
        fields["effective_from"] = Message(N_("最早从明天起执行：已经申请的采购仍按申请当日的权限审批。"))
    if not document.strip():
        fields["document"] = Message(N_("请填写依据的内部控制文件。"))
    if fields:
        raise InvalidInput(fields)


def refuse_period(starts_on: date, ends_on: date | None, today: date, longest: int | None = None) -> None:
    """Refuse a period that is over, or upside down, or longer than a deputy may stand in."""
    fields: dict[str, Message] = {}
    if ends_on is not None and ends_on < max(starts_on, today):
        fields["ends_on"] = Message(N_("结束日期不能早于开始日期和今天。"))
    if longest and ends_on is not None and ends_on - starts_on > timedelta(days=longest):
        fields["ends_on"] = Message(N_("代行最长一年，到期可以再次指定。"))
    if fields:
        raise InvalidInput(fields)


def levels_of(codes: Sequence[Any]) -> tuple[Level, ...]:
    """Return a chain as the database wrote it."""
    return tuple(Level(code) for code in codes)
