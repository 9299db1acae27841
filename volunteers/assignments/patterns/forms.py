"""What a station types to state a pattern."""

from datetime import date, time
from typing import Annotated, Literal

import msgspec

from volunteers.assignments.desk.forms import ShiftForm
from volunteers.assignments.patterns.rules import MINUTES_PER_DAY, Holidays, PatternDraft
from volunteers.assignments.rules import PositionDraft

Weekday = Literal["0", "1", "2", "3", "4", "5", "6"]


class PatternForm(ShiftForm, kw_only=True):
    """A pattern; its kinds of seats are rows of their own."""

    weekdays: list[Weekday] = []
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None = None
    holidays: Holidays = Holidays.SKIP
    exchanged_days: bool = False
    skipped_days: Annotated[str, msgspec.Meta(max_length=400, pattern=r"^[\d\s,，、;-]*$")] = ""
    weeks_ahead: Annotated[int, msgspec.Meta(ge=1, le=12)] = 4
    regulars_hours: Annotated[int, msgspec.Meta(ge=1, le=720)] | None = None
    follow: bool = True
    version: int = 0

    def draft(self, place_id: int, positions: tuple[PositionDraft, ...]) -> PatternDraft:
        """Return the same as the service takes it; an end before the start is one of the next day."""
        same = ("kind", "title_zh", "title_en", "compensation", "sign_up_mode", "insured", "valid_from", "valid_until")
        first, last = self.starts.hour * 60 + self.starts.minute, self.ends.hour * 60 + self.ends.minute
        return PatternDraft(
            **{
                name: getattr(self, name)
                for name in (*same, "holidays", "exchanged_days", "weeks_ahead", "regulars_hours")
            },
            **self.briefing(),
            place_id=place_id,
            station_id=self.station,
            weekdays=tuple(int(day) for day in self.weekdays),
            from_minute=first,
            minutes=(last - first) % MINUTES_PER_DAY,
            skipped_days=days_in(self.skipped_days),
            positions=positions,
        )

    @classmethod
    def of(cls, stated: PatternDraft, place: str, version: int) -> "PatternForm":
        """Return the form that would state such a pattern again."""
        last = stated.from_minute + stated.minutes
        names = set(cls.__struct_fields__) & set(PatternDraft.__slots__) - {"weekdays", "skipped_days"}
        weekdays: list[Weekday] = [str(day) for day in stated.weekdays]  # type: ignore[misc]
        return cls(
            **{name: getattr(stated, name) for name in names},
            station=stated.station_id,
            place=place,
            weekdays=weekdays,
            starts=time(stated.from_minute // 60, stated.from_minute % 60),
            ends=time(last // 60 % 24, last % 60),
            skipped_days=" ".join(day.isoformat() for day in stated.skipped_days),
            version=version,
        )


def days_in(text: str) -> tuple[date, ...]:
    """Return the days written in a text with any sign between them; what is no day is left out."""
    found = []
    for part in text.replace(",", " ").replace("，", " ").replace("、", " ").replace(";", " ").split():
        try:
            found.append(date.fromisoformat(part))
        except ValueError:
            continue
    return tuple(sorted(set(found)))


class GenerateForm(msgspec.Struct):
    """For how many weeks."""

    weeks: Annotated[int, msgspec.Meta(ge=1, le=12)] = 4
