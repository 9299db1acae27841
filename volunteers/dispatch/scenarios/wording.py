"""How a question and the people of an answer are called."""

from collections.abc import Mapping
from typing import Any, Protocol

from app.core.text import N_, Message, Words
from app.web.filters import WEEKDAYS
from volunteers.coverage.wording import PEOPLE
from volunteers.dispatch.scenarios.rules import NEWCOMER, Weight
from volunteers.dispatch.settings.tags import NAMES as SETTING_NAMES
from volunteers.people.credentials.rules import CredentialKind

PLURALS: Mapping[CredentialKind, str] = {
    CredentialKind.LAWYER: "lawyers",
    CredentialKind.LEGAL_WORKER: "legal workers",
    CredentialKind.MEDIATOR: "mediators",
    CredentialKind.NOTARY: "notaries",
    CredentialKind.APPRAISER: "appraisers",
    CredentialKind.RETIRED_JUDGE: "retired judges or prosecutors",
    CredentialKind.LAW_STUDENT: "law students",
    CredentialKind.LECTURER: "lecturers",
    CredentialKind.PSYCHOLOGIST: "psychologists",
}


PERCENT_WORDS: Mapping[int, Message] = {
    0: Message(N_("不算")),
    50: Message(N_("减半")),
    200: Message(N_("加倍")),
    300: Message(N_("算三倍")),
}


class Asked(Protocol):
    """What of a question is put into words."""

    @property
    def people(self) -> int: ...
    @property
    def credential(self) -> CredentialKind: ...
    @property
    def weekday(self) -> int | None: ...
    @property
    def radius_km(self) -> int: ...
    @property
    def weight(self) -> Weight | None: ...
    @property
    def percent(self) -> int: ...


def kind_of(credential: CredentialKind, people: int = 1) -> Words:
    """Return a kind of people without an article: 律师, lawyers."""
    words = PEOPLE[credential]
    single = words.en.removeprefix("an ").removeprefix("a ")
    return Words(words.zh, single if people == 1 else PLURALS[credential])


def named(words: Words) -> Message:
    """Return bare words as a text."""
    return Message("%(words)s", {"words": words})


def levers(asked: Asked) -> Message:
    """Return what is changed in a few words."""
    values = {
        "people": asked.people,
        "who": kind_of(asked.credential, asked.people),
        "day": Message(WEEKDAYS[asked.weekday] if asked.weekday is not None else N_("整周")),
        "km": asked.radius_km,
    }
    if asked.weight is not None:
        weighed = reweighed(asked.weight, asked.percent)
        if not asked.people and not asked.radius_km:
            return weighed
        return Message(N_("%(others)s；%(weighed)s"), {"others": _others(asked, values), "weighed": weighed})
    return _others(asked, values)


def reweighed(weight: Weight, percent: int) -> Message:
    """Return which burden counts how much more or less."""
    words = PERCENT_WORDS.get(percent, Message(N_("算 %(percent)s%%"), {"percent": percent}))
    return Message(N_("“%(weight)s”%(much)s"), {"weight": Message(SETTING_NAMES[weight.value]), "much": words})


def _others(asked: Asked, values: dict[str, Any]) -> Message:
    if not asked.people:
        return Message(N_("每人多走 %(km)s 公里"), values)
    if not asked.radius_km:
        return Message(N_("+%(people)s 名%(who)s，%(day)s"), values)
    return Message(N_("+%(people)s 名%(who)s，%(day)s；每人多走 %(km)s 公里"), values)


def newcomer(name: str, credential: CredentialKind) -> Message:
    """Return how somebody is called who does not exist yet."""
    return Message(N_("新增%(who)s %(number)s"), {"who": kind_of(credential), "number": name.removeprefix(NEWCOMER)})
