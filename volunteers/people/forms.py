"""What a volunteer types: to join, to say when they are free, to name a bank account."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import msgspec

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from volunteers.assignments.rules import Kind
from volunteers.people.rules import Corps, Gender, Limits, Profile, Window, gender_of, merged

Line = Annotated[str, msgspec.Meta(max_length=60)]
IdCard = Annotated[str, msgspec.Meta(max_length=18)]


PARTS: Mapping[str, tuple[int, int]] = {"am": (480, 720), "pm": (720, 1080), "eve": (1080, 1320)}
PART_NAMES: Mapping[str, str] = {"am": N_("上午"), "pm": N_("下午"), "eve": N_("晚上")}


class JoinForm(msgspec.Struct):
    """The one screen that makes a volunteer; ``home`` is what was typed, ``home_code`` the place chosen from it."""

    name: Line
    id_card: IdCard
    home: Line
    corps: list[Corps] = []
    home_code: Annotated[str, msgspec.Meta(max_length=12)] = ""
    consent: bool = False

    def profile(self, home_code: str, notice: str) -> Profile:
        """Return the same as the service takes it; gender follows from the identity number."""
        number = self.id_card.strip().upper()
        if not self.consent:
            raise InvalidInput({"consent": Message(N_("加入前请阅读并同意个人信息处理告知。"))})
        return Profile(
            name=self.name,
            gender=gender_of(number) if re.fullmatch(r"\d{17}[\dX]", number) else Gender.F,
            corps=tuple(self.corps) or (Corps.VOLUNTEER,),
            home_place_code=home_code,
            privacy_notice=notice,
            id_card=number,
        )


class CorpsForm(msgspec.Struct):
    """What one is; several are fine."""

    corps: list[Corps]


class FreeTimesForm(msgspec.Struct):
    """When one is free: parts of weekdays, ticked."""

    slots: list[str] = []


class PreferencesForm(msgspec.Struct, kw_only=True):
    """What suits one, and how much of it."""

    languages: list[str] = msgspec.field(default_factory=lambda: ["putonghua"])
    skills: list[str] = []
    kinds: list[Kind] = []
    max_shifts_week: Annotated[int, msgspec.Meta(ge=1, le=21)]
    max_travel_km: Annotated[int, msgspec.Meta(ge=1, le=300)]
    max_hours_day: Annotated[int, msgspec.Meta(ge=1, le=24)]
    max_hours_week: Annotated[int, msgspec.Meta(ge=1, le=168)]

    def limits(self) -> Limits:
        """Return the limits in minutes and metres."""
        return Limits(
            self.max_hours_day * 60, self.max_hours_week * 60, self.max_shifts_week, self.max_travel_km * 1000
        )


class SecondScreenForm(PreferencesForm, kw_only=True):
    """Both, when joining."""

    slots: list[str] = []


FIRST_LIMITS = {"max_shifts_week": 4, "max_travel_km": 30, "max_hours_day": 8, "max_hours_week": 16}
"""What the second screen begins with: the same as ``Limits()``."""


def windows_of(slots: Iterable[str]) -> list[Window]:
    """Return the weekly windows of ticked parts; what nobody could tick is refused."""
    windows = []
    for slot in slots:
        weekday, _, part = slot.partition("-")
        if weekday not in tuple("0123456") or part not in PARTS:
            raise InvalidInput({"slots": Message(N_("请勾选空闲的时段。"))})
        windows.append(Window(int(weekday), *PARTS[part]))
    return merged(windows)


def slots_of(windows: Sequence[Window]) -> list[str]:
    """Return the parts of weekdays that lie wholly within the windows."""
    return [
        f"{weekday}-{part}"
        for weekday in range(7)
        for part, (first, last) in PARTS.items()
        if any(w.weekday == weekday and w.from_minute <= first and last <= w.to_minute for w in windows)
    ]


class BankForm(msgspec.Struct):
    """Where subsidies go."""

    bank_name: Line
    bank_account: Annotated[str, msgspec.Meta(max_length=30)]


class RecusalForm(msgspec.Struct):
    """The code of a party one has a tie to."""

    party: Line
