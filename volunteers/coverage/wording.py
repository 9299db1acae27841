"""How a promise and a state are said."""

from collections.abc import Mapping

from app.core.text import N_, Message, Words
from app.web.components import Tag
from volunteers.coverage.queries import RuleView
from volunteers.coverage.rules import Colour, Every, Level, State
from volunteers.people.credentials.rules import CredentialKind

PEOPLE: Mapping[CredentialKind, Words] = {
    CredentialKind.LAWYER: Words(N_("律师"), "a lawyer"),
    CredentialKind.LEGAL_WORKER: Words(N_("基层法律服务工作者"), "a legal worker"),
    CredentialKind.MEDIATOR: Words(N_("人民调解员"), "a mediator"),
    CredentialKind.NOTARY: Words(N_("公证员"), "a notary"),
    CredentialKind.APPRAISER: Words(N_("司法鉴定人"), "an appraiser"),
    CredentialKind.RETIRED_JUDGE: Words(N_("退休法官、检察官"), "a retired judge or prosecutor"),
    CredentialKind.LAW_STUDENT: Words(N_("法学学生"), "a law student"),
    CredentialKind.LECTURER: Words(N_("普法讲师"), "a lecturer"),
    CredentialKind.PSYCHOLOGIST: Words(N_("心理咨询师"), "a psychologist"),
}
OR = Words(N_("或"), " or ")
NAMES: Mapping[CredentialKind, Message] = {kind: Message("%(who)s", {"who": words}) for kind, words in PEOPLE.items()}
PROMISES: Mapping[tuple[Level, Every], str] = {
    (Level.VILLAGE, Every.MONTH): N_("每个村社每月见到一次%(who)s"),
    (Level.VILLAGE, Every.WEEK): N_("每个村社每周见到一次%(who)s"),
    (Level.VILLAGE, Every.DAYS): N_("每个村社每 %(days)s 天见到一次%(who)s"),
    (Level.TOWN, Every.MONTH): N_("每个乡镇街道每月见到一次%(who)s"),
    (Level.TOWN, Every.WEEK): N_("每个乡镇街道每周见到一次%(who)s"),
    (Level.TOWN, Every.DAYS): N_("每个乡镇街道每 %(days)s 天见到一次%(who)s"),
}
SENTENCES: Mapping[tuple[Level, Every], str] = {
    (Level.VILLAGE, Every.MONTH): N_("本月 %(places)s 个村社，%(red)s 个还没见到%(who)s"),
    (Level.VILLAGE, Every.WEEK): N_("本周 %(places)s 个村社，%(red)s 个还没见到%(who)s"),
    (Level.VILLAGE, Every.DAYS): N_("这 %(days)s 天 %(places)s 个村社，%(red)s 个还没见到%(who)s"),
    (Level.TOWN, Every.MONTH): N_("本月 %(places)s 个乡镇街道，%(red)s 个还没见到%(who)s"),
    (Level.TOWN, Every.WEEK): N_("本周 %(places)s 个乡镇街道，%(red)s 个还没见到%(who)s"),
    (Level.TOWN, Every.DAYS): N_("这 %(days)s 天 %(places)s 个乡镇街道，%(red)s 个还没见到%(who)s"),
}
STATE_TAGS: Mapping[State, Tag] = {
    State.SEEN: Tag("done", N_("见过了")),
    State.COMING: Tag("done", N_("有人要来"), "calendar-check"),
    State.UNCONFIRMED: Tag("wait", N_("等站点确认")),
    State.LATE: Tag("wait", N_("有人要来，但会晚"), "calendar-x"),
    State.ASKED: Tag("wait", N_("请了人，等答复")),
    State.TIME: Tag("wait", N_("时间还够"), "clock"),
    State.DUE: Tag("need", N_("快到期，没人去")),
    State.OVERDUE: Tag("need", N_("已过期，没人去"), "x-circle-fill"),
}
COLOUR_NAMES: Mapping[Colour, str] = {
    Colour.RED: N_("红：没人去"),
    Colour.AMBER: N_("黄：还没定"),
    Colour.GREEN: N_("绿：见过或有人要来"),
}


def who(rule: RuleView) -> Words:
    """Return whom a rule promises: a holder of any of its credentials."""
    named = [PEOPLE[kind] for kind in rule.credentials_any]
    return Words(OR.zh.join(one.zh for one in named), OR.en.join(one.en for one in named))


def promised(rule: RuleView) -> Message:
    """Return a rule as a sentence."""
    return Message(PROMISES[rule.level, rule.rhythm.every], {"who": who(rule), "days": rule.rhythm.days or 0})


def sentence(rule: RuleView, places: str, red: str) -> Message:
    """Return the one sentence that the map opens with."""
    values = {"places": places, "red": red, "who": who(rule), "days": rule.rhythm.days or 0}
    return Message(SENTENCES[rule.level, rule.rhythm.every], values)
